#!/usr/bin/env bash
# A stranger's firm from the form to the first draft, in Chromium at 390 px, with and
# without JavaScript: at most 12 taps and three minutes of reading, typing and waiting.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
[ -x "$FEIERABEND_BIN" ] || build_binary || exit 1
work=$(mktemp -d)
pid=0
trap 'kill $pid 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
FEIERABEND_DATA=$work/data FEIERABEND_INTERNAL_LISTEN=off FEIERABEND_LISTEN=localhost:28180 FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:28181 \
  "$FEIERABEND_BIN" serve --demo --quiet > "$work/out" 2> "$work/err" &
pid=$!
for _ in $(seq 120); do
  ready=$(grep -m1 '^bereit: ' "$work/out") && break
  kill -0 $pid 2>/dev/null || break
  sleep 0.25
done
[ -n "${ready:-}" ] || { tail -5 "$work/err"; echo "FAIL the demo never said bereit"; exit 1; }
read -r _ dashboard phone mails <<< "$ready"
DASHBOARD_URL=$dashboard PHONE_URL=$phone MAIL_URL=$mails OUT=out/ci test/browser/run.sh stranger.mjs
