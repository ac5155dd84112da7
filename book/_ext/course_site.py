"""What the site needs beyond its configuration: links to the right repository, and to the text a reader can edit."""

from __future__ import annotations

import os
from typing import Any

from sphinx.application import Sphinx

SERVER = "https://github.com"


def use_own_repository(app: Sphinx, config: Any) -> None:
    """On GitHub, point every link at the repository and branch that is being built, forks included."""
    repository = os.environ.get("GITHUB_REPOSITORY")
    if not repository:
        return
    owner, name = repository.split("/", 1)
    options = dict(config.html_theme_options)
    options["repository_url"] = f"{os.environ.get('GITHUB_SERVER_URL', SERVER)}/{repository}"
    branch = os.environ.get("GITHUB_REF_NAME") or options.get("repository_branch", "main")
    options["repository_branch"] = branch
    config.html_theme_options = options
    config.html_context = {
        **config.html_context,
        "github_user": owner,
        "github_repo": name,
        "github_version": branch,
    }


def text_source(pagename: str, edit_url: str) -> str:
    """Turn the address of an executed notebook into that of its text, which is what people edit."""
    if not pagename.startswith("notebooks/"):
        return edit_url
    return edit_url.replace("/notebooks/", "/text/").replace(".ipynb", ".md")


def edit_the_text(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Let "Suggest edit" open the text, not the notebook that was made from it."""
    original = context.get("get_edit_provider_and_url")
    if original is None:
        return

    def provider_and_url() -> tuple[str, str]:
        provider, url = original()
        return provider, text_source(pagename, url)

    context["get_edit_provider_and_url"] = provider_and_url


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks."""
    app.connect("config-inited", use_own_repository, priority=900)
    # After the theme has made the function (500), before it builds the buttons (501, connected later).
    app.connect("html-page-context", edit_the_text, priority=501)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
