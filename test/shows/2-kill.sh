#!/usr/bin/env bash
# T-01: kill -9 at 60 random moments of the whole story, on SQLite and on PostgreSQL:
# nothing acknowledged lost, nothing doubled or told twice, nothing erased back again,
# every erasure proved. CYCLES=n changes the number for each database.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
cycles=${CYCLES:-30}
mkdir -p out/ci
drive=$(mktemp -d)
trap 'rm -rf "$drive"' EXIT
CGO_ENABLED=0 go build -o "$drive/drive" ./test/drive || { echo "FAIL build driver"; exit 1; }
own_postgres=
if [ -z "${FEIERABEND_TEST_PG:-}" ]; then own_postgres=1; start_postgres || { echo "FAIL PostgreSQL"; exit 1; }; fi
# Both at once: most of the time is waiting. Three notes are really spoken where the model is.
voices=0
"$FEIERABEND_BIN" model path > /dev/null 2>&1 && voices=3
"$drive/drive" kill "$FEIERABEND_BIN" sqlite "$cycles" "$voices" > "$drive/sqlite.txt" 2>&1 & a=$!
"$drive/drive" kill "$FEIERABEND_BIN" postgres "$cycles" > "$drive/postgres.txt" 2>&1 & b=$!
wait $a; one=$?
wait $b; two=$?
[ -n "$own_postgres" ] && stop_postgres
cat "$drive/sqlite.txt" "$drive/postgres.txt"
if [ $one -ne 0 ] || [ $two -ne 0 ]; then echo "FAIL kill loop"; exit 1; fi
echo $((2 * cycles)) > out/ci/crash.txt
echo "ok $((2 * cycles)) kills on two databases: nothing lost, doubled, told twice or back again"
