#!/usr/bin/env bash
# The master key is replaced while notes come in, on SQLite and PostgreSQL: afterwards
# no file holds a row that the old one wrapped, it opens nothing, every note has its draft.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
work=$(mktemp -d)
export FEIERABEND_PG_NOTE=$work/pg # a cluster of its own: every file of it is searched
trap 'test/pg.sh stop > /dev/null 2>&1; rm -rf "$work"' EXIT
begin=$SECONDS
test/pg.sh start || { echo "FAIL PostgreSQL"; exit 1; }
FEIERABEND_TEST_PG=$(test/pg.sh dsn) && export FEIERABEND_TEST_PG
for engine in sqlite postgres; do
  go run ./test/drive rotate "$FEIERABEND_BIN" $engine || { echo "FAIL rotation on $engine"; exit 1; }
done
echo "ok master key replaced under load on both databases, 0 old rows left, $((SECONDS - begin)) s"
