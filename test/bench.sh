#!/usr/bin/env bash
# Measures the figures of storage (docs/bench.md) on the disk that TMPDIR lies on:
#   test/bench.sh          all rows, unattended, about ten minutes
#   BENCH=quick            a minute: fails on what holds on a busy machine too
#   STRICT=1               fails where a goal is not met
#   BENCH_DIR=folder       databases there, on the disk to measure
# Writes out/bench.jsonl (one JSON object a line) and out/bench.txt.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
command -v strace > /dev/null || { [ "$(id -u)" = 0 ] && apt-get install -y --no-install-recommends strace > /dev/null; } || { echo "strace fehlt: Paket strace installieren." >&2; exit 1; }
[ -x "$FEIERABEND_BIN" ] || build_binary || exit 1
mkdir -p out bin
go build -o bin/bench ./test/bench || exit 1

# A cluster of its own: with fsync, unlike that of the tests.
FEIERABEND_PG_NOTE=$(mktemp -u "${TMPDIR:-/tmp}/feierabend-bench-pg.XXXXXX")
export FEIERABEND_PG_NOTE
trap 'test/pg.sh stop' EXIT
FEIERABEND_PG_FSYNC=on test/pg.sh start || exit 1

flags=(-bin "$FEIERABEND_BIN" -pg "$(test/pg.sh dsn)" -pg-data "$(cat "$FEIERABEND_PG_NOTE")/data" -out out/bench.jsonl)
[ "${BENCH:-}" = quick ] && flags+=(-quick)
[ "${STRICT:-}" = 1 ] && flags+=(-strict)
[ -n "${BENCH_DIR:-}" ] && flags+=(-dir "$BENCH_DIR")
bin/bench run "${flags[@]}" ${BENCH_ONLY:+-only "$BENCH_ONLY"} | tee out/bench.txt
exit "${PIPESTATUS[0]}"
