#!/usr/bin/env bash
# Builds the compiled assets. Usage: assets/build.sh [--no-install] [OUTPUT_FOLDER]
# Without a folder the committed files under kernel/ui/static/ui are replaced. The result depends on assets/ and the
# lock file alone, so two builds are equal byte for byte (tests/system/test_assets_are_fresh.py).
set -euo pipefail
cd "$(dirname "$0")/.."

install=yes
if [ "${1:-}" = "--no-install" ]; then install=no; shift; fi
out="${1:-src/yakuba/kernel/ui/static/ui}"

command -v node >/dev/null || { echo "Node がありません。アセットの再作成には Node 20 以上が必要です（町の運用には不要です）。" >&2; exit 3; }
major="$(node -p 'process.versions.node.split(".")[0]')"
[ "$major" -ge 20 ] || { echo "Node $major は古すぎます。Node 20 以上を入れてください。" >&2; exit 3; }

[ "$install" = no ] || npm ci --no-fund --no-audit --loglevel=error --ignore-scripts
mkdir -p "$out"

export NODE_ENV=production
npx --no-install tailwindcss --input assets/css/app.css --output "$out/app.css" --minify >/dev/null 2>&1 \
  || npx --no-install tailwindcss --input assets/css/app.css --output "$out/app.css" --minify
node_modules/.bin/esbuild assets/js/page.js assets/js/office.js assets/js/builder.js --bundle --minify --charset=utf8 --target=es2022 \
  --format=iife --legal-comments=none --log-level=error --outdir="$out"
cp node_modules/htmx.org/dist/htmx.min.js "$out/htmx-4.0.1.min.js"
cp assets/img/icon.svg "$out/icon.svg"
