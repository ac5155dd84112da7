"""The built site in a real browser: every page, wide and narrow, light and dark, without a word to any other host."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import HTML, launch, pages, served

pytestmark = pytest.mark.site
IN_CI = bool(os.environ.get("CI"))


def give_up(reason: str) -> None:
    """Skip on a reader's machine, fail in CI."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


PAGES = pages() if (HTML / "index.html").exists() else []


@pytest.fixture(scope="module")
def address():
    if not PAGES:
        give_up("there is no built site: run `make book` first")
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except Error as error:
            give_up(
                f"no Chromium: install one, or run `playwright install chromium` ({str(error).splitlines()[0]})"
            )
        yield chromium
        chromium.close()


def open_page(browser, address: str, path: str, mode: str, width: int):
    """Open a page; return it with the lists of its console errors and of its requests to other hosts."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=mode
    )
    context.add_init_script(
        f"localStorage.setItem('mode', '{mode}'); localStorage.setItem('theme', '{mode}')"
    )
    page, errors, abroad = context.new_page(), [], []
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" else None
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))

    def watch(route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None):
            route.continue_()
        else:
            abroad.append(route.request.url)
            route.abort()

    context.route("**/*", watch)
    page.goto(f"{address}/{path}", wait_until="load")
    page.wait_for_function("document.readyState === 'complete'")
    if page.locator(".math").count():
        page.wait_for_function(
            "document.querySelectorAll('mjx-container').length > 0", timeout=20_000
        )
    return context, page, errors, abroad


@pytest.mark.parametrize("path", PAGES or ["no page"])
def test_a_page_loads_alone_and_fits_a_phone(browser, address: str, path: str) -> None:
    for mode in ("light", "dark"):
        context, page, errors, abroad = open_page(browser, address, path, mode, 390)
        try:
            assert abroad == [], f"{path} asks another host"
            assert errors == [], f"{path} reports errors"
            assert page.evaluate("document.documentElement.dataset.theme") == mode
            assert (
                page.locator(
                    "mjx-merror, .MathJax_Error, [data-mml-node=merror]"
                ).count()
                == 0
            )
            wide = page.evaluate(
                "() => { const w = document.documentElement.clientWidth;"
                " return document.documentElement.scrollWidth <= w ? [] :"
                " [...document.querySelectorAll('article *')].filter(e => e.getBoundingClientRect().right > w + 1)"
                ".slice(0, 5).map(e => e.outerHTML.slice(0, 120)) }"
            )
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, (
                f"{path} is {overflow} px too wide at 390 px in {mode} mode: {wide}"
            )
            broken = page.evaluate(
                "() => [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
            )
            assert broken == []
            silent = page.evaluate(
                "() => [...document.querySelectorAll('article img')].filter(i => !i.alt.trim()).map(i => i.src)"
            )
            assert silent == [], f"{path} has images without alternative text"
        finally:
            context.close()


def test_text_can_be_read_in_both_modes(browser, address: str) -> None:
    """Body text against its ground: at least 7 to 1, the strictest grade of the WCAG."""
    script = """() => {
      const rgb = s => s.match(/[\\d.]+/g).slice(0, 3).map(Number);
      const lum = c => { const [r, g, b] = c.map(v => { v /= 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const p = document.querySelector('article p');
      const a = lum(rgb(getComputedStyle(p).color));
      const b = lum(rgb(getComputedStyle(document.body).backgroundColor));
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }"""
    for mode in ("light", "dark"):
        context, page, _, _ = open_page(browser, address, "index.html", mode, 1280)
        assert page.evaluate(script) >= 7
        context.close()


def test_search_finds_perplexity_without_a_network(browser, address: str) -> None:
    context, page, errors, abroad = open_page(
        browser, address, "search.html?q=perplexity", "light", 1280
    )
    page.wait_for_selector("#search-results li a", timeout=20_000)
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("language model" in text for text in found)
    assert errors == []
    assert abroad == []
    context.close()


def test_mathematics_is_drawn_and_equations_are_numbered(browser, address: str) -> None:
    path = "notebooks/chapters/01-what-is-a-language-model.html"
    context, page, _, _ = open_page(browser, address, path, "light", 1280)
    assert page.locator("mjx-container").count() > 30
    assert "(1.2)" in page.locator("#equation-eq-chain-rule").first.inner_text()
    context.close()


def test_chapters_offer_binder_colab_edit_and_issue() -> None:
    if not PAGES:
        give_up("there is no built site: run `make book` first")
    html = (HTML / "notebooks/chapters/01-what-is-a-language-model.html").read_text(
        encoding="utf-8"
    )
    for part in (
        "mybinder.org/v2/gh/",
        "colab.research.google.com/github/",
        "/edit/main/book/text/chapters/01-what-is-a-language-model.md",
        "/issues/new",
    ):
        assert part in html, part


def test_the_browser_test_sees_a_request_to_another_host(
    browser, tmp_path: Path
) -> None:
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html data-theme=light><body><article><p>x</p>"
        "<img alt=x src='https://example.com/pixel.png'></article></body></html>",
        encoding="utf-8",
    )
    with served(tmp_path) as url:
        context, _, _, abroad = open_page(browser, url, "bad.html", "light", 390)
        assert abroad == ["https://example.com/pixel.png"]
        context.close()


class Links(HTMLParser):
    """Collects the links and the anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of ids and hrefs."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            if tag == "a" and name == "href" and value:
                self.links.append(value)


def read_links(path: Path) -> Links:
    parser = Links()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.skipif(not PAGES, reason="there is no built site: run `make book` first")
def test_every_link_inside_the_site_leads_somewhere() -> None:
    parsed = {path: read_links(HTML / path) for path in pages()}
    lost = []
    for path, page in parsed.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (
                (HTML / path).parent / unquote(parts.path)
                if parts.path
                else HTML / path
            )
            if not target.resolve().exists():
                lost.append(f"{path}: {link}")
            elif parts.fragment and target.suffix == ".html":
                name = target.resolve().relative_to(HTML.resolve()).as_posix()
                known = parsed.get(name) or read_links(target)
                if unquote(parts.fragment) not in known.anchors:
                    lost.append(f"{path}: {link}")
    assert lost == []


@pytest.mark.skipif(not PAGES, reason="there is no built site: run `make book` first")
@pytest.mark.parametrize("path", PAGES or ["no page"])
def test_no_page_names_a_script_or_style_of_another_host(path: str) -> None:
    html = (HTML / path).read_text(encoding="utf-8")
    foreign = re.findall(
        r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["'](?:https?:)?//([^/"']+)""",
        html,
    )
    canonical = {
        "counts-to-transformers.github.io"
    }  # rel=canonical names the page itself and is never fetched
    assert set(foreign) - canonical == set()
