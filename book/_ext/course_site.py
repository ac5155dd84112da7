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
    options["repository_url"] = (
        f"{os.environ.get('GITHUB_SERVER_URL', SERVER)}/{repository}"
    )
    branch = os.environ.get("GITHUB_REF_NAME") or options.get(
        "repository_branch", "main"
    )
    options["repository_branch"] = branch
    config.html_theme_options = options
    config.html_context = {
        **config.html_context,
        "github_user": owner,
        "github_repo": name,
        "github_version": branch,
    }


def edit_the_text(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Let "Suggest edit" open the text, not the notebook that was made from it."""
    if not pagename.startswith("notebooks/"):
        return
    text = pagename.replace("notebooks/", "text/", 1) + ".md"
    # The theme insists that its template names the file; a comment does.
    context["edit_page_url_template"] = (
        "{{ github_url }}/{{ github_user }}/{{ github_repo }}/edit/{{ github_version }}/"
        f"{{{{ doc_path }}}}{text}{{# file_name #}}"
    )
    context["edit_page_provider_name"] = "GitHub"


def drop_thebe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Keep Thebe's scripts out: the book does not use it, and it would ask another host."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "thebe"
        not in (str(getattr(script, "filename", "")) + str(script.attributes)).lower()
    ]
    context["css_files"] = [
        style
        for style in context.get("css_files", [])
        if "thebe" not in str(getattr(style, "filename", style))
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks."""
    app.connect("config-inited", use_own_repository, priority=900)
    # Before the theme builds the link (500) and its button (501).
    app.connect("html-page-context", edit_the_text, priority=400)
    app.connect("html-page-context", drop_thebe, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
