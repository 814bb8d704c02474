#!/usr/bin/env bash
# Measures the rules engine beside OpenFisca-Core, which gets an environment of its own: the product never imports it.
set -euo pipefail
cd "$(dirname "$0")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1
want=$(cksum < requirements/bench.txt)
if [ "$(cat .venv-bench/.lock 2>/dev/null || true)" != "$want" ]; then
  [ -x .venv-bench/bin/python ] || .venv/bin/python -m venv .venv-bench
  .venv-bench/bin/python -m pip install -q --require-hashes -r requirements/bench.txt
  printf '%s' "$want" > .venv-bench/.lock
fi
exec .venv/bin/python -m tests.bench.rules --openfisca .venv-bench/bin/python "$@"
