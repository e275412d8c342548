#!/usr/bin/env bash
# The ten shipped German notes through "feierabend transcribe": at most 38 wrong
# words of 244 with beam 5, at most 45 with --greedy; CPU per second of audio at
# most 1.1 x the frozen proof in test/speech/proof, both measured in this run (side
# by side on two processors, median of three, beam 5, one thread).
set -euo pipefail
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "FAIL 1-transcribe: $*"; exit 1; }

bin=${FEIERABEND_BIN:-}
if [ -z "$bin" ]; then
	bin=$tmp/feierabend
	CGO_ENABLED=0 go build -trimpath -o "$bin" ./cmd/feierabend || fail "does not build"
fi
model=$("$bin" model pull) || fail "no speech model"
CGO_ENABLED=0 go build -o "$tmp/wer" ./test/speech/wer || fail "scorer does not build"
(cd test/speech/proof && CGO_ENABLED=0 go build -o "$tmp/proof" .) || fail "proof does not build"

notes=$(echo test/speech/00?.ogg)
[ "$(echo "$notes" | wc -w)" = 10 ] || fail "the ten notes are not there"

ours=() theirs=()
for n in 1 2 3; do
	M=$model PAD=1000 B=5 T=1 "$tmp/proof" "$tmp/proof.json" $notes >/dev/null &
	"$bin" transcribe --json --threads 1 $notes >"$tmp/beam.json" || fail "transcribe exits with $?"
	wait $! || fail "the proof does not run"
	read -r wrong words cpu < <("$tmp/wer" -short test/speech "$tmp/beam.json")
	read -r pwrong _ pcpu < <("$tmp/wer" -short test/speech "$tmp/proof.json")
	ours+=("$cpu") theirs+=("$pcpu")
	echo "run $n: ours $cpu, proof $pcpu CPU s per s of audio"
done
"$bin" transcribe --json --greedy --threads 1 $notes >"$tmp/greedy.json" &
"$bin" transcribe --threads 1 $notes >"$tmp/plain.txt" || fail "transcribe exits with $?"
wait $! || fail "transcribe --greedy exits with $?"
read -r gwrong gwords _ < <("$tmp/wer" -short test/speech "$tmp/greedy.json")
"$tmp/wer" test/speech "$tmp/beam.json"

median() { printf '%s\n' "$@" | sort -n | sed -n 2p; }
a=$(median "${ours[@]}") b=$(median "${theirs[@]}")
ratio=$(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", a / b }')
figures="beam5 $wrong/$words (proof $pwrong), greedy $gwrong/$gwords, CPU $a vs $b = ${ratio} x"

[ "$words" = 244 ] && [ "$gwords" = 244 ] || fail "$words and $gwords words instead of 244; $figures"
[ "$(wc -l <"$tmp/plain.txt")" = 10 ] || fail "not one line a file"
[ "$wrong" -le 38 ] || fail "beam 5: $figures"
[ "$gwrong" -le 45 ] || fail "greedy: $figures"
awk -v a="$a" -v b="$b" 'BEGIN { exit !(a > 0 && a <= 1.1 * b) }' || fail "too slow: $figures"
FEIERABEND_MODELS=$tmp/none "$bin" transcribe test/speech/000.ogg >/dev/null 2>"$tmp/err" && fail "no model and exit 0"
[ "$(wc -l <"$tmp/err")" = 1 ] || fail "no model: not one sentence"
echo "ok 1-transcribe: $figures"
