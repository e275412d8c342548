#!/usr/bin/env bash
# T-05: virtual weeks of three firms over the real handlers, each decided by its seed:
# 200 of them, with faults of providers, database, disk, clock, deliveries, and crashes.
# WEEKS=n changes the number, FROM=n the first seed.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
weeks=${WEEKS:-200}
mkdir -p out/ci
go test ./cmd/feierabend -run '^TestWeek$' -count=1 -timeout 60m -weeks "$weeks" -from "${FROM:-1}" -v > out/ci/weeks.log 2>&1
verdict=$?
grep -E '^weeks: ' out/ci/weeks.log
if [ $verdict -ne 0 ]; then
  grep -E 'week_.*_?test.go|^panic|again:' out/ci/weeks.log | head -20
  echo "FAIL a week broke a promise"
  exit 1
fi
sed -n 's/^weeks: seeds=\([0-9]*\).*/\1/p' out/ci/weeks.log > out/ci/seeds.txt
echo "ok $(cat out/ci/seeds.txt) weeks, no promise broken"
