#!/usr/bin/env bash
# Bad input of part 2 with the real binary: a clock forty days ahead amid the work and
# at start, one in 1970 amid the work and at start, on SQLite and on PostgreSQL. Nothing
# is erased that is not due, nothing over-age is read, health, doctor, page and log say
# it in clear words, and it goes on by itself or by doctor --accept-clock. The binary is
# built with the tag shiftclock, which is never shipped: its clock is a file's.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
mkdir -p out/ci
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -tags shiftclock -o "$work/feierabend" ./cmd/feierabend || { echo "FAIL build shiftclock"; exit 1; }
CGO_ENABLED=0 go build -o "$work/drive" ./test/drive || { echo "FAIL build driver"; exit 1; }
own_postgres=
if [ -z "${FEIERABEND_TEST_PG:-}" ]; then own_postgres=1; start_postgres || { echo "FAIL PostgreSQL"; exit 1; }; fi
failed=0
for engine in sqlite postgres; do
  "$work/drive" clock "$work/feierabend" $engine || failed=1
done
[ -n "$own_postgres" ] && stop_postgres
[ $failed = 0 ] || { echo "FAIL clock"; exit 1; }
echo "ok clock 40 days ahead and in 1970, amid and at start, on two databases: 0 erased before it was due, 0 over-age read"
