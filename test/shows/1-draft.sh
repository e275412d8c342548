#!/usr/bin/env bash
# `feierabend draft` on the dictation corpus, its permutations and our own cases.
set -uo pipefail
cd "$(dirname "$0")/../.."
test/eval/run.sh && echo "ok dictation corpus" || { echo "FAIL dictation corpus"; exit 1; }
