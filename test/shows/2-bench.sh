#!/usr/bin/env bash
# The figures of storage, the short way: what must hold on a busy machine too.
set -uo pipefail
cd "$(dirname "$0")/../.."
BENCH=quick timeout 240 test/bench.sh || { echo "FAIL bench"; exit 1; }
rows=$(grep -c '^{"name"' out/bench.jsonl)
echo "ok $rows figures; $(sed -n 's/^goals: //p' out/bench.txt) (those that need a quiet machine are only printed)"
