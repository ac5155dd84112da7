"""The checks of the exercises, one module a concept; every module here is found by itself."""
