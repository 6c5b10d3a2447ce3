"""Phrases: what they mean, and how they are found in a text.

Kind, Meaning   what a phrase is about, and which of that kind
CONTENT         the kinds that a question is made of
Heard           a phrase found in a text, and where it stood
Phrases         phrases by their words; finding those that begin at a word costs their length, however many there are
Choices         the parts of one phrase with choices for very many phrases, followed along a text
options         a phrase written with choices: "(send|mail) it to (a client|the press)"
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import prod
from typing import NamedTuple

MAX_SKIPPED = 6  # small words that may stand inside a loose phrase: "decide WHOM WE SHOULD hire"
MOST_MADE = 500  # phrases that are made of one with choices
# The parts of a phrase with choices.
OPTIONAL = re.compile(r"\)\?")
CHOICE = re.compile(r"\(([^()]{0,8000})\)")


class Kind(StrEnum):
    """What a phrase is about."""

    SAID = "said"  # what a language calls an id, until a policy says what kind of thing that is
    TOOL = "tool"
    KNOWN_TOOL = "known_tool"
    DATA = "data"
    USE = "use"
    TIER = "tier"
    GENERIC_TOOL = "generic_tools"
    NEGATOR = "negators"
    NEGATOR_AFTER = "negators_after"
    NOT_NEGATION = "not_negations"
    CORRECTION = "corrections"
    WEAK_CORRECTION = "weak_corrections"
    ANONYMISED = "anonymised"
    NAMES_REMOVED = "names_removed"
    PSEUDONYMISED = "pseudonymised"
    BEYOND_DOUBT = "beyond_doubt"
    QUALIFIER = "qualifiers"
    HARMLESS = "harmless"
    HOW_TO = "how_to"
    OUTPUT = "outputs"
    MADE_FROM = "made_from"
    FORMERLY = "formerly"
    ASIDE = "asides"
    FOLLOW_UP = "follow_ups"
    AS_OF = "as_of"
    HELP = "help_words"

    # Kinds are looked up dozens of times a question; an enumeration's own hash is a function call each time.
    __hash__ = str.__hash__


# What a question is made of: tools, data, uses and what is said of data. The other kinds are the words between.
CONTENT = frozenset((
    Kind.TOOL, Kind.KNOWN_TOOL, Kind.GENERIC_TOOL, Kind.TIER, Kind.DATA, Kind.USE, Kind.ANONYMISED, Kind.NAMES_REMOVED, Kind.PSEUDONYMISED,
    Kind.HARMLESS,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: its kind and which of that kind."""

    kind: Kind
    id: str


class Heard(NamedTuple):
    """A phrase found in a text. `first` and `last` are token numbers, both included."""

    kind: Kind
    id: str
    first: int
    last: int
    #: Whether a spelling was corrected to hear it.
    corrected: bool = False
    #: Whether small words were skipped between its own.
    loose: bool = False
    #: Whether any words may stand between its own.
    roomy: bool = False

    def within(self, other: "Heard") -> bool:
        """Whether this stands inside the other, which is longer."""
        return other.first <= self.first and self.last <= other.last and (other.last - other.first) > (self.last - self.first)

    def overlaps(self, other: "Heard") -> bool:
        """Whether the two share a word: "a table of TOY CUSTOMERS"."""
        return self.first <= other.last and other.first <= self.last


Parts = Sequence[Sequence[tuple[str, ...]]]


class Choices:
    """The parts of a phrase with choices, by the words that each choice begins with."""

    __slots__ = ("_parts", "meaning")

    def __init__(self, parts: Parts, meaning: Meaning) -> None:
        self.meaning = meaning
        self._parts: list[dict[str, list[tuple[str, ...]]]] = []
        for part in parts:
            by_word: dict[str, list[tuple[str, ...]]] = {}
            for words in part:
                by_word.setdefault(words[0] if words else "", []).append(words)
            self._parts.append(by_word)

    def ends(self, sequence: Sequence[str], first: int) -> set[int]:
        """Where phrases end that begin with this word: the number behind their last word each."""
        places = {first}
        for by_word in self._parts:
            reached = set(places) if "" in by_word else set()
            for at in places:
                for words in by_word.get(sequence[at], ()) if at < len(sequence) else ():
                    if len(words) == 1 or tuple(sequence[at : at + len(words)]) == words:
                        reached.add(at + len(words))
            places = reached
            if not places:
                break
        return places - {first}


