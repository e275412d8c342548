#!/usr/bin/env bash
# Every page in every state in Chromium: pictures in three widths, light and dark, axe 0,
# policy 0, one host, nothing too wide, nothing too small for a thumb.
set -uo pipefail
cd "$(dirname "$0")/../.."
OUT=out/ci test/browser/run.sh pages.mjs
