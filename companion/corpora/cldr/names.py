"""Names of languages, territories, scripts, currencies, units and cities, aligned by their codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import lru_cache

from babel.core import get_global

from companion.corpora.cldr.locales import LICENSE, locale, origin, tag
from companion.corpora.corpus import Corpus, Document, Pair, ParallelCorpus

KINDS = ("language", "territory", "script", "currency", "unit", "city")
# Languages of name_corpus: the best covered ones, in ten scripts, with close relatives among them.
LANGUAGES = (
    "ar", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "it", "ja", "ko", "nb", "nl",
    "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip


def _check_kinds(kinds: Collection[str]) -> None:
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds or isinstance(kinds, str):
        raise ValueError(
            f"kinds must be some of {', '.join(KINDS)}, as a tuple; got {kinds!r}"
        )


@lru_cache
def _names(code: str, kind: str) -> dict[str, str]:
    """Return the names of one kind in one language, by code, sorted; without those that only repeat the code."""
    data = locale(code)
    found: dict[str, str]
    if kind == "unit":
        found = {}
        for unit, forms in data.unit_display_names.items():
            # Many languages give one form for all lengths, as the short one.
            if name := forms.get("long") or forms.get("short"):
                found[unit] = name
    elif kind == "city":
        found = {
            zone: zone_names["city"]
            for zone, zone_names in data.time_zones.items()
            if "city" in zone_names
        }
        if data.language == "en":
            # The identifier holds the English name, and English data only the exceptions.
            identifiers = {
                zone: zone.rpartition("/")[2].replace("_", " ")
                for zone in get_global("zone_territories")
            }
            found = identifiers | found
    else:
        plural = {
            "language": "languages",
            "territory": "territories",
            "script": "scripts",
            "currency": "currencies",
        }
        found = dict(getattr(data, plural[kind]))
    return {key: name for key, name in sorted(found.items()) if name and name != key}


@lru_cache
def names(
    source: str = "en", target: str = "zh", kinds: tuple[str, ...] = KINDS
) -> ParallelCorpus:
    """Return names in two languages, aligned by the code of what they name.

    Args:
        source: Language of ``pair.source``, e.g. ``"en"``; `locale_codes` lists all.
        target: Language of ``pair.target``.
        kinds: Some of ``"language"``, ``"territory"``, ``"script"``, ``"currency"``, ``"unit"``, ``"city"``.

    Returns:
        The pairs, sorted by kind and code, tagged e.g. ``"kind:territory"`` and ``"code:CN"``; about 2,000 between
        languages that are well covered. The same two names are one pair, with the tags of both codes.

    Raises:
        ValueError: If a language or a kind is unknown.

    Example:
        >>> {pair.source: pair.target for pair in names("en", "zh", ("territory",))}["China"]
        '中国'
    """
    _check_kinds(kinds)
    tags: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for kind in kinds:
        there, here = _names(source, kind), _names(target, kind)
        for code in there:
            if code in here:
                tags[there[code], here[code]] |= {f"kind:{kind}", f"code:{code}"}
    return ParallelCorpus(
        name=f"cldr-names-{tag(source)}-{tag(target)}",
        pairs=tuple(
            Pair(left, right, frozenset(of)) for (left, right), of in tags.items()
        ),
        source_language=tag(source),
        target_language=tag(target),
        license=LICENSE,
        source=f"names in {origin()}",
    )


def _joined(groups: Sequence[frozenset[str]]) -> dict[str, str]:
    """Join groups that share a text, so that each text lies in one: the representative of every text."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for group in groups:
        first, *others = sorted(group)
        for text in others:
            parent[root(text)] = root(first)
        root(first)
    return {text: root(text) for text in parent}


@lru_cache
def name_corpus(
    languages: tuple[str, ...] = LANGUAGES,
    kinds: tuple[str, ...] = ("language", "territory", "city"),
) -> Corpus:
    """Return names in many languages, each labeled with its language: data for language identification.

    "Paris" is French and English: such a name is one document for each language, as it is in life, and the best
    classifier errs. The names of one thing in all languages are a group, and so are two things that share a name:
    a split has none of them in two parts.

    Args:
        languages: The labels, e.g. ``("en", "zh", "fr")``.
        kinds: Kinds of names, see `names`.

    Returns:
        The corpus; ``document.label`` is the language, ``corpus.language`` is ``"mul"``, the tag for many.

    Raises:
        ValueError: If fewer than two languages are given, one of them twice, or a language or a kind is unknown.

    Example:
        >>> corpus = name_corpus(("en", "zh"))
        >>> next(document.text for document in corpus if document.id == "territory/CN/zh")
        '中国'
    """
    _check_kinds(kinds)
    if (
        len(languages) < 2
        or len(set(languages)) < len(languages)
        or isinstance(languages, str)
    ):
        raise ValueError(
            f"languages must be two or more different codes, as a tuple; got {languages!r}"
        )
    things: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    seen: set[tuple[str, str]] = set()
    for kind in kinds:
        for language in languages:
            for code, name in _names(language, kind).items():
                # A language and its people's land may have one name: it is one example.
                if (language, name.casefold()) not in seen:
                    seen.add((language, name.casefold()))
                    things[kind, code][language] = name
    together = _joined(
        [
            frozenset(name.casefold() for name in thing.values())
            for thing in things.values()
        ]
    )
    documents = [
        Document(
            f"{kind}/{code}/{tag(language)}",
            name,
            label=tag(language),
            group=together[name.casefold()],
        )
        for (kind, code), thing in sorted(things.items())
        for language, name in thing.items()
    ]
    return Corpus(
        "cldr-name_corpus", tuple(documents), "mul", LICENSE, f"names in {origin()}"
    )
