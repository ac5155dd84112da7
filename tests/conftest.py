"""Shared test configuration: shapes are checked at run time, and nothing reaches the network."""

from jaxtyping import install_import_hook

# Every annotation of the package, shapes included, is enforced while the tests run.
install_import_hook("companion", "beartype.beartype")
