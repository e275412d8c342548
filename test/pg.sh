#!/usr/bin/env bash
# A throw-away PostgreSQL for the tests: pg.sh start|stop|down|up|dsn|bin|memory.
#   start  starts a cluster in a temporary folder (again is no error)
#   dsn    prints its address for FEIERABEND_TEST_PG
#   bin    prints the folder of the programs
#   down   stops it at once, as a power cut would, and keeps the folder; up starts it again
#   stop   stops it and removes the folder
#   memory prints how many kB are free in the file system in memory
# initdb refuses root, so root runs it as user postgres. It listens on a unix socket
# only; its log lies beside the data folder, as on a disk of its own, so that what
# searches files has to follow the link. It is without fsync and in memory where there is room (tests make a database
# each; FEIERABEND_PG_FSYNC=on, on disk, for figures). The programs are those of PG_BIN or Debian's; as root, Debian's package is
# installed where it is missing (without the cluster it would make).
set -euo pipefail
note=${FEIERABEND_PG_NOTE:-${TMPDIR:-/tmp}/feierabend-pg.$(id -u).$(cd "$(dirname "$0")" && pwd | cksum | cut -d' ' -f1)}

find_bin() {
  local dir
  for dir in ${PG_BIN:-} $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then echo "$dir"; return; fi
  done
  dir=$(command -v initdb || true)
  [ -n "$dir" ] && dirname "$(readlink -f "$dir")"
}

bin() {
  local dir
  dir=$(find_bin || true)
  if [ -z "$dir" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
      echo "PostgreSQL (>= 15) fehlt: Paket postgresql installieren oder PG_BIN auf den Ordner mit initdb setzen." >&2
      return 1
    fi
    {
      apt-get update
      mkdir -p /etc/postgresql-common/createcluster.d
      echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/feierabend.conf
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql
    } >&2
    dir=$(find_bin)
  fi
  echo "$dir"
}

as_postgres() { # initdb and pg_ctl refuse root
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

user() { if [ "$(id -u)" = 0 ]; then echo postgres; else id -un; fi; }

# place: the folder for the cluster. As root not below TMPDIR: user postgres must get
# into it, and a socket's path is short.
place() {
  if [ "${FEIERABEND_PG_FSYNC:-off}" = off ] && [ "$(memory_free)" -gt 4000000 ]; then echo /dev/shm
  elif [ "$(id -u)" = 0 ]; then echo /tmp
  else echo "${TMPDIR:-/tmp}"; fi
}

# memory_free: kB free in the file system in memory; 0 where there is none.
memory_free() { if [ -w /dev/shm ]; then df -kP /dev/shm | awk 'NR == 2 { print $4 }'; else echo 0; fi; }

start() {
  local dir pg
  if [ -s "$note" ] && as_postgres "$(bin)/pg_ctl" -D "$(cat "$note")/data" status > /dev/null 2>&1; then return; fi
  pg=$(bin)
  dir=$(mktemp -d "$(place)/feierabend-pg.XXXXXX")
  chmod 0755 "$dir"
  if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
  (
    cd "$dir"
    as_postgres "$pg/initdb" -D "$dir/data" -A trust -U "$(user)" -E UTF8 --no-locale --no-sync --waldir="$dir/wal" > "$dir/initdb.log"
    # wal_recycle=off: a recycled segment keeps erased keys (storage.md §5.3). The
    # log holds no values (log_error_verbosity) and no statements.
    as_postgres "$pg/pg_ctl" -D "$dir/data" -w -l "$dir/data/server.log" -o "-c listen_addresses='' -c unix_socket_directories=$dir \
      -c fsync=${FEIERABEND_PG_FSYNC:-off} -c wal_recycle=off -c wal_level=replica -c archive_mode=off -c log_error_verbosity=terse -c log_statement=none -c log_min_error_statement=panic \
      -c max_connections=300 -c shared_buffers=64MB ${FEIERABEND_PG_OPTIONS:-}" start > "$dir/start.log"
  ) || { cat "$dir"/*.log "$dir/data/server.log" >&2 2> /dev/null || true; return 1; }
  echo "$dir" > "$note"
}

dsn() { echo "postgres://$(user)@/postgres?host=$(cat "$note")&sslmode=disable"; }

down() { (cd / && as_postgres "$(bin)/pg_ctl" -D "$(cat "$note")/data" -w -m immediate stop > /dev/null); }

# postmaster.opts holds the command line of the last start.
up() {
  local data
  data=$(cat "$note")/data
  (cd / && as_postgres sh -c "$(cat "$data/postmaster.opts") >> $data/server.log 2>&1 &")
}

stop() {
  local dir
  if [ ! -s "$note" ]; then return; fi
  dir=$(cat "$note")
  (cd / && as_postgres "$(bin)/pg_ctl" -D "$dir/data" -m immediate stop > /dev/null) || true
  rm -rf "$dir" "$note"
}

case ${1:-} in
  start | stop | down | up | dsn | bin) "$1" ;;
  memory) memory_free ;;
  *) echo "usage: pg.sh start|stop|down|up|dsn|bin|memory" >&2; exit 2 ;;
esac
