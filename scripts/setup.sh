#!/usr/bin/env bash
# Brings the checkout to a state that runs: virtual environment from hashed locks, built front end, compiled messages.
# Usage: setup.sh base|dev. Does nothing (quickly) when everything is as the locks say.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-base}
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '\033[36m▸ %s\033[0m\n' "$*"; }
missing() { printf '缺少 %s。%s\nMissing: %s. %s\n' "$1" "$2" "$1" "$3" >&2; exit 1; }

python=""
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate; break
  fi
done
[ -n "$python" ] || missing "Python ≥ 3.11 (venv)" "请先安装后重试。" "Install it and run again."
command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] \
  || missing "Node.js ≥ 20" "请先安装后重试。" "Install it and run again."
command -v npm >/dev/null 2>&1 || missing "npm" "请先安装后重试。" "Install it and run again."

stamp() { cat "$@" | cksum | tr ' ' '-'; }

[ -x .venv/bin/python ] || { say "创建虚拟环境 · creating the virtual environment"; "$python" -m venv .venv; }

install() { # lock name
  local want; want=$(stamp "requirements/$1.txt" pyproject.toml)
  [ "$(cat ".venv/.$1-lock" 2>/dev/null || true)" = "$want" ] && return
  say "安装依赖（$1）· installing $1 packages from hashed locks"
  .venv/bin/pip install -q --require-hashes -r "requirements/$1.txt"
  echo "$want" > ".venv/.$1-lock"
}
install base
[ "$kind" = dev ] && install dev
if ! .venv/bin/python -c 'import jinchuanggu' 2>/dev/null || [ ! -x .venv/bin/jcg ]; then
  # the build tool comes from the same hashed lock, so nothing unpinned is fetched
  .venv/bin/pip install -q --no-deps --no-build-isolation -e .
fi

want=$(find frontend -path frontend/node_modules -prune -o -type f -print0 | sort -z | xargs -0 cat | cksum | tr ' ' '-')
built=src/jinchuanggu/foundation/ui/static/jcg
if [ "$(cat "$built/.built-from" 2>/dev/null || true)" != "$want" ]; then
  say "构建前端 · building the front end"
  (cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build)
  echo "$want" > "$built/.built-from"
fi

.venv/bin/python scripts/messages.py --compile

[ "$kind" = dev ] && bash scripts/setup_test.sh
exit 0
