#!/usr/bin/env bash
# The same webhook 50 times in parallel makes one draft.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
go run ./test/drive webhook "$FEIERABEND_BIN" && echo "ok one draft" || { echo "FAIL same webhook"; exit 1; }
