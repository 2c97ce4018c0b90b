# The contributor's whole interface: make install, train, test, and clean.
PYTHON ?= python3
BIN := .venv/bin
ROOMS := data train eval models
RUN ?= runs/embedded

.PHONY: install dataset train test lint clean

install: .venv/installed

# Pinned by .ci/constraints.txt. .venv/links gives the type checker the import name of each room.
.venv/installed: pyproject.toml .ci/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[dev]'
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
