#!/usr/bin/env bash
# kill -9 at 20 random moments of the story: each acknowledged note ends in a draft, none twice.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || { echo "FAIL build"; exit 1; }
cycles=${CYCLES:-20}
go run ./test/drive kill "$FEIERABEND_BIN" "$cycles" || { echo "FAIL kill loop"; exit 1; }
mkdir -p out/ci && echo "$cycles" > out/ci/crash.txt
echo "ok $cycles kills, nothing lost, nothing twice"
