#!/usr/bin/env bash
# Three worker and two web processes on one PostgreSQL (with fsync), one killed each second for a minute
# at 200 signed messages a second; then up to three minutes to settle: nothing lost, nothing twice.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
note=$(mktemp -u "${TMPDIR:-/tmp}/feierabend-fleet.XXXXXX")
pg() { FEIERABEND_PG_NOTE=$note FEIERABEND_PG_FSYNC=on test/pg.sh "$@"; }
trap 'pg stop' EXIT
pg start || { echo "FAIL PostgreSQL"; exit 1; }
mkdir -p out/ci
dsn=$(pg dsn)
# The service refuses settings that it does not know; those of the test cluster are not its own.
unset FEIERABEND_PG_NOTE FEIERABEND_PG_FSYNC FEIERABEND_PG_OPTIONS
go run ./test/drive fleet "$FEIERABEND_BIN" "$dsn" | tee out/ci/fleet.txt
[ "${PIPESTATUS[0]}" -eq 0 ] || { echo "FAIL fleet"; exit 1; }
echo "ok $(sed -n 's/^fleet: \(.*messages sent.*\)/\1/p' out/ci/fleet.txt); $(sed -n 's/^fleet: \(settled.*\)/\1/p' out/ci/fleet.txt); $(sed -n 's/^fleet: \(.*drafts.*\)/\1/p' out/ci/fleet.txt)"
