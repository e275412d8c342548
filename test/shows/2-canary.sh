#!/usr/bin/env bash
# 300 marked cases through the whole story on SQLite and on PostgreSQL (a cluster of
# its own), erased in all four ways; then every byte of data folder, log, temporary
# files, what was said, and the whole cluster is searched: 0 of 300. Built without
# scrub the same search finds them.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
cases=${CASES:-300} unscrubbed=${UNSCRUBBED:-60}
# In memory where there is a file system for that: nobody cuts the power here.
work=$(mktemp -d -p /dev/shm 2> /dev/null || mktemp -d)
export TMPDIR=$work
export FEIERABEND_PG_NOTE=$work/pg
trap 'test/pg.sh stop > /dev/null 2>&1; rm -rf "$work"' EXIT
fail() { echo "FAIL $*"; exit 1; }
begin=$SECONDS
CGO_ENABLED=0 go test -c -o "$work/canary" ./cmd/feierabend || fail "build"
CGO_ENABLED=0 go test -c -tags noscrub -o "$work/noscrub" ./cmd/feierabend || fail "build without scrub"

# side BINARY CASES ENGINE: one engine, with temporary files of its own.
side() {
  local tmp=$work/tmp-$3
  mkdir -p "$tmp" && (cd cmd/feierabend && TMPDIR=$tmp "$1" -test.run "^TestCanaryHerd\$/^$3\$" -test.v -test.timeout 30m -canary.cases "$2" -canary.cluster) > "$work/out-$3" 2>&1
}

# herd BINARY CASES: on both engines side by side (each waits for its own scrubs
# most of the time), PostgreSQL in a cluster that nobody else uses.
herd() {
  test/pg.sh start || fail "PostgreSQL"
  FEIERABEND_TEST_PG=$(test/pg.sh dsn)
  export FEIERABEND_TEST_PG
  side "$1" "$2" sqlite &
  local other=$! code=0
  side "$1" "$2" postgres || code=1
  wait $other || code=1
  test/pg.sh stop
  cat "$work/out-sqlite" "$work/out-postgres" > "$work/out"
  grep -E 'canary|FAIL|panic|_test.go' "$work/out" | sed -E 's/^ *[a-z_]+_test.go:[0-9]+: //'
  return $code
}

herd "$work/canary" "$cases" || fail "canary of $cases cases"
for engine in sqlite postgres; do
  grep -q "canary $engine after: plain 0 of $cases, key 0 of $cases, cipher 0 of $cases, joined keys 0 hits" "$work/out" || fail "$engine was not searched"
  grep -q "canary $engine: entries of address books: $cases keys and $cases sealed values found before, 0 and 0 after" "$work/out" || fail "$engine: entries of address books"
  grep -q "canary $engine before: plain 0 of $cases, key $cases of $cases, cipher $cases of $cases" "$work/out" || fail "$engine: the search proves nothing"
done
echo "-- without scrub"
herd "$work/noscrub" "$unscrubbed" || fail "without scrub"
for engine in sqlite postgres; do
  grep "canary $engine after: plain 0 of" "$work/out" | grep -qvE 'key 0 of|cipher 0 of' || fail "$engine: nothing left without scrub"
done
echo "ok $cases cases on SQLite and PostgreSQL: 0 left; without scrub they are found; $((SECONDS - begin)) s"
