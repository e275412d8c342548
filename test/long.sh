#!/usr/bin/env bash
# make test-long: the long tiers. Each part that is run adds a line to docs/test-ledger.md,
# so that the sums there grow; one part alone: test/long.sh kill|weeks|faults|fuzz.
# A part takes its amount from the environment and can be run in pieces:
#   KILLS=2000   cycles of kill -9, half on each database, in rounds of 100   (T-01)
#   WEEKS=10000  seeds of the simulation, from FROM on, in rounds of 500      (T-05)
#   FUZZ=600     seconds for each fuzz target                                 (T-08)
# faults (T-02, T-03, T-04) runs the tests that know FEIERABEND_LONG with it; FAULTS=REGEXP
# runs some of them, and LEDGER=FILE notes them elsewhere, for trying this script.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
mkdir -p out/long
ledger=${LEDGER:-docs/test-ledger.md}
failed=0

# note TIER AMOUNT UNIT VIOLATIONS SECONDS REMARK
note() {
  printf '| %s | %s | %s | %s %s | %s | %d | %s |\n' "$(date -u +%F)" "$(git rev-parse --short HEAD 2> /dev/null || echo '?')" \
    "$1" "$2" "$3" "$4" $((($5 + 59) / 60)) "$(machine)${6:+, $6}" >> "$ledger"
  [ "$4" = 0 ] || failed=1
}

machine() { echo "$(nproc) cores, $(awk '/MemTotal/{printf "%d GB", $2 / 1048576}' /proc/meminfo)"; }

long_kill() {
  local each=$((${KILLS:-2000} / 2)) engine done bad t0 n
  CGO_ENABLED=0 go build -o out/long/drive ./test/drive || { failed=1; return; }
  for engine in sqlite postgres; do
    done=0 bad=0 t0=$SECONDS
    while [ $done -lt $each ]; do
      n=$((each - done < 100 ? each - done : 100))
      out/long/drive kill "$FEIERABEND_BIN" $engine $n > out/long/kill.txt 2>&1 || { bad=$((bad + 1)); cat out/long/kill.txt; }
      done=$((done + n))
    done
    note T-01 $done "kills, $engine" $bad $((SECONDS - t0))
  done
}

long_weeks() {
  local total=${WEEKS:-10000} from=${FROM:-100001} done=0 bad=0 t0=$SECONDS n
  go test -c -o out/long/weeks.test ./cmd/feierabend || { failed=1; return; }
  while [ $done -lt "$total" ]; do
    n=$((total - done < 500 ? total - done : 500))
    (cd cmd/feierabend && ../../out/long/weeks.test -test.run '^TestWeek$' -test.timeout 2h -weeks $n -from $((from + done))) > out/long/weeks.txt 2>&1 ||
      { bad=$((bad + $(grep -c 'again: go test' out/long/weeks.txt))); [ $bad -gt 0 ] || bad=1; grep -E 'week_test.go|^panic' out/long/weeks.txt; }
    done=$((done + n))
  done
  note T-05 $done "weeks" $bad $((SECONDS - t0)) "seeds $from-$((from + done - 1))"
}

# The tests that know FEIERABEND_LONG: failpoints, full disks, power loss (T-02, T-03,
# T-04), package by package, as in survival_tests. Amount: the cases that they count in
# "long: N"; a package that counts none has proved nothing.
long_faults() {
  local dir t0 bad n
  for dir in $(grep -rl --include='*_test.go' FEIERABEND_LONG cmd internal test 2> /dev/null | xargs -r -n1 dirname | sort -u); do
    t0=$SECONDS bad=0
    FEIERABEND_LONG=1 go test "./$dir" -count=1 -timeout 3h -v -run "${FAULTS:-^(TestGates|TestPowerLoss)\$}" > out/long/go.txt 2>&1 || { bad=1; tail -40 out/long/go.txt; }
    n=$(sed -n 's/.*long: \([0-9]*\).*/\1/p' out/long/go.txt | awk '{s += $1} END {print s + 0}')
    [ "$n" -gt 0 ] || bad=1
    note "T-02, T-03, T-04" "$n" "cases, $dir" $bad $((SECONDS - t0))
  done
}

long_fuzz() {
  local t0=$SECONDS bad=0 n=0 file name
  while IFS=: read -r file name; do
    n=$((n + 1))
    go test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZ:-600}s" > out/long/fuzz.txt 2>&1 || { bad=$((bad + 1)); tail -20 out/long/fuzz.txt; }
  done < <(fuzz_list)
  note T-08 $((n * ${FUZZ:-600})) "seconds of fuzzing, $n targets" $bad $((SECONDS - t0))
}

parts=${*:-kill weeks faults fuzz}
[ -x "$FEIERABEND_BIN" ] || build_binary || exit 1
own_postgres=
if [ -z "${FEIERABEND_TEST_PG:-}" ]; then own_postgres=1; start_postgres || exit 1; fi
for part in $parts; do
  case $part in
    kill) long_kill ;;
    weeks) long_weeks ;;
    faults) long_faults ;;
    fuzz) long_fuzz ;;
    *) echo "unknown part $part" >&2; failed=1 ;;
  esac
done
[ -n "$own_postgres" ] && stop_postgres
tail -n 8 "$ledger"
exit $failed
