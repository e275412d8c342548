#!/usr/bin/env bash
# kill -9 at 20 random moments of the story on SQLite: each acknowledged note ends in a
# draft, none twice. 2-kill does the same and more; `make test` runs that one.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
cycles=${CYCLES:-20}
voices=0
"$FEIERABEND_BIN" model path > /dev/null 2>&1 && voices=3
go run ./test/drive kill "$FEIERABEND_BIN" sqlite "$cycles" "$voices" || { echo "FAIL kill loop"; exit 1; }
echo "ok $cycles kills, nothing lost, nothing twice"
