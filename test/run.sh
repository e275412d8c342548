#!/usr/bin/env bash
# The whole of CI: installs what is missing, runs every block, prints minutes per
# block and ends with two lines: on what, and `tests: N passed, N failed, N skipped`.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
mkdir -p out/ci
rm -rf out/ci/* && : > out/ci/results.txt
start=$SECONDS

block "build" build_binary
block "static checks" test/check.sh
block "model" fetch_model
block "postgresql" start_postgres
block "strace" need_strace
block "go tests" go_tests
block "survival" survival_tests
block "model tests" go_model_tests
block "noscrub" noscrub_test
block "fuzz" fuzz_targets
block "referee" referee_block
for script in test/shows/*.sh; do
  case $script in
    */1-test.sh) continue ;; # it runs this very script on a fresh clone
    */1-kill.sh) continue ;; # 2-kill.sh does the same and more
  esac
  block "$(basename "$script" .sh)" "$script"
done
stop_postgres

summary $((SECONDS - start))
