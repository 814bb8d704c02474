#!/usr/bin/env bash
# What the tests need beyond Python and Node: a browser, Chinese fonts, PostgreSQL, PDF tools. By apt-get where we may.
set -euo pipefail
need=()
have() { command -v "$1" >/dev/null 2>&1; }
have chromium || have chromium-browser || need+=(chromium)
{ have fc-list && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -1)" ]; } || need+=(fonts-noto-cjk fontconfig)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need+=(postgresql)
have msgfmt || need+=(gettext)
have pdftotext || need+=(poppler-utils)
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || need+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
[ ${#need[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && have apt-get; then
  echo "▸ apt-get install ${need[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
else
  echo "测试还需要安装 · the tests also need: ${need[*]}" >&2
  echo "  sudo apt-get install ${need[*]}" >&2
  exit 1
fi
