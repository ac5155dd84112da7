"""Locales by their codes, with an error that names those there are."""

from __future__ import annotations

import difflib
import hashlib
from functools import lru_cache

import babel
from babel import localedata

LICENSE = "Unicode-3.0"


@lru_cache
def locale_codes() -> tuple[str, ...]:
    """Return the codes of all languages and regions there is data for.

    Returns:
        The codes in alphabetical order, as BCP 47 tags.

    Example:
        >>> {"en", "zh-Hant", "fr-CA"} <= set(locale_codes())
        True
    """
    return tuple(
        sorted(code.replace("_", "-") for code in localedata.locale_identifiers())
    )


@lru_cache
def locale(code: str) -> babel.Locale:
    """Return the locale of a code such as ``"zh"``, ``"zh-Hant"`` or ``"pt_BR"``.

    Args:
        code: A BCP 47 tag; an underscore is as good as a hyphen.

    Returns:
        Babel's locale.

    Raises:
        ValueError: If there is no data for it; the message names the closest codes.
    """
    try:
        return babel.Locale.parse(code.replace("-", "_"))
    except (babel.UnknownLocaleError, ValueError) as error:
        close = difflib.get_close_matches(code, locale_codes(), n=3, cutoff=0.4) or [
            "en",
            "zh",
            "fr",
        ]
        raise ValueError(
            f"no locale data for {code!r}; try {', '.join(map(repr, close))}, or see cldr.locale_codes()"
        ) from error


def tag(code: str) -> str:
    """Return the BCP 47 tag of a code: ``"zh-CN"`` for ``"zh_CN"``."""
    return code.replace("_", "-")


def origin() -> str:
    """Say in words where the data comes from."""
    return f"Unicode CLDR, as it comes with Babel {babel.__version__}"


def stable_integer(key: str, bound: int) -> int:
    """Draw an integer from 0 to `bound` - 1 by a key: the same on every machine."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big") % bound
