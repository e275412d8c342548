#!/usr/bin/env bash
# The magic link: 50 parallel submits of one link make one session, what scanners do
# is harmless, and 200 pairs of known and unknown addresses look alike in bytes and
# time, at the sign-in page and at the registration.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/lib.sh
out=$(go test ./internal/web -count=1 -v -run '^(TestFiftyBrowsersOneSession|TestScannersAreHarmless|TestKnownAndUnknownLookAlike)$' 2>&1)
status=$?
grep -o 'FIGURE .*' <<< "$out" | sed 's/^FIGURE /  /'
figures=$(grep -c 'FIGURE' <<< "$out")
if [ $status != 0 ] || [ "$figures" != 4 ]; then
  grep -v '^time=' <<< "$out" | tail -20
  echo "FAIL magic link: exit $status, $figures of 4 figures"
  exit 1
fi
echo "ok magic link: one session of 50 submits, scanners harmless, 200 pairs alike at both doors"
