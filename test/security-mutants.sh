#!/usr/bin/env bash
# Security mutants (T-10): each test/mutants/*.patch breaks one control, and its second line names the package and the
# test that must notice, with flags of go test after it. `check` says whether every patch still applies; `run [NAME…]` applies each to a copy of the
# tree and demands that its test fails, after all those tests have passed without any patch.
# MUTANT_RUN may name a command that runs each test, such as nice.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
verb=${1:-run}
shift || true
work=$(mktemp -d "${TMPDIR:-/tmp}/feierabend-mutants.XXXXXX")
trap 'rm -rf "$work"' EXIT
git ls-files -co --exclude-standard -z | tar --null -T - --ignore-failed-read -c 2> /dev/null | tar -x -C "$work"
patches=$(pwd)/test/mutants
names=("$@")
[ ${#names[@]} -gt 0 ] || for p in "$patches"/*.patch; do names+=("$(basename "$p" .patch)"); done
cd "$work" && git init -q . || exit 1

failed=0 count=0
for n in "${names[@]}"; do
  if git apply -C0 --check "$patches/$n.patch" 2> /dev/null && sed -n 2p "$patches/$n.patch" | grep -qE '^# \.(/[a-z/]+)? Test'; then
    count=$((count + 1))
  else
    echo "mutants: $n does not apply any more, or names no test: write it anew, for the control must still be there"
    failed=1
  fi
done
[ "$verb" = check ] && { [ $failed = 0 ] && echo "$count"; exit $failed; }
[ $failed = 0 ] || exit 1

# All named tests are green without a patch: else any patch would look killed.
start=$SECONDS
for n in "${names[@]}"; do sed -n '2s/^# //p' "$patches/$n.patch"; done | sort -u > plan
while read -r pkg tests flags; do
  ${MUTANT_RUN:-} go test $flags "$pkg" -run "^${tests//|/|^}" > out.txt 2>&1 < /dev/null || { echo "mutants: $pkg $tests fails without any mutant"; tail -20 out.txt; exit 1; }
  grep -q 'no tests to run' out.txt && { echo "mutants: $pkg has no test $tests"; exit 1; }
done < plan
killed=0
for n in "${names[@]}"; do
  read -r _ pkg tests flags < <(sed -n 2p "$patches/$n.patch")
  git apply -C0 "$patches/$n.patch" 2> /dev/null || exit 1
  if ${MUTANT_RUN:-} timeout 300 go test $flags "$pkg" -run "^${tests//|/|^}" > out.txt 2>&1 < /dev/null; then
    echo "survived: $n ($(sed -n '1s/^# //p' "$patches/$n.patch") $pkg $tests)"
    failed=1
  elif grep -qE '\[(build|setup) failed\]' out.txt || ! grep -qE '^ *--- FAIL|^panic:|^fatal error:' out.txt; then
    echo "mutants: $n did not run"; tail -5 out.txt
    failed=1
  else
    killed=$((killed + 1))
  fi
  git apply -R -C0 "$patches/$n.patch" 2> /dev/null || exit 1
done
echo "mutants: $killed of ${#names[@]} killed in $((SECONDS - start)) s"
exit $failed
