"""One text with everything heard in it; the working value of understanding."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.understanding.words.lexicon import Lexicon
from bot.understanding.words.phrases import CONTENT, Heard, Kind
from bot.understanding.words.text import Token

PAIRS = (("«", "»"), ("“", "”"), ("„", "“"), ("„", "”"), ("「", "」"), ("『", "』"), ('"', '"'))
QUOTES = re.compile("|".join([f"{a}[^{a}{b}]{{1,200}}{b}" for a, b in PAIRS] + [r"(?<!\w)['‘][^'‘’]{1,200}['’](?!\w)"]))
SYMBOLS = {Kind.TOOL: "{tool}", Kind.DATA: "{data}", Kind.TIER: "{tier}"}


@dataclass(frozen=True)
class Sentence:
    """`tokens` as written, `words` as compared (misspelt ones mended, their numbers in `mended`), `heard` in them.

    `names` are the words as names of tools are compared.
    """

    text: str
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    mended: frozenset[int]
    heard: tuple[Heard, ...]
    lexicon: Lexicon

    @cached_property
    def _by_kind(self) -> dict[Kind, tuple[Heard, ...]]:
        kinds: dict[Kind, tuple[Heard, ...]] = {}
        for heard in sorted(self.heard, key=lambda heard: (heard.first, -heard.last)):
            kinds[heard.kind] = (*kinds.get(heard.kind, ()), heard)
        return kinds

    def of(self, kind: Kind) -> tuple[Heard, ...]:
        """What was heard of one kind, in order."""
        return self._by_kind.get(kind, ())

    def own(self, heard: Heard) -> frozenset[int]:
        """The numbers of a phrase's own words: of one with room in it the ends, and between them the words it is taught with."""
        if not heard.roomy:
            return frozenset(range(heard.first, heard.last + 1))
        taught = self.lexicon.taught_words(heard.id)
        return frozenset(at for at in range(heard.first, heard.last + 1) if at in (heard.first, heard.last) or self.words[at] in taught)

    @cached_property
    def covered(self) -> frozenset[int]:
        """The numbers of the words that belong to a tool, data, use, tier or marker."""
        return frozenset(at for kind in (*CONTENT, Kind.AS_OF) for heard in self.of(kind) for at in self.own(heard))

    @cached_property
    def denying(self) -> frozenset[int]:
        """The numbers of the words that deny something: "NO", "FREE OF"."""
        return frozenset(at for heard in self.of(Kind.NEGATOR) for at in range(heard.first, heard.last + 1))

    @cached_property
    def negations(self) -> dict[Heard, bool]:
        """What was found out so far about which things heard are denied; each is asked for many times."""
        return {}

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """The first and last word of everything in quotation marks."""
        found: list[tuple[int, int]] = []
        for match in QUOTES.finditer(self.text):
            inside = [at for at, token in enumerate(self.tokens) if match.start() < token.start < match.end()]
            if inside:
                found.append((inside[0], inside[-1]))
        return tuple(found)

    @cached_property
    def heard_at(self) -> frozenset[int]:
        """The numbers of the words that belong to anything heard."""
        return frozenset(at for heard in self.heard for at in self.own(heard))

    def written(self, first: int, last: int) -> str:
        """The words from one number to another as they were written."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def between(self, one: int, other: int) -> str:
        """What was written between two neighbouring words."""
        return self.text[self.tokens[one].end : self.tokens[other].start]

    def is_in(self, at: int, *lists: str) -> bool:
        """Whether there is a word with this number and it is in one of the language's lists."""
        return 0 <= at < len(self.words) and self.words[at] in self.lexicon.union(lists)

    def symbols(self, names: Iterable[tuple[int, int]]) -> tuple[list[str], list[int]]:
        """The words with {tool}, {data} and {tier} for what was heard, and the number of each one's first word.

        Shapes   names: first and last word of each tool, also of those that no register knows.
        """
        starts = {heard.first: (SYMBOLS[heard.kind], heard.last) for kind in reversed(SYMBOLS) for heard in self.of(kind)}
        starts.update({first: (SYMBOLS[Kind.TOOL], last) for first, last in names})
        articles = self.lexicon.lists["articles"]
        symbols: list[str] = []
        places: list[int] = []
        at = 0
        while at < len(self.words):
            symbol, last = starts.get(at, (self.words[at], at))
            if symbol not in articles:
                symbols.append(symbol)
                places.append(at)
            at = last + 1
        return symbols, places or [0]
