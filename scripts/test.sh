#!/usr/bin/env bash
# The whole suite in layers; each must pass before the next costs time.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1
py=.venv/bin/python
echo "── unit and integration (SQLite)"
$py -m pytest -q -n 2 -m "not e2e and not postgres" "$@"
echo "── integration (PostgreSQL)"
$py scripts/with_postgres.py $py -m pytest -q -n 2 -m "(django_db or postgres) and not e2e and not slow" "$@"
echo "── browser"
$py -m pytest -q -n 2 --dist loadfile -m e2e "$@"
