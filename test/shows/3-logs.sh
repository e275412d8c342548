#!/usr/bin/env bash
# The real binary with marked names, numbers, mails, words, tokens, keys and headers, ended with all its stacks: no mark in
# its logs, figures, job rows, stacks or temporary files; a planted leak is found in each place (LOG-05).
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
out=$(go run ./test/drive logs "$FEIERABEND_BIN") || { echo "FAIL logs"; exit 1; }
echo "ok ${out#logs: }"
