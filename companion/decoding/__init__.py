"""Decoding: from a model that scores the next token to a text."""

from companion.decoding.beams import beam_generate
from companion.decoding.constrained import RegexConstraint
from companion.decoding.processors import SamplingConfig
from companion.decoding.sampling import generate, stream
from companion.decoding.search import Advance, Hypothesis, beam_search, greedy_search
from companion.decoding.session import DecodingSession, start
from companion.decoding.speculative import SpeculativeText, speculative
from companion.decoding.streaming import text_pieces

__all__ = [
    "Advance",
    "DecodingSession",
    "Hypothesis",
    "RegexConstraint",
    "SamplingConfig",
    "SpeculativeText",
    "beam_generate",
    "beam_search",
    "generate",
    "greedy_search",
    "speculative",
    "start",
    "stream",
    "text_pieces",
]
