# The contributor's whole interface: make install, train, test, and clean.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
BUILD := setuptools setuptools-scm vcs-versioning packaging
ROOMS := data train eval models
RUN ?= runs/embedded

.PHONY: install dataset train test lint clean

install: .venv/installed

# All but torch is pinned and checked by hash: .ci/requirements.txt, which .ci/lock makes. Builds use the tools from there,
# hence first (seqeval, a source release, takes its version from setuptools-scm). .venv/links gives the type checker the
# import name of each room.
.venv/installed: pyproject.toml .ci/requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	for tool in $(BUILD); do sed -n "/^$$tool==/,/[^\\]$$/p" .ci/requirements.txt; done > .venv/build.txt
	$(PIP) --require-hashes --no-deps -r .venv/build.txt
	$(PIP) --require-hashes --no-deps --no-build-isolation -r .ci/requirements.txt
	$(PIP) torch==2.13.0
	$(PIP) --no-deps --no-build-isolation -e .
	mkdir -p .venv/links/bilan
	for room in $(ROOMS); do ln -sfn ../../../$$room .venv/links/bilan/$$room; done
	touch $@

dataset: install
	$(BIN)/bilan-data build data/corpus runs/dataset

# Dataset and training skip what is up to date, and say so; an interrupted training goes on.
train: dataset
	$(BIN)/bilan-train --recipe embedded --output $(RUN) --resume
	$(BIN)/bilan-eval $(RUN) --split test
	$(BIN)/bilan read seeds/*.txt --model $(RUN)

lint: install
	$(BIN)/ruff check .
	$(BIN)/pyright

test: lint
	$(BIN)/pytest

clean:
	rm -rf runs build dist *.egg-info
