"""Patterns: phrases with room in them, "(send|mail) * to (a client|the press)".

A pattern is compiled into a small regular expression over words; `*` is at most five words, so each is linear. Only the
patterns whose rarest word occurs in a text are tried. In a language written without spaces the expression is over the text
itself, and `*` is at most fifteen characters.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

# The parts of a pattern: `(a|b c|)`, `*`, or a word.
PART = re.compile(r"\(([^()]{0,8000})\)\??|(\*)|([^\s()]{1,40})")
ROOM = "*"

T = TypeVar("T")
Fold = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Pattern(Generic[T]):
    """One pattern and what it means. `rank` is its place among all.

    One of the `anchors` must occur in a text that it fits, and one of the `second` ones too, where it has two such parts.
    """

    rank: int
    meaning: T
    anchors: frozenset[str]
    second: frozenset[str]
    source: str

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The pattern compiled when it is first tried: most are not for a long time, and all together take long."""
        return re.compile(self.source)


class Match(NamedTuple, Generic[T]):
    """Where a pattern fits: the numbers of its first and last word."""

    meaning: T
    first: int
    last: int


class Patterns(Generic[T]):
    """The patterns of a language, ready to be tried."""

    def __init__(self, word_spaces: bool, fold: Fold) -> None:
        self._gap, self._fold = " " if word_spaces else "", fold
        self._by_anchor: dict[str, list[Pattern[T]]] = defaultdict(list)
        self._taught = 0

    def add(self, written: str, meaning: T) -> None:
        """Teach a pattern; what was taught first ranks first."""
        pattern = compiled(written, meaning, self._taught, self._fold, self._gap)
        self._taught += 1
        for anchor in pattern.anchors:
            self._by_anchor[anchor].append(pattern)

    def matching(self, symbols: Sequence[str]) -> Iterator[Match[T]]:
        """The patterns that fit, in the order they were taught, each with every place where it fits.

        Shapes   symbols: words, or {tool}, {data}, {tier} where one was heard.
        """
        anchors = symbols if self._gap else ()
        present = frozenset(anchors)
        tried: dict[int, Pattern[T]] = {
            pattern.rank: pattern
            for symbol in present
            for pattern in self._by_anchor.get(symbol, ())
            if not (pattern.second and pattern.second.isdisjoint(present))
        }
        text = self._gap + self._gap.join(symbols) + self._gap
        if not self._gap:
            tried = {pattern.rank: pattern for anchor, patterns in self._by_anchor.items() if anchor in text for pattern in patterns}
        ends: list[int] | None = None
        for rank in sorted(tried):
            for match in tried[rank].expression.finditer(text):
                ends = ends or list(accumulate(len(symbol) + len(self._gap) for symbol in symbols))
                last = bisect_right(ends, match.end() - 1 - len(self._gap))
                yield Match(tried[rank].meaning, bisect_right(ends, match.start()), min(last, len(symbols) - 1))


def compiled(written: str, meaning: T, rank: int, fold: Fold, gap: str) -> Pattern[T]:
    """A pattern as an expression over " word word word ", with the words of which one must occur."""
    expression: list[str] = []
    musts: list[frozenset[str]] = []
    for part in PART.finditer(written):
        group, star, word = part.groups()
        if star:
            expression.append(r"(?: [^ ]+){0,5}?" if gap else ".{0,15}?")
            continue
        written_choices = group.split("|") if group is not None else [word]
        real = [choice for written_choice in written_choices if (choice := fold_symbols(written_choice, fold))]
        optional = part.group().endswith(")?") or "" in written_choices
        if not real:  # nothing but articles, which are left out everywhere
            continue
        expression.append(
            "(?:" + "|".join("".join(gap + re.escape(symbol) for symbol in choice) for choice in real) + ")" + ("?" if optional else "")
        )
        if not optional:
            musts.append(frozenset(choice[0] for choice in real))
    first, second = (*sorted(musts, key=weight, reverse=True), frozenset[str](), frozenset[str]())[:2]
    return Pattern(rank, meaning, first, second, "".join(expression) + ("(?= )" if gap else ""))


def fold_symbols(choice: str, fold: Fold) -> tuple[str, ...]:
    """The comparable words of one choice, with {tool} and its like kept."""
    found: list[str] = []
    for word in choice.split():
        found.extend((word,) if word.startswith("{") else fold(word))
    return tuple(found)


def weight(anchors: frozenset[str]) -> float:
    """How telling a set of words is: few and long ones narrow most; {tool} and {data} stand in nearly every question."""
    return min(0.5 if word.startswith("{") else len(word) for word in anchors) / len(anchors)
