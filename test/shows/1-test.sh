#!/usr/bin/env bash
# Fresh clone, `make test`: passes with nothing but the clone; its last two lines
# say on what and how many.
set -uo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/clone" || { echo "FAIL clone"; exit 1; }
(cd "$work/clone" && env -u FEIERABEND_BIN -u FEIERABEND_TEST_PG -u FEIERABEND_TEST_MODEL make test) > "$work/log" 2>&1 || { tail -40 "$work/log"; echo "FAIL make test"; exit 1; }
tail -2 "$work/log"
tail -1 "$work/log" | grep -qE '^tests: [0-9]+ passed, 0 failed, 0 skipped$' || { echo "FAIL last line"; exit 1; }
tail -2 "$work/log" | head -1 | grep -q '^on: SQLite, postgres' || { echo "FAIL line before the last"; exit 1; }
echo "ok make test on a fresh clone"
