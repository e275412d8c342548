#!/usr/bin/env bash
# The import test is green and its fixture shows that a wrong arrow makes it red.
set -uo pipefail
cd "$(dirname "$0")/../.."
go test -count=1 -run 'TestTheStarIsKept|TestAWrongArrowIsRed|TestOnlyTheGuardedClientDials' -v . | grep -E '^(---|ok|FAIL)' || { echo "FAIL import test"; exit 1; }
go test -count=1 -run 'TestTheStarIsKept|TestAWrongArrowIsRed|TestOnlyTheGuardedClientDials' . > /dev/null || { echo "FAIL import test"; exit 1; }
echo "ok star kept, wrong arrows are seen"