class Phrases:
    """What is meant by each phrase that was taught.

    A phrase with choices may stand for hundreds. They are made when their first word is first met: most never are. Where it
    stands for very many, they are not made at all; its choices are followed along the text.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Parts, Meaning]]] = {}
        self._followed: dict[str, list[Choices]] = {}
        self._meanings: dict[str, tuple[Meaning, ...]] = {}
        #: How many words the longest phrase has that begins with a word.
        self._longest: dict[str, int] = {}
        self._alone: dict[Meaning, tuple[Meaning, ...]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._longest or word in self._waiting or word in self._followed

    def begins(self) -> Set[str]:
        """The words that phrases begin with."""
        return self._longest.keys() | self._waiting.keys() | self._followed.keys()

    def add_choices(self, parts: Parts, meaning: Meaning) -> None:
        """Teach a phrase with choices.

        Shapes   parts: the choices of each part, each a tuple of words, which may be empty.
        """
        if prod(map(len, parts)) > MOST_MADE:
            choices = Choices(parts, meaning)
            for word in first_words(parts):
                self._followed.setdefault(word, []).append(choices)
            return
        for word in first_words(parts):
            self._waiting.setdefault(word, []).append((parts, meaning))

    def _make(self, word: str) -> None:
        """The phrases that begin with this word, out of those with choices."""
        for parts, meaning in self._waiting.get(word, ()):
            for words in beginning_with(word, parts):
                self.add(words, meaning)
        self._waiting.pop(word, None)

    def add(self, words: tuple[str, ...], meaning: Meaning) -> None:
        """Teach one phrase."""
        key = words[0] if len(words) == 1 else " ".join(words)
        known = self._meanings.get(key)
        if known is None:
            self._meanings[key] = self._alone.setdefault(meaning, (meaning,))
        elif meaning not in known:
            self._meanings[key] = (*known, meaning)
        if len(words) > self._longest.get(words[0], 0):
            self._longest[words[0]] = len(words)

    def at(self, sequence: tuple[str, ...], first: int) -> Iterator[Heard]:
        """The phrases that begin with this word."""
        key = sequence[first]
        if key in self._waiting:
            self._make(key)
        for last in range(first, min(len(sequence), first + self._longest.get(key, 0))):
            if last > first:
                key = f"{key} {sequence[last]}"
            for meaning in self._meanings.get(key, ()):
                yield Heard(meaning.kind, meaning.id, first, last)
        for choices in self._followed.get(sequence[first], ()):
            for end in choices.ends(sequence, first):
                yield Heard(choices.meaning.kind, choices.meaning.id, first, end - 1)

    def around(self, sequence: tuple[str, ...], first: int, skipped: Set[int]) -> Iterator[Heard]:
        """The phrases that begin with this word, with skipped words between their own."""
        if sequence[first] in self._waiting:
            self._make(sequence[first])
        if sequence[first] in self._followed:
            yield from self._followed_around(sequence, first, skipped)
        key, words, longest, skips = sequence[first], 1, self._longest.get(sequence[first], 0), 0
        for last in range(first + 1, len(sequence)):
            if last in skipped:
                skips += 1
                if skips > MAX_SKIPPED:
                    return
                continue
            key, words, skips = f"{key} {sequence[last]}", words + 1, 0
            if words > longest:
                return
            for meaning in self._meanings.get(key, ()):
                yield Heard(meaning.kind, meaning.id, first, last, loose=True)

    def _followed_around(self, sequence: tuple[str, ...], first: int, skipped: Set[int]) -> Iterator[Heard]:
        """The phrases that begin with this word out of those that are followed along the text, with skipped words between their own."""
        places = [first]
        for at in range(first + 1, len(sequence)):
            if at - places[-1] > MAX_SKIPPED + 1:
                break
            if at not in skipped:
                places.append(at)
        words = [sequence[at] for at in places]
        for choices in self._followed[sequence[first]]:
            for end in choices.ends(words, 0):
                if end > 1:
                    yield Heard(choices.meaning.kind, choices.meaning.id, first, places[end - 1], loose=True)


def first_words(parts: Parts) -> set[str]:
    """The words that a phrase with choices may begin with."""
    found: set[str] = set()
    for part in parts:
        found.update(words[0] for words in part if words)
        if all(part):
            break
    return found


def beginning_with(word: str, parts: Parts) -> Iterator[tuple[str, ...]]:
    """Each phrase of these choices that begins with a word."""
    if not parts:
        return
    for words in parts[0]:
        if not words:
            yield from beginning_with(word, parts[1:])
        elif words[0] == word:
            for rest in product(*parts[1:]):
                yield words + tuple(word for more in rest for word in more)


def options(phrase: str) -> list[tuple[str, ...]]:
    """The parts of a phrase in order, each with its choices; a phrase without any is one part."""
    if "(" not in phrase:
        return [(phrase,)]
    parts = CHOICE.split(OPTIONAL.sub("|)", phrase))
    return [tuple(part.split("|")) if place % 2 else (part,) for place, part in enumerate(parts) if part.strip() or place % 2]
