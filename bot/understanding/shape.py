"""The shape of a question: what it asks in the vocabulary's own words, and the words the vocabulary lacks.

A shape can be counted without keeping what people wrote: tools and data stand as {tool} and {data}, any word that no
list knows as "…".
"""

from dataclasses import dataclass

from bot.understanding.reading import Reading
from bot.understanding.sentence import Sentence

LONGEST = 160  # characters of a shape; a longer story is cut
UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class Shape:
    """A question without its words. `lacking` are words or names, redacted, that would have helped to answer it."""

    text: str
    lacking: tuple[str, ...]


def shape_of(sentence: Sentence, reading: Reading) -> Shape:
    """The shape of a question that was read."""
    symbols, places = sentence.symbols(tool.span for tool in reading.tools)
    words: list[str] = []
    for symbol, at in zip(symbols, places, strict=False):
        known = symbol.startswith("{") or at in sentence.covered or sentence.lexicon.known(sentence.words[at], sentence.names[at])
        said = (symbol if symbol.startswith("{") else sentence.written(at, at).lower()) if known else UNKNOWN
        if not (said == UNKNOWN and words[-1:] == [UNKNOWN]):
            words.append(said)
    gap = " " if sentence.lexicon.language.word_spaces else ""
    lacking = tuple(dict.fromkeys(word for word in (*reading.unknown_data, *reading.unheard, *strange(sentence, reading)) if "‹" not in word))
    return Shape(gap.join(words)[:LONGEST], lacking)


def strange(sentence: Sentence, reading: Reading) -> list[str]:
    """The words that no list knows, without those with a capital inside a sentence: these may name people."""
    named = {at for tool in reading.tools for at in range(tool.span[0], tool.span[1] + 1)}
    found: list[str] = []
    for at, word in enumerate(sentence.words):
        if at in named or at in sentence.covered or sentence.lexicon.known(word, sentence.names[at]) or word.isdecimal() or len(word) < 3:
            continue
        written = sentence.written(at, at)
        if written.islower() or not written.isascii() or sentence.lexicon.language.nouns_capitalised:
            found.append(written.lower())
    return found[:3]
