#!/usr/bin/env bash
# Renews the hashed locks; the files name no package index.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
for name in base dev bench; do
  pip-compile -q --upgrade --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
    --strip-extras -o "$name.txt" "$name.in"
done
