#!/usr/bin/env bash
# The static part of CI: formatting, vet, staticcheck, file sizes, forbidden words.
set -uo pipefail
cd "$(dirname "$0")/.."
export GOTOOLCHAIN=${GOTOOLCHAIN:-local}
failed=0
say() { echo "check: $*"; failed=1; }

files=$(git ls-files -co --exclude-standard '*.go' | grep -v '^test/speech/proof/')
unformatted=$(cd tools/lint && go tool gofumpt -l $(printf "../../%s " $files))
[ -z "$unformatted" ] || say "not gofumpt-formatted:" $unformatted
go vet ./... || say "go vet"
go vet -tags noscrub ./internal/store/... || say "go vet -tags noscrub"
go vet -tags shiftclock ./cmd/feierabend || say "go vet -tags shiftclock"
GOARCH=arm64 go vet ./internal/whisper/... || say "go vet for arm64"
CGO_ENABLED=0 GOARCH=arm64 go build -o /dev/null ./cmd/feierabend || say "build for arm64"
(cd tools/lint && go build -o ../../bin/staticcheck honnef.co/go/tools/cmd/staticcheck) && bin/staticcheck ./... || say "staticcheck"

for f in $files; do
  n=$(wc -l < "$f")
  case $f in *_test.go | */testdata/*) continue ;; esac
  [ "$n" -le 500 ] || say "$f has $n lines: split at 500"
done
open=$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b|t\.Skip\(' $files | head)
[ -z "$open" ] || say "left open or skipped:
$open"
mkdir -p out/ci
test/security-mutants.sh check > out/ci/mutants.txt || say "$(cat out/ci/mutants.txt)"
exit $failed
