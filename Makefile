# Everything runs from .venv, which the first command that needs it sets up from pinned versions.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format bench accuracy words soak fuzz test-bluez clean

demo: $(READY)
	$(BIN)/kneegap demo

test: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/pytest -q -n 2 --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench

accuracy: $(READY)
	$(BIN)/python -m tests.accuracy --ablation --jobs 2

words: $(READY)
	$(BIN)/python -m tests.words

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

soak: $(READY)
	$(BIN)/python -m tests.radio.fault_matrix 0 505
	$(BIN)/python -m tests.radio.long_session 8

# Guided by coverage where atheris has a wheel for this Python, else by seeded mutation.
fuzz: $(READY)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary=:all: -c constraints.txt atheris
	$(BIN)/python -m tests.fuzz

test-bluez:
	tests/bluez/run.sh

clean:
	rm -rf $(VENV) build *.egg-info
