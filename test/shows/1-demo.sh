#!/usr/bin/env bash
# `feierabend demo`: exit 0 in under 60 s, valid documents, proof of erasure in
# numbers; the same check fails when built with the tag noscrub.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL $*"; exit 1; }
[ -x "$FEIERABEND_BIN" ] || build_binary || fail "build"

t0=$(date +%s%N)
"$FEIERABEND_BIN" demo --out "$work/out" --json > "$work/demo.json" 2> "$work/err" || { cat "$work/demo.json" "$work/err"; fail "demo exit $?"; }
ms=$((($(date +%s%N) - t0) / 1000000))
cat "$work/demo.json"
[ $ms -lt 60000 ] || fail "demo took $ms ms"
proof='
import json,sys
last=json.loads(open(sys.argv[1]).read().strip().splitlines()[-1])
b,a=last["before"],last["after"]
assert b["key"]>0 and b["cipher"]>0 and b["plain"]==0, b
assert a["key"]==0 and a["cipher"]==0 and a["plain"]==0, a
assert last["verified"] is True
print("before",b,"after",a)'
python3 -c "$proof" "$work/demo.json" || fail "proof"
ls "$work/out"/*.pdf "$work/out"/*.xml > /dev/null || fail "no documents"
tools/referee/run "$work/out" --strict || fail "referee"

CGO_ENABLED=0 go build -tags noscrub -o "$work/noscrub" ./cmd/feierabend || fail "build noscrub"
if "$work/noscrub" demo --out "$work/out2" --json > "$work/noscrub.json" 2> "$work/err"; then
  fail "built with noscrub the demo still claims an erasure"
fi
python3 -c "$proof" "$work/noscrub.json" 2> /dev/null && fail "built with noscrub the search found nothing"
tail -1 "$work/noscrub.json"
echo "ok demo in $ms ms, documents valid, erasure verified; noscrub fails as it must"
