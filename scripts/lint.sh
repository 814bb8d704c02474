#!/usr/bin/env bash
# Style, layers, types, migrations, messages.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONUTF8=1 DJANGO_SETTINGS_MODULE=jinchuanggu.settings.test
.venv/bin/ruff check src tests scripts
.venv/bin/ruff format --check src tests scripts
.venv/bin/lint-imports
.venv/bin/mypy src/jinchuanggu/engines
.venv/bin/python -m django makemigrations --check --dry-run
.venv/bin/python scripts/messages.py --check
