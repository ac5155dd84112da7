"""Tokens as text, while they come: bytes are held back until a character is whole."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from companion.text.bpe import BPETokenizer
from companion.text.tokenizer import ByteTokenizer, CharTokenizer, Tokenizer


def token_bytes(tokenizer: Tokenizer) -> list[bytes]:
    """Return the bytes that each token stands for; none for a special token.

    Args:
        tokenizer: One whose tokens, joined, are the text: BPE, characters or bytes.

    Returns:
        One entry a token id.

    Raises:
        TypeError: If the tokenizer leaves out the spacing, as a word tokenizer does.

    Example:
        >>> token_bytes(ByteTokenizer())[65:67]
        [b'A', b'B']
    """
    if isinstance(tokenizer, ByteTokenizer):
        return [bytes([byte]) for byte in range(256)]
    if isinstance(tokenizer, BPETokenizer):
        special = len(tokenizer.special_tokens)
        ids = range(special, tokenizer.vocab_size)
        return [b""] * special + [tokenizer.token_bytes(i) for i in ids]
    if isinstance(tokenizer, CharTokenizer):
        words = tokenizer.vocabulary
        specials = set(words.specials)
        return [b"" if token in specials else token.encode() for token in words.tokens]
    raise TypeError(
        f"the tokens of a {type(tokenizer).__name__} do not join to the text; use BPE, characters or bytes"
    )


def text_pieces(tokens: Iterable[int], tokenizer: Tokenizer) -> Iterator[str]:
    """Turn tokens into text one by one, as they come.

    A token of BPE may end inside a character. Its last bytes wait for the next token, so that no piece ever changes
    after it was shown. What joins to no character becomes U+FFFD.

    Args:
        tokens: Token ids, e.g. from `companion.decoding.sampling.stream`.
        tokenizer: See `token_bytes`.

    Yields:
        A piece of text for each token, empty where it has to wait; and at the end what was left, if anything was.

    Raises:
        TypeError: See `token_bytes`.

    Example:
        >>> list(text_pieces([195, 169, 33], ByteTokenizer()))
        ['', 'é', '!']
    """
    pieces = token_bytes(tokenizer)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    return _decode(tokens, pieces, decoder)


def _decode(
    tokens: Iterable[int], pieces: list[bytes], decoder: codecs.IncrementalDecoder
) -> Iterator[str]:
    for token in tokens:
        yield decoder.decode(pieces[token])
    rest = decoder.decode(b"", final=True)
    if rest:
        yield rest
