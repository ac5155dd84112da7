"""Exercises on counting n-grams: shares of a context, add-k, and Kneser-Ney's count of contexts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from companion.exercises.expect import Mismatch, brief, expect_close, refuse_none
from companion.exercises.registry import exercise

bigram_mle = exercise(
    "bigram-mle",
    "Counting pairs of words",
    chapter=3,
    level="warm-up",
    answer="bigram_mle",
)


def _table(got: object, shown: str) -> dict[str, dict[str, float]]:
    refuse_none(got, shown)
    if not isinstance(got, dict) or not all(isinstance(v, dict) for v in got.values()):
        raise Mismatch(
            f"{shown} returned {brief(got)}.",
            "Return a dictionary of dictionaries: `probs[before][word]`.",
        )
    return got


def _pair(table: dict[str, dict[str, float]], before: str, word: str) -> float:
    return table.get(before, {}).get(word, 0.0)


@bigram_mle.check(
    "the beginning",
    hint="The first word has a context too, the begin mark: it stands in `probs['<s>']`.",
)
def _beginning(answer: Callable[..., Any]) -> None:
    shown = "bigram_mle([['a', 'b']])"
    table = _table(answer([["a", "b"]]), shown)
    expect_close(_pair(table, "<s>", "a"), 1.0, f"{shown}['<s>']['a']")


@bigram_mle.check(
    "the end",
    hint="What follows the last word is the end mark, '</s>': without it a model never learns where sentences end.",
)
def _end(answer: Callable[..., Any]) -> None:
    shown = "bigram_mle([['a', 'b']])"
    table = _table(answer([["a", "b"]]), shown)
    expect_close(_pair(table, "b", "</s>"), 1.0, f"{shown}['b']['</s>']")


@bigram_mle.check(
    "sentences stay apart",
    hint="No pair joins the end of one sentence and the beginning of the next: count sentence by sentence.",
)
def _apart(answer: Callable[..., Any]) -> None:
    shown = "bigram_mle([['a'], ['b']])"
    table = _table(answer([["a"], ["b"]]), shown)
    for before, word in (("a", "b"), ("</s>", "<s>"), ("</s>", "b")):
        expect_close(_pair(table, before, word), 0.0, f"{shown}[{before!r}][{word!r}]")


@bigram_mle.check(
    "shares of a context",
    hint="Divide the count of the pair by the number of times that its first word was followed by anything.",
)
def _shares(answer: Callable[..., Any]) -> None:
    shown = "bigram_mle([['a', 'b'], ['a', 'c'], ['a', 'b']])"
    table = _table(answer([["a", "b"], ["a", "c"], ["a", "b"]]), shown)
    expect_close(
        _pair(table, "a", "b"),
        2 / 3,
        f"{shown}['a']['b']",
        mistakes=[
            (2.0, "This is the count. Asked for is the share of all that follows 'a'."),
            (
                2 / 9,
                "This is the share of all pairs, P(a, b). The condition is missing: divide by what follows 'a' only.",
            ),
            (2 / 6, "You divided by the number of all words in the text, not by what follows 'a'."),
            (1.0, "You divided by the count of 'b', so this is P(a | b). The context is the word before."),
            (0.5, "Each different follower got the same share. Count how often each occurs."),
        ],
    )  # fmt: skip


add_k = exercise(
    "add-k",
    "Adding to every count",
    chapter=3,
    level="practice",
    answer="add_k_prob",
)


def _followers() -> dict[str, dict[str, int]]:
    return {"the": {"list": 3, "key": 1}}


@add_k.check(
    "a token that was seen",
    hint="(c(uw) + k) / (sum of the counts after u + k |V|).",
)
def _seen(answer: Callable[..., Any]) -> None:
    got = answer(_followers(), "the", "list", 10, 0.5)
    expect_close(
        got,
        3.5 / 9,
        "add_k_prob({'the': {'list': 3, 'key': 1}}, 'the', 'list', vocab_size=10, k=0.5)",
        mistakes=[
            (3 / 4, "This is the share without smoothing: k was not added."),
            (3.5 / 4, "k was added above the line only. Every token of the vocabulary gets k, so the sum grows, too."),
            (
                3.5 / 4.5,
                "Below the line k was added once. It goes to every token of the vocabulary: k |V| in all.",
            ),
            (
                3.5 / 5,
                "You counted the tokens seen after this context. |V| is the whole vocabulary, vocab_size.",
            ),
            (3.5 / 14, "Below the line |V| was added without its factor k."),
        ],
    )  # fmt: skip


@add_k.check(
    "a token that was never seen here",
    hint="A count of zero is a count like any other: k goes to it as well. `dict.get(token, 0)` helps.",
)
def _unseen_token(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_followers(), "the", "door", 10, 0.5),
        0.5 / 9,
        "add_k_prob({'the': {'list': 3, 'key': 1}}, 'the', 'door', vocab_size=10, k=0.5)",
    )


@add_k.check(
    "a context that was never seen",
    hint="After a context without counts only the k are left: every token gets k / (k |V|).",
)
def _unseen_context(answer: Callable[..., Any]) -> None:
    expect_close(
        answer(_followers(), "a", "list", 10, 0.5),
        0.1,
        "add_k_prob({'the': {'list': 3, 'key': 1}}, 'a', 'list', vocab_size=10, k=0.5)",
    )


continuation = exercise(
    "continuation",
    "Count contexts, not occurrences",
    chapter=3,
    level="practice",
    answer="continuation_probs",
)


def _continuation(
    answer: Callable[..., Any], bigrams: dict[tuple[str, str], int], word: str
) -> tuple[float, str]:
    shown = f"continuation_probs({brief(bigrams, 200)})"
    got = answer(dict(bigrams))
    refuse_none(got, shown)
    if not isinstance(got, dict):
        raise Mismatch(
            f"{shown} returned {brief(got)}.",
            "Return a dictionary from each word to its probability.",
        )
    return got.get(word, 0.0), f"{shown}[{word!r}]"


@continuation.check(
    "contexts, not occurrences",
    hint="Each different pair counts once, however often it occurs.",
)
def _contexts(answer: Callable[..., Any]) -> None:
    bigrams = {("los", "angeles"): 50, ("the", "list"): 2, ("a", "list"): 1, ("no", "list"): 1}  # fmt: skip
    got, shown = _continuation(answer, bigrams, "angeles")
    expect_close(
        got,
        1 / 4,
        shown,
        mistakes=[
            (
                50 / 54,
                "This is the share of occurrences. 'angeles' occurs often, but after one word only: count the "
                "different words before it.",
            )
        ],
    )


@continuation.check(
    "neighbors on the left",
    hint="c_KN(w) counts the different words that stand before w, not those that come after it.",
)
def _left(answer: Callable[..., Any]) -> None:
    bigrams = {("a", "b"): 1, ("c", "b"): 1, ("b", "d"): 1}
    got, shown = _continuation(answer, bigrams, "b")
    expect_close(
        got,
        2 / 3,
        shown,
        mistakes=[
            (
                1 / 3,
                "You counted the words that follow 'b'. Kneser-Ney counts those before it.",
            )
        ],
    )


@continuation.check(
    "a distribution",
    hint="Divide by the number of different pairs: that is the sum of all continuation counts.",
)
def _sums(answer: Callable[..., Any]) -> None:
    bigrams = {("a", "x"): 1, ("a", "y"): 1, ("b", "x"): 3}
    got, shown = _continuation(answer, bigrams, "x")
    expect_close(
        got,
        2 / 3,
        shown,
        mistakes=[
            (2.0, "This is the count of contexts. Divide, so that all words together have one."),
            (
                1.0,
                "You divided by the number of words. The continuation counts of all words together are one for each "
                "different pair.",
            ),
            (2 / 5, "You divided by the number of occurrences. Each pair counts once, below the line as well."),
        ],
    )  # fmt: skip


@continuation.check(
    "a count of zero",
    hint="A pair with the count zero was not seen, though it stands in the dictionary: leave it out.",
)
def _zero(answer: Callable[..., Any]) -> None:
    bigrams = {("a", "x"): 1, ("b", "x"): 0, ("b", "y"): 1}
    got, shown = _continuation(answer, bigrams, "x")
    expect_close(got, 1 / 2, shown)
