#!/usr/bin/env bash
# Bad input and hard ends: each has its own German answer or state, no 5xx, nothing
# lost; a service that cannot start says in one sentence what to do.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
go run ./test/drive faults "$FEIERABEND_BIN" || { echo "FAIL bad input"; exit 1; }
test/hardends.sh || { echo "FAIL hard ends"; exit 1; }
echo "ok bad input and hard ends"
