"""One headless Chromium and one local server for the tests of the built site and for its screenshots."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def served(folder: Path = HTML) -> Iterator[str]:
    """Serve a folder on a free port of localhost; yield its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()


def system_chromium() -> str | None:
    """Return the system's own Chromium or Chrome, if there is one."""
    for name in (
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        found = shutil.which(name)
        if found:
            return found
    return None


def launch(playwright):
    """Start the system's Chromium, else Playwright's own; raise what Playwright raises if there is neither."""
    return playwright.chromium.launch(executable_path=system_chromium(), args=FLAGS)


def pages(folder: Path = HTML) -> list[str]:
    """Return every page of the site by its path, without the theme's own search and index pages."""
    skipped = {"genindex.html", "search.html"}
    found = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if "_static" not in path.parts
    ]
    return sorted(name for name in found if name not in skipped)
