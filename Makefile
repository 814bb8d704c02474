# The front door: `make demo` and `make test`; the rest is for those who work on the house.
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
export PYTHONUTF8 := 1

.PHONY: demo test setup setup-test lint bench bench-rules bench-run shots locks messages clean

demo: setup
	@exec $(VENV)/bin/jcg demo --port $(PORT)

test: setup-test
	@bash scripts/test.sh

setup:
	@bash scripts/setup.sh base

setup-test:
	@bash scripts/setup.sh dev

lint: setup-test
	@bash scripts/lint.sh

bench: setup-test
	@$(PY) -m tests.bench

bench-rules: setup-test
	@bash scripts/bench_rules.sh

bench-run: setup-test
	@$(PY) -m tests.bench.run

bench-indicators: setup-test
	@$(PY) -m tests.bench.indicators

shots: setup-test
	@$(PY) -m tests.shots

messages: setup-test
	@$(PY) scripts/messages.py

locks:
	@bash scripts/locks.sh

clean:
	rm -rf $(VENV) .venv-bench frontend/node_modules src/jinchuanggu/foundation/ui/static/jcg
