# Every target sets up what it needs. Without make: python3 .ci/course.py TARGET
PYTHON ?= python3
COURSE = $(PYTHON) .ci/course.py

.PHONY: book test lab notebooks bench serve clean help
help:
	@echo "make book       build the book and say where it is"
	@echo "make test       run every check: lint, types, unit tests, notebooks, site"
	@echo "make lab        open JupyterLab on the notebooks"
	@echo "make notebooks  re-execute the notebooks whose text or code changed"
	@echo "make bench      print the benchmark table"
	@echo "make serve      serve the built book on localhost"
	@echo "make clean      remove what was built and installed"
book test lab notebooks bench serve:
	@$(COURSE) $@
clean:
	rm -rf _build .venv
.DEFAULT_GOAL := help
