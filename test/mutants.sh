#!/usr/bin/env bash
# The kill driver (T-01) against binaries that break a promise each: it must say so. A
# mutant is built with an overlay, so that no source changes; a place that no longer
# fits is an error. Not part of make test, since each mutant is a build of its own.
# Result and figures: docs/test-ledger.md. One alone: test/mutants.sh NAME.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -o "$work/drive" ./test/drive || exit 1
failed=0

# mutant NAME VIOLATION FILE OLD NEW: builds it and lets the driver find it within some
# rounds; only the violation that it is about counts.
mutant() {
  local name=$1 violation=$2 t0=$SECONDS round
  shift
  [ -z "${only:-}" ] || [ "$only" = "$name" ] || return 0
  python3 - "$work" "$2" "$3" "$4" << 'PY' || { echo "FAIL $name: the place in $2 is not there any more"; failed=1; return; }
import json, os, sys
work, path, old, new = sys.argv[1:]
text = open(path).read()
if text.count(old) != 1:
    sys.exit(1)
text = text.replace(old, new)
for name in "context", "time":  # what the change may need
    if name + "." in new and '\t"%s"\n' % name not in text:
        text = text.replace("import (\n", 'import (\n\t"%s"\n' % name, 1)
open(work + "/mutant.go", "w").write(text)
json.dump({"Replace": {os.path.abspath(path): work + "/mutant.go"}}, open(work + "/overlay.json", "w"))
PY
  CGO_ENABLED=0 go build -overlay "$work/overlay.json" -o "$work/feierabend" ./cmd/feierabend || { echo "FAIL $name does not build"; failed=1; return; }
  for round in 1 2 3 4; do
    if ! DRIVE_REST=40s "$work/drive" kill "$work/feierabend" sqlite 6 > "$work/said.txt" 2>&1 && grep -m1 '^drive:' "$work/said.txt" | grep -qE "$violation"; then
      printf 'red in round %d, %d s: %s: %s\n' $round $((SECONDS - t0)) "$name" "$(grep -m1 '^drive:' "$work/said.txt" | cut -c1-150)"
      return
    fi
  done
  echo "FAIL $name was not noticed in 4 rounds of 6 kills, $((SECONDS - t0)) s"
  failed=1
}

only=${1:-}
mutant acknowledged-before-stored "without an answer|not accepted" internal/web/webhook.go \
  'if outcomes, err = s.Accept.Receive(r.Context(), in); err != nil {' \
  'go func() { <-time.After(300 * time.Millisecond); s.Accept.Receive(context.WithoutCancel(r.Context()), in) }()
		if err != nil {'
mutant job-outside-the-transaction "messages under way" internal/store/accept.go \
  'return a.t.conclude(ctx, steps, a.jobs)' \
  'jobs := a.jobs
	go func() { <-time.After(300 * time.Millisecond); a.s.Enqueue(context.WithoutCancel(ctx), jobs...) }()
	return a.t.conclude(ctx, steps, nil)'
mutant key-stays-after-erasure "keys too many" internal/store/case.go \
  't.exec(ctx, `DELETE FROM content_key WHERE id = $1`, c.keyID)' 't.exec(ctx, `DELETE FROM content_key WHERE id = $1`, -c.keyID)'
[ $failed = 0 ] && echo "ok every mutant was noticed"
exit $failed
