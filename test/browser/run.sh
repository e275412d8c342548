#!/usr/bin/env bash
# run.sh [SCRIPT]: a script in a real Chromium, by default the story against a running demo,
# which needs DASHBOARD_URL, PHONE_URL and MAIL_URL. Pictures and findings go to OUT (default
# out/ci). Uses what is there (CHROMIUM, node), else installs Debian's packages as root, else
# fails naming them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
script=${1:-story.mjs}
[ "$script" != story.mjs ] || : "${DASHBOARD_URL:?address of the pages}" "${PHONE_URL:?address of the phone page}" "${MAIL_URL:?address of the mail page}"
export OUT=${OUT:-out/ci}
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)

find_chromium() {
  for c in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$c" ] && command -v "$c" && return
  done
  return 1
}
missing=()
CHROMIUM=$(find_chromium) || missing+=(chromium fonts-inter)
command -v node > /dev/null || missing+=(nodejs)
command -v npm > /dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "browser: missing ${missing[*]}; install them or set CHROMIUM" >&2
    exit 1
  fi
  apt-get -qq -o DPkg::Lock::Timeout=300 update
  apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}" > /dev/null
  CHROMIUM=$(find_chromium) || { echo "browser: chromium is not there after its installation" >&2; exit 1; }
fi
export CHROMIUM

cd "$here"
if ! cmp -s package-lock.json node_modules/.installed 2> /dev/null; then
  npm ci --no-audit --no-fund --silent
  cp package-lock.json node_modules/.installed
fi
exec node "$script"
