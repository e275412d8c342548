#!/usr/bin/env bash
# Runs each acceptance script of the issues, test/shows/<part>-<name>.sh.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
mkdir -p out/ci
build_binary || exit 1
failed=0
for script in test/shows/*.sh; do
  echo "== $script"
  "$script" || failed=1
done
exit $failed
