"""Take pictures of the built pages: python tests/site/screenshots.py FOLDER [page ...]

Each page is taken whole, wide, at phone width, and dark.
"""

from __future__ import annotations

import sys
from pathlib import Path

from browser import launch, pages, served
from playwright.sync_api import sync_playwright

VIEWS = {
    "wide": (1280, 900, "light"),
    "phone": (390, 844, "light"),
    "dark": (1280, 900, "dark"),
}


def main() -> None:
    """Take the pictures named on the command line."""
    folder, chosen = Path(sys.argv[1]), sys.argv[2:] or pages()
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for name, (width, height, mode) in VIEWS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=mode
            )
            page = context.new_page()
            page.add_init_script(
                f"localStorage.setItem('mode', '{mode}'); localStorage.setItem('theme', '{mode}')"
            )
            for path in chosen:
                page.goto(f"{address}/{path}", wait_until="networkidle")
                page.wait_for_timeout(500)
                page.screenshot(
                    path=folder / f"{path.replace('/', '_')}-{name}.png", full_page=True
                )
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
