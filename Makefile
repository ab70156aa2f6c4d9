# Le quotidien du projet, un mot par geste. `make` seul les montre tous.

.DEFAULT_GOAL := help
.PHONY: help install server demo run test check hostile bench kills migrate docs pictures lock

PORT ?= 8765
RESET ?=
VENV := .venv
PYTHON := $(VENV)/bin/python
ECOHUB := $(VENV)/bin/ecohub
PACKAGES := bot club connectors digest storage

# A stamp newer than its lock means that pip need not be asked.
RUN := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## montre cette aide
	@echo "Le hub du Club ÉcoQuartier. Usage : make MOT"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

install: $(DEV) ## prépare .venv avec tout ce qu’il faut pour développer

server: $(RUN) ## prépare .venv avec le strict nécessaire pour faire tourner le hub

demo: $(RUN) ## ouvre la démonstration sur http://127.0.0.1:8765/ (PORT=… change le port, RESET=1 repart de zéro)
	@$(if $(RESET),rm -rf .demo)
	@exec $(ECOHUB) demo --port $(PORT)

run: config.toml $(RUN) ## démarre le hub avec config.toml
	@exec $(ECOHUB) --config config.toml run

# slipcover cannot count in what pytest rewrites, which are the tests: nothing that we count.
QUIETLY := -W 'ignore:Unable to activate pytest branch coverage:RuntimeWarning'

test: $(DEV) ## passe toute la suite de tests, couverture des branches comprise
	@$(PYTHON) $(QUIETLY) -m slipcover --json --out .coverage.json -m pytest -q -n auto --dist worksteal
	@$(PYTHON) -m slipcover --merge .coverage.json --out .coverage.json --skip-covered --fail-under 95

check: $(DEV) ## relit le style, les types et les règles de la maison
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m pytest -q tests/test_house.py

hostile: $(DEV) ## éprouve la lecture contre des sites hostiles : ce qui en est dit, le temps, la mémoire
	@$(PYTHON) -m tests.hostile

bench: $(DEV) ## mesure les vitesses et la mémoire, en sept à dix minutes (docs/mesures.md)
	@$(PYTHON) -m benchmarks

kills: $(DEV) ## tue trente fois le hub au travail et compte ce qui manque ou double
	@ECOHUB_TEST_KILLS=full $(PYTHON) -m pytest -q -s tests/contract/test_kill.py tests/contract/test_kill_network.py

migrate: $(RUN) ## met la base de données à jour
	@$(ECOHUB) migrate

docs: $(DEV) ## refait docs/commandes.md
	@$(PYTHON) docs/make.py

pictures: $(DEV) ## refait les captures d’écran du README (demande Chromium)
	@$(PYTHON) docs/make.py pictures

lock: ## refait les deux listes verrouillées (demande l’outil uv)
	uv pip compile pyproject.toml $(LOCKING) $(EXTRAS) -o requirements.lock
	uv pip compile pyproject.toml $(LOCKING) $(EXTRAS) --extra dev \
		--constraint requirements.lock -o requirements-dev.lock

# For every Python from 3.11 on, with hashes and without a registry's address (docs/decisions/0002).
EXTRAS := --extra build --extra postgres --extra telegram --extra discord --extra e5
LOCKING := --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-header

config.toml:
	@echo "Il manque config.toml. Copiez l’exemple, puis adaptez-le :" >&2
	@echo "  cp config.example.toml config.toml && chmod 600 config.toml" >&2
	@exit 2

# The first Python that runs and is recent enough: a version manager's shim may exist and fail.
$(PYTHON):
	@for python in python3.13 python3.12 python3.11 python3; do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Environnement : $$($$python --version) dans $(VENV)"; \
			exec $$python -m venv --clear $(VENV); \
		fi; \
	done; \
	echo "Il faut Python 3.11 ou plus récent, avec son module venv (Debian : apt install python3 python3-venv)." >&2; \
	exit 2

$(RUN): requirements.lock pyproject.toml $(PYTHON)
	@$(call install,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml $(PYTHON)
	@$(call install,requirements-dev.lock)
	@touch $@ $(RUN)

# Two steps, since an editable project has no hash (docs/decisions/0002). Wheels are kept in the user's cache and tried
# first, so that a fresh clone works without network. Bytecode is written now: the hub starts twice as fast with it.
define install
unset PYTHONDONTWRITEBYTECODE; \
pip="$(PYTHON) -m pip"; \
wheels="$${XDG_CACHE_HOME:-$$HOME/.cache}/ecohub/wheels-$$($(PYTHON) -c 'import sys; print("py%d.%d" % sys.version_info[:2])')"; \
from_cache() { $$pip install -qq --no-index --find-links "$$wheels" --require-hashes -r $(1); }; \
echo "Installation des bibliothèques ($(1))…"; \
from_cache 2>/dev/null \
	|| { mkdir -p "$$wheels" && $$pip download -qq --require-hashes -r $(1) -d "$$wheels" && from_cache; } \
	|| $$pip install -qq --require-hashes -r $(1) \
	|| { echo "Les bibliothèques n’ont pas pu être installées : vérifiez la connexion, puis relancez." >&2; exit 1; }; \
$$pip install -qq --no-index --no-deps --no-build-isolation -e . && $(PYTHON) -m compileall -q $(PACKAGES)
endef
