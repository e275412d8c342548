#!/bin/sh
# Scores the dictation engine: the corpus, the corpus with other names, places and amounts
# (tools/permute), and our own dictations. Fails when a floor is missed.
set -eu
cd "$(dirname "$0")/../.."
here=test/eval
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

CGO_ENABLED=0 go build -trimpath -o "$out/feierabend" ./cmd/feierabend
go build -o "$out/permute" ./tools/permute
"$out/permute" --seed "${SEED:-7}" --profiles $here/profiles.json --profiles-out "$out/profiles.json" \
    < $here/cases-dev.jsonl > "$out/permuted.jsonl"

python3 $here/check.py $here/cases-dev.jsonl $here/profiles.json | tail -1
python3 $here/check.py $here/cases-own.jsonl $here/profiles.json | tail -1
python3 $here/check.py $here/cases-trades.jsonl $here/profiles-trades.json | tail -1
python3 $here/check.py "$out/permuted.jsonl" "$out/profiles.json" | tail -1

score() { # name, cases, profiles
    "$out/feierabend" draft --profiles "$3" < "$2" > "$out/$1.got"
    echo "== $1"
    python3 $here/score.py "$2" "$out/$1.got" ${VERBOSE:+-v}
    python3 $here/score.py "$2" "$out/$1.got" --json > "$out/$1.json"
}
score dev $here/cases-dev.jsonl $here/profiles.json
score permuted "$out/permuted.jsonl" "$out/profiles.json"
score own $here/cases-own.jsonl $here/profiles.json
score trades $here/cases-trades.jsonl $here/profiles-trades.json

python3 - "$out" <<'PY'
import json, sys
s = {n: json.load(open("%s/%s.json" % (sys.argv[1], n)))["overall"] for n in ("dev", "permuted", "own", "trades")}
missed = []
for n, x in s.items():
    if x["invented"] or x["leaked"]:
        missed.append("%s: %d invented, %d leaked" % (n, x["invented"], x["leaked"]))
if s["dev"]["f1"] < 0.60:
    missed.append("dev F1 %.3f < 0.60" % s["dev"]["f1"])
if s["permuted"]["f1"] < s["dev"]["f1"] - 0.03:
    missed.append("permuted F1 %.3f, more than 0.03 below dev %.3f" % (s["permuted"]["f1"], s["dev"]["f1"]))
for n in ("own", "trades"):
    if s[n]["f1"] < 0.90:
        missed.append("%s F1 %.3f < 0.90" % (n, s[n]["f1"]))
print(json.dumps({"eval": {n: {k: x[k] for k in ("f1", "exact", "cases", "money", "money_cases", "invented", "leaked")} for n, x in s.items()}}))
for m in missed:
    print("FAIL " + m)
sys.exit(1 if missed else 0)
PY
