"""Decoding: from a model that scores the next token to a text."""

from companion.decoding.search import Advance, Hypothesis, beam_search, greedy_search

__all__ = ["Advance", "Hypothesis", "beam_search", "greedy_search"]
