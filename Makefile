# Callwright's commands. `make help` lists them.
#
# Everything is set up on the way, without root (except the real parts of `make test`) and without questions. A second run
# finds what the first has made; the environment itself lies under ~/.cache/callwright and is shared by all clones.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run setup venv page parts test check format bench lock build clean

bin := .venv/bin
python := $(bin)/python
code := $(foreach folder,cti acd ivr agent_desktop crm_bridge config tests bench scripts,\
	$(if $(wildcard $(folder)/*.py $(folder)/*/*.py),$(folder)))

# Passed on: make run ARGS="--port 8090", make test ARGS="tests/acd -k reservation", make bench ARGS=...
ARGS ?=

# All tests run in two processes, since most of them wait for something most of the time; a file stays in one, as its
# tests share an Asterisk. With ARGS there is one process, whose output is easier to read.
processes = $(if $(ARGS),,--numprocesses=2 --dist=loadfile)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '%-14s %s\n' "$$name" "$$text"; done

run: setup ## the demo centre on the embedded PBX; prints a link (Ctrl-C stops it)
	@exec $(python) -m config demo $(ARGS)

setup: ## what `run` and ./callwright need: the environment and the built page
	@scripts/venv.sh run
	@scripts/page.sh build

venv: ## the environment with all that developers need (.venv)
	@scripts/venv.sh dev

page: ## builds the web page, if its sources have changed
	@scripts/venv.sh run
	@scripts/page.sh build

parts: venv ## installs the real parts that the tests need (Asterisk, SIP phones, Chromium)
	@tests/parts/install.sh

test: venv page parts ## the real parts, then every test
	@scripts/page.sh deps
	@echo "callwright: running the tests"
	@$(python) -m pytest $(processes) $(ARGS)

check: venv ## lint, types, import contracts
	@echo "callwright: lint"
	@$(bin)/ruff format --check $(code)
	@$(bin)/ruff check --quiet $(code)
	@$(python) scripts/check_repository.py
	@echo "callwright: types"
	@$(bin)/mypy $(code)
	@echo "callwright: import contracts"
	@$(bin)/lint-imports --no-logo
	@echo "callwright: the page"
	@scripts/page.sh check
	@echo "callwright: all checks passed"

format: venv ## formats the code and mends what the linter can mend
	@$(bin)/ruff check --fix --quiet --exit-zero $(code)
	@$(bin)/ruff format $(code)

bench: venv page parts ## the figures of docs/benchmarks.md
	@$(python) -m bench $(ARGS)

lock: venv ## pins requirements/*.in anew (UPGRADE=1: newest versions, UPGRADE=name: of one package)
	@scripts/lock.sh

build: venv page ## the wheel, with the built page in it, under dist/
	@$(python) -m pip wheel -qq --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

clean: ## removes what was built here (the shared environment under ~/.cache/callwright stays)
	@rm -rf .venv dist agent_desktop/static agent_desktop/page/node_modules htmlcov .coverage
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
