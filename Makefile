# Everything a newcomer needs is `make demo`; see README.md. PORT, ARGS and PYTHON may be given: make demo PORT=8001
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
STAMP := .venv/.installed
export UV_PYTHON_DOWNLOADS := never
# Compiled once and kept, but beside the sources, not among them: each of the many Pythons here would take 3 s more.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check bench crawl reset lock messages vendor browser gettext

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1|/' | while IFS='|' read -r name words; do printf '  make %-8s %s\n' "$$name" "$$words"; done

$(STAMP): requirements.lock
	@echo "Setting up the Python environment in .venv (about a minute, once) ..."
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, $(PYTHON) is `$(PYTHON) -V 2>&1`: name another with make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module does not work here: on Debian and Ubuntu install python3-venv"; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --no-build requirements.lock
	@touch $@

demo: $(STAMP) ## run the whole portal with sample data, everything included
	@echo "Starting the portal ..."
	@DEMO=1 DEBUG=0 PORT=$(PORT) exec $(BIN)/python manage.py up --port $(PORT) $(ARGS)

test: $(STAMP) browser ## run every test; ARGS="-k waitlist" passes through
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

check: $(STAMP) gettext ## format, lint, types, contracts, templates, messages, deployment
	@$(BIN)/python .ci/check.py $(ARGS)

bench: $(STAMP) ## measure, and print a table
	@$(BIN)/python -m benchmarks $(ARGS)

crawl: $(STAMP) browser ## look at every page as everybody, in every language, theme and width (long)
	@$(BIN)/python -m tests.journeys.crawl $(ARGS)

browser:
	@sh .ci/browser

gettext:
	@sh .ci/gettext

messages: $(STAMP) gettext ## extract the strings to translate, compile the catalogues, list what is missing
	@DEMO=1 $(BIN)/python manage.py makemessages --verbosity 0
	@DEMO=1 $(BIN)/python manage.py compile_messages
	@DEMO=1 $(BIN)/python manage.py check_messages

vendor: $(STAMP) ## build the noVNC bundle from its source beside it (needs Node), and record sums
	@$(BIN)/python .ci/vendor.py

reset: ## throw the demo's data in var/ away, after asking
	@printf 'Delete var/ with all data of the demo? [y/N] '; read -r answer; case "$$answer" in [yY]*) rm -rf var && echo "Gone." ;; *) echo "Nothing was deleted." ;; esac

lock: $(STAMP) ## pin every dependency again, with hashes
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group dev -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -c requirements.lock -o requirements-production.lock
