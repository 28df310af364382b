# Broadcaster. `make run` and `make test` set up everything they need; both may be repeated at will.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
# What Debian provides: OBS and a screen for it, ffmpeg for the demo's videos, fonts and libraries for the pictures, Chromium for the page tests.
DEB_RUN := python3 python3-venv obs-studio obs-plugins xvfb libgl1-mesa-dri ffmpeg fonts-dejavu-core \
	libgl1 libegl1 fonts-inter fonts-noto-core fonts-noto-color-emoji
DEB_TEST := $(DEB_RUN) chromium

# Where bytecode is not kept, every process of the tests, and every service that they start, compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup system-run system-test run test test-fast check bench bench-onair bench-youtube messages pictures lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: system-run setup  ## set up everything and run the demo expo on a real OBS
	$(BIN)/broadcaster demo

# What needs OBS measures real time, and goes alone; the others share the cores, and whoever is done takes from the other.
BOTH := -n 2 --dist worksteal --quiet
FAST := not obs and not browser and not slow

test: system-test test-fast  ## set up everything and run all tests
	$(BIN)/pytest tests -m "not ($(FAST)) and not obs" $(BOTH)
	$(BIN)/pytest tests -m obs

test-fast: setup  ## the unit tests only: no OBS, no browser
	$(BIN)/pytest tests -m "$(FAST)" $(BOTH)

check: setup  ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup  ## the numbers of docs/measurements.md
	$(BIN)/python -m bench

bench-onair: system-run setup  ## what viewers receive of two dozen assorted videos; ARGS=--help for more
	$(BIN)/python -m bench.onair $(ARGS)

bench-youtube: setup  ## whole shows on an emulated YouTube, calm and in a storm of faults; ARGS="--seeds 200" for more
	$(BIN)/python -m bench.youtube_day
	$(BIN)/python -m bench.youtube_storm $(or $(ARGS),--seeds 10)

setup: .venv/.ready  ## .venv/ with the `broadcaster` command in it

# What Debian provides comes first, if it is asked for in the same run of make.
.venv/.ready: requirements.lock pyproject.toml | $(filter system-%,$(if $(filter run,$(MAKECMDGOALS)),system-run) $(if $(filter test,$(MAKECMDGOALS)),system-test))
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "missing: python3, 3.11 or newer"; exit 1; }
	@echo "setup: Python packages of requirements.lock -> .venv/"
	@# A venv without pip is one that was begun when python3-venv was missing: it is begun anew.
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; python3 -m venv .venv; } || \
	  { rm -rf .venv; echo "missing: the venv module (Debian: apt-get install python3-venv)"; exit 1; }
	@test -x $(BIN)/uv || { sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >.venv/uv.txt && \
	  $(BIN)/python -m pip install --quiet --require-hashes -r .venv/uv.txt; }
	$(BIN)/uv pip sync --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --python $(BIN)/python --no-deps --editable .
	@touch $@

system-run:
	@tools/system-packages $(DEB_RUN)

system-test:
	@tools/system-packages $(DEB_TEST)

messages: setup  ## bring the Indonesian catalogue up to date with the code; then translate what is empty in it
	@mkdir -p var
	$(BIN)/pybabel -q extract -F babel.cfg --omit-header --sort-output --add-location=file --no-wrap -o var/messages.pot .
	$(BIN)/pybabel -q update -i var/messages.pot -d broadcaster/locale -D broadcaster -l id --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap

pictures: setup  ## docs/images/overlay-*.png anew: every overlay, as a page and as drawn
	PYTHONPATH=. $(BIN)/python tools/overlay_pictures.py

lock: setup  ## renew requirements.lock (hashes, and no host names)
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" --upgrade -o requirements.lock

clean:  ## remove what was made here
	rm -rf .venv var
