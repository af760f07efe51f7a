# `make` lists what can be made. Needs Python 3.11 or newer; everything else is fetched into .venv.

PYTHON ?= python3
# arguments of test, bench or soak, for example: make test ARGS="tests/rules -x", make bench ARGS=start
ARGS ?=
# more workers than cores: a test often waits for a window, a server or a process
PARALLEL := -n 4 --dist loadfile

VENV := .venv
PY := $(VENV)/bin/python
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
SETUP := resources/setup
SCREEN := $(if $(DISPLAY)$(WAYLAND_DISPLAY),window,offscreen)
I18N := resources/i18n
POT := build/chemsales.pot

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint types bench soak screenshots words build setup lock clean

help:
	@echo "chemsales: make TARGET"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

run: $(RUN) ## start the program; without a display, do the main job and list what it made in out/
	@$(PY) $(SETUP)/system_libraries.py $(SCREEN)
ifeq ($(SCREEN),window)
	@$(PY) -m ui
else
	@$(PY) -m chemsales demo --out out
	@QT_QPA_PLATFORM=offscreen QT_LOGGING_RULES='qt.qpa.*=false;default.warning=false' $(PY) -m tests.screenshots out/pictures out/sample.db
	@find out -type f ! -name '*.db*' | sort
endif

test: $(DEV) ## run all tests (ARGS=... goes to pytest)
	@$(PY) $(SETUP)/system_libraries.py offscreen
	@$(PY) -m pytest $(or $(ARGS),$(PARALLEL))

lint: $(DEV) ## check style and formatting
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: $(DEV) ## check types
	@$(PY) -m mypy

bench: $(DEV) ## measure speed and print the figures (ARGS="names" for some of them)
	@$(PY) $(SETUP)/system_libraries.py offscreen
	@$(PY) -m tests.bench $(ARGS)

soak: $(DEV) ## every campaign in full, the server's tests on PostgreSQL 18, every page in every look, then the program used for 600 seconds (ARGS=SECONDS), memory watched
	@$(PY) $(SETUP)/system_libraries.py offscreen
	@$(PY) -m tests.campaigns
	@CHEMSALES_TEST_PG_MAJOR=18 $(PY) -m pytest -q $(PARALLEL) tests/security tests/storage tests/services tests/queries
	@CHEMSALES_TEST_LOOKS=all $(PY) -m pytest -q -n 4 tests/ui/test_scenes.py
	@$(PY) -m tests.soak $(ARGS)

screenshots: $(DEV) ## draw every page into docs/screenshots
	@$(PY) $(SETUP)/system_libraries.py offscreen
	@$(PY) -m tests.screenshots docs/screenshots

words: $(DEV) ## collect the words to translate, and compile the translations
	@mkdir -p build
	@$(PY) -m babel.messages.frontend -q extract -k _ -k N_ -k Reason:1 --no-location \
		--sort-output --project=chemsales --copyright-holder="chemsales contributors" \
		-o $(POT) chemsales ui
	@for code in zh_CN zh_TW en; do \
		verb=init; test -f $(I18N)/$$code/LC_MESSAGES/chemsales.po && verb="update --no-fuzzy-matching --ignore-pot-creation-date"; \
		$(PY) -m babel.messages.frontend -q $$verb -D chemsales -i $(POT) -d $(I18N) -l $$code || exit 1; \
	done
	@$(PY) $(SETUP)/traditional.py $(I18N)
	@$(PY) -m babel.messages.frontend compile -f -D chemsales -d $(I18N) --statistics

build: $(DEV) ## pack the program into one folder, dist/chemsales
	@$(PY) $(SETUP)/system_libraries.py offscreen
	@$(PY) -m PyInstaller --noconfirm --log-level WARN build.spec
	@du -sh dist/chemsales

setup: $(DEV) ## make .venv with everything for development
	@$(PY) $(SETUP)/system_libraries.py $(SCREEN)

lock: ## renew the locked requirements (needs uv)
	uv lock --upgrade
	uv export -q --frozen --no-header --no-annotate --no-emit-project -o requirements.txt
	uv export -q --frozen --no-header --no-annotate --no-emit-project --extra dev -o requirements-dev.txt

clean: ## remove everything that make made
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find chemsales ui tests resources -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements.txt
	@$(PYTHON) $(SETUP)/environment.py $(VENV) run
	@touch $@

$(DEV): requirements-dev.txt pyproject.toml
	@$(PYTHON) $(SETUP)/environment.py $(VENV) dev
	@touch $@
