"""What somebody wants, told by patterns of the language file.

A pattern is compiled once into a small regular expression over words; `*` is at most five words, so each is linear.
Only the patterns whose rarest word occurs in the text are tried. In a language written without spaces the expression is
over the text itself, and `*` is at most fifteen characters.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from bot.policy.language import Language
from bot.understanding.reading import Intent

# The parts of a pattern: `(a|b c|)`, `*`, or a word.
PART = re.compile(r"\(([^()]{0,600})\)\??|(\*)|([^\s()]{1,40})")


@dataclass(frozen=True)
class Pattern:
    """One way to say an intent. `rank` is its place in the file: the lowest wins."""

    rank: int
    intent: Intent
    anchors: frozenset[str]
    source: str

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern compiled when it is first tried: most are not for a long time, and all together take long."""
        return re.compile(self.source)


class Intents:
    """The patterns of a language, ready to be tried."""

    def __init__(self, language: Language, fold: Callable[[str], tuple[str, ...]]) -> None:
        self._gap = " " if language.word_spaces else ""
        self._by_anchor: dict[str, list[Pattern]] = defaultdict(list)
        rank = 0
        for intent, patterns in language.intents:
            for written in patterns:
                pattern = compiled(written, Intent(intent), rank, fold, self._gap)
                rank += 1
                for anchor in pattern.anchors:
                    self._by_anchor[anchor].append(pattern)

    def matching(self, symbols: Sequence[str]) -> list[tuple[Intent, int]]:
        """The intents that fit, best first, each with the number of the word where its pattern begins.

        Shapes   symbols: words, or {tool}, {data}, {tier} where one was heard.
        """
        text = self._gap + self._gap.join(symbols) + self._gap
        anchors = set(symbols) if self._gap else {anchor for anchor in self._by_anchor if anchor in text}
        tried: dict[int, Pattern] = {p.rank: p for symbol in anchors for p in self._by_anchor.get(symbol, ())}
        found: list[tuple[Intent, int]] = []
        for rank in sorted(tried):
            if match := tried[rank].expression.search(text):
                found.append((tried[rank].intent, self._place(symbols, text, match.start())))
        return found

    def _place(self, symbols: Sequence[str], text: str, start: int) -> int:
        """The number of the word that stands at this character."""
        if self._gap:
            return text.count(" ", 0, start + 1) - 1
        ends = accumulate(len(symbol) for symbol in symbols)
        return next((place for place, end in enumerate(ends) if end > start), 0)


def compiled(written: str, intent: Intent, rank: int, fold: Callable[[str], tuple[str, ...]], gap: str) -> Pattern:
    """A pattern as an expression over " word word word ", with the words of which one must occur."""
    expression: list[str] = []
    anchors: frozenset[str] = frozenset()
    for part in PART.finditer(written):
        group, star, word = part.groups()
        if star:
            expression.append(r"(?: [^ ]+){0,5}?" if gap else ".{0,15}?")
            continue
        written_choices = group.split("|") if group is not None else [word]
        optional = part.group().endswith(")?") or "" in written_choices
        real = [choice for written_choice in written_choices if (choice := fold_symbols(written_choice, fold))]
        if not real:  # nothing but articles, which are left out everywhere
            continue
        expression.append(
            "(?:" + "|".join("".join(gap + re.escape(symbol) for symbol in choice) for choice in real) + ")" + ("?" if optional else "")
        )
        first = frozenset(choice[0] for choice in real)
        if not optional and (not anchors or weight(first) > weight(anchors)):
            anchors = first
    return Pattern(rank, intent, anchors, "".join(expression) + ("(?= )" if gap else ""))


def fold_symbols(choice: str, fold: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The comparable words of one choice, with {tool} and its like kept."""
    found: list[str] = []
    for word in choice.split():
        found.extend((word,) if word.startswith("{") else fold(word))
    return tuple(found)


def weight(anchors: frozenset[str]) -> float:
    """How telling a set of words is: few and long ones narrow most; {tool} and {data} stand in nearly every question."""
    return min(0.5 if word.startswith("{") else len(word) for word in anchors) / len(anchors)
