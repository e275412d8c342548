#!/usr/bin/env bash
# Everybody at every route: nobody reads or changes what belongs to another firm, to a
# role above theirs, or to a session that has ended; a foreign id is an unknown one.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
out=$(go test ./internal/web -count=1 -run '^(TestIDOR|TestForeignIsUnknown)$' -v -timeout 2m 2>&1) || { tail -30 <<< "$out"; echo "FAIL IDOR matrix"; exit 1; }
figures=$(grep -oE '(routes=[0-9]+ cells=[0-9]+|compared=[0-9]+)' <<< "$out" | paste -sd' ')
case $figures in *routes=*cells=*compared=*) ;; *) echo "FAIL no figures of the IDOR matrix"; exit 1 ;; esac
mkdir -p out/ci && grep -oE 'routes=[0-9]+' <<< "$figures" | cut -d= -f2 > out/ci/routes.txt
echo "ok IDOR matrix $figures"
