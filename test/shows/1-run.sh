#!/usr/bin/env bash
# Fresh clone, `make run`: health, a draft from a shipped voice note by real speech
# recognition, and the story in Chromium with screenshots (390 and 1280 px, light and dark).
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
work=$(mktemp -d)
trap 'kill -- -$pid 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
pid=0
git clone -q . "$work/clone" || { echo "FAIL clone"; exit 1; }
t0=$(date +%s%N)
(cd "$work/clone" && unset FEIERABEND_BIN FEIERABEND_TEST_PG FEIERABEND_TEST_MODEL && exec setsid make run) > "$work/out" 2> "$work/err" &
pid=$!
for _ in $(seq 600); do
  ready=$(grep -m1 '^bereit: ' "$work/out") && break
  kill -0 $pid 2>/dev/null || break
  sleep 0.5
done
[ -n "${ready:-}" ] || { tail -5 "$work/err"; echo "FAIL make run never said bereit"; exit 1; }
read -r _ dashboard phone mails <<< "$ready"
up=$((($(date +%s%N) - t0) / 1000000))
code=$(curl -s -o "$work/health" -w '%{http_code}' "$dashboard/healthz")
[ "$code" = 200 ] || { cat "$work/health"; echo "FAIL healthz answered $code"; exit 1; }
invite=$(cd "$work/clone" && FEIERABEND_MODE=demo FEIERABEND_PUBLIC_URL=$dashboard ./bin/feierabend operator invite olga@betrieb.example | head -1)
INVITE=$invite DASHBOARD_URL=$dashboard PHONE_URL=$phone MAIL_URL=$mails OUT=out/ci test/browser/run.sh || { tail -20 "$work/err"; echo "FAIL browser story"; exit 1; }
echo "ok ready after ${up} ms (build and model included), healthz 200, browser story done"
