# The README's two commands are `make run` and `make test`; the rest is for us.
export GOTOOLCHAIN ?= local
BIN := bin/feierabend

.PHONY: run build test check mutants shows eval bench model clean test-long
.SILENT:

run: build
	$(BIN) model path > /dev/null 2>&1 || $(BIN) model pull || echo "Ohne Sprachmodell: Sprachnachrichten warten, getippte gehen."
	exec $(BIN) serve --demo

build:
	CGO_ENABLED=0 go build -trimpath -o $(BIN) ./cmd/feierabend

model: build
	$(BIN) model pull

test:
	test/run.sh

# The long tiers, added to docs/test-ledger.md; parts: test/long.sh kill|weeks|faults|fuzz.
test-long: build
	test/long.sh

check:
	test/check.sh

# Breaks one security control after the other; each must be noticed (about ten minutes).
mutants:
	test/security-mutants.sh run

shows:
	test/shows.sh

bench: build
	test/bench.sh

eval: build
	test/eval/run.sh

clean:
	rm -rf bin out data/demo
