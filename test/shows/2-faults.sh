#!/usr/bin/env bash
# Faults of the database with the real binary: PostgreSQL away at start and in the
# middle, its connections killed, read-only, its disk full; SQLite's disk full, its log
# torn, its file damaged, other keys. Each has its answer or sentence, nothing that was
# acknowledged is lost, and it goes on by itself. Root: the disks are small tmpfs.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
work=$(mktemp -d /tmp/feierabend-faults.XXXXXX)
export FEIERABEND_PG_NOTE=$work/note
cleanup() {
  test/pg.sh stop
  umount "$work/pg" "$work/small" 2> /dev/null
  rm -rf "$work"
}
trap cleanup EXIT
chmod 0755 "$work" && mkdir "$work/pg" "$work/small"
if ! mount -t tmpfs -o size=32m none "$work/pg" || ! mount -t tmpfs -o size=16m none "$work/small"; then echo "FAIL no small file system (root needed)"; exit 1; fi
chown postgres "$work/pg" && chmod 0700 "$work/pg"
CGO_ENABLED=0 go build -o "$work/drive" ./test/drive || { echo "FAIL build driver"; exit 1; }
test/pg.sh start || { echo "FAIL PostgreSQL"; exit 1; } # its own: it is stopped in between
FEIERABEND_TEST_PG=$(test/pg.sh dsn) DRIVE_SMALL_PG=$work/pg "$work/drive" outage "$FEIERABEND_BIN" || { echo "FAIL faults of PostgreSQL"; exit 1; }
"$work/drive" disk "$FEIERABEND_BIN" "$work/small" || { echo "FAIL faults of SQLite"; exit 1; }
echo "ok faults of both databases: a sentence or 503 each, nothing lost, each went on by itself"
