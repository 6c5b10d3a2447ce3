"""Words of one language made comparable: their base form, the parts of compounds, and words written without spaces.

    name            one word of a tool's name: nothing but a plural ending taken off
    base            one word without accents and endings, the same for what is taught and what is heard
    split           the words of a text: elisions apart, unspaced text cut
    taught, heard   words in their base form; of what is heard, compounds are taken apart
    learn           teaches which words there are, so that this can be done

The base forms come from Snowball; English takes plural endings off and nothing else, for its stemmer makes "policy" and
"police" one.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from functools import lru_cache
from typing import Any

import Stemmer

from bot.policy.language import Language
from bot.understanding.words.text import Token, stem

REMEMBERED = 50_000  # base forms kept: more words than anybody's work has
SHORTEST_PART = 3  # letters of a part of a compound
SHORTEST_COMPOUND = 8
MOST_LETTERS = 40  # no word is longer; a longer run of letters is left as it is
# What two forms of one noun may differ in at their ends; a verb of the same stem ends otherwise: "reparos", "reparei".
# fmt: off
NOUN_ENDINGS = frozenset((
    "", "a", "as", "o", "os", "e", "es", "s", "n", "en", "er", "ern", "em", "x", "is", "ns", "m", "ao", "oes", "aes", "al", "ais", "el", "eis", "il",
    "l", "les", "aux", "eau", "eaux", "z", "ces", "c", "ne", "nes", "le", "te", "tes", "in", "innen", "se",
))
# fmt: on
# Latin letters without their accents.
PLAIN = {code: "ss" if chr(code) == "ß" else unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
# Latin letters and digits in a text that has no spaces otherwise: names of tools, loan words.
SPACED = re.compile(r"[\u0021-\u024f]+|[^\u0021-\u024f]+")
KATAKANA = re.compile(r"[\u30a0-\u30ff]+")


class Morphology:
    """How one language's words are made comparable."""

    def __init__(self, language: Language) -> None:
        self.word_spaces = language.word_spaces
        self._elisions = frozenset(language.words["elisions"])
        self._links = language.words["compound_links"]
        self._endings = ("", *self._links)
        self._known: Mapping[str, str] = {}
        self._parts_known: Mapping[str, str] = {}
        self._based_known: frozenset[str] = frozenset()
        self._longest = 0
        self.base: Callable[[str], str] = lru_cache(REMEMBERED)(base_of(language.stemmer))
        self.name: Callable[[str], str] = lru_cache(REMEMBERED)(base_of("plural s"))
        #: Whether endings are taken off that tell a verb from a noun.
        self.stems = language.stemmer not in ("plural s", "none") and not self._links
        self._names_alike = language.stemmer == "plural s"

    def learn(self, words: Collection[str], small: Collection[str]) -> None:
        """Know these words from now on, written as people write them; small ones are no parts of compounds."""
        self._parts_known = {plain_letters(word): self.base(word) for word in words if len(word) >= SHORTEST_PART}
        self._known = {plain_letters(word): self.base(word) for word in (*words, *small)}
        self._based_known = frozenset(self._known.values())
        self._longest = max((len(word) for word in self._known), default=0)

    def extended(self, words: Collection[str], names: Collection[str]) -> "Morphology":
        """The same with an organization's own words and the names of its tools; names are no parts of compounds."""
        more = copy(self)
        if self._links or not self.word_spaces:
            more.learn_more(words, names)
        return more

    def learn_more(self, words: Collection[str], names: Collection[str]) -> None:
        """Know these words and names too."""
        own = {plain_letters(word): self.base(word) for word in words}
        named = {plain_letters(name): self.base(name) for name in names}
        self._parts_known = {**self._parts_known, **{word: base for word, base in own.items() if len(word) >= SHORTEST_PART}}
        self._known = {**self._known, **own, **named}
        self._based_known = self._based_known.union(own.values(), named.values())
        self._longest = max(self._longest, *(len(word) for word in (*own, *named)))

    def taught(self, written: Iterable[Token]) -> tuple[Token, ...]:
        """The words of a phrase of the vocabulary, which stands as in a dictionary."""
        base, name = self.base, self.base if self._names_alike else self.name
        return tuple(
            token if (word := base(token.word)) == token.word and name(token.word) == word else self._token(word, token) for token in written
        )

    def _token(self, word: str, token: Token) -> Token:
        """The token with this base form, and the form in which names are compared."""
        return Token(word, *token[1:7], "" if self._names_alike else self.name(token.word))

    def heard(self, written: Iterable[Token]) -> tuple[Token, ...]:
        """The words of a text, with unknown compounds taken apart."""
        if not self._links:
            return self.taught(written)
        return tuple(part for token in written for part in self._compound(token))

    def split(self, written: tuple[Token, ...]) -> tuple[Token, ...]:
        """The words with elisions as words of their own (l'équipe), and unspaced text cut into words."""
        if not self.word_spaces:
            return tuple(piece for token in written for piece in self._cut(token))
        if not self._elisions:
            return written
        found: list[Token] = []
        for token in written:
            if token.cut and token.word[: token.cut] in self._elisions:
                found.append(Token(token.word[: token.cut], token.start, token.start + token.cut, *token[3:6]))
                found.append(Token(token.word[token.cut :], token.start + token.cut + 1, *token[2:6]))
            else:
                found.append(token)
        return tuple(found)

    def _compound(self, token: Token) -> Iterator[Token]:
        word = self.base(token.word)
        if word in self._based_known or not SHORTEST_COMPOUND <= len(token.word) <= MOST_LETTERS:
            yield self._token(word, token)
            return
        for part in self._taken_apart(plain_letters(token.word)) or (word,):
            yield Token(part, *token[1:])

    def _taken_apart(self, word: str) -> tuple[str, ...]:
        """The known words a compound is made of, in base form; nothing where it is not all known words.

        The fewest parts win. Linking letters may stand behind each: Vertrag-S-Entwurf, and endings behind the last.
        """
        best: dict[int, tuple[str, ...]] = {len(word): ()}
        for start in range(len(word) - SHORTEST_PART, -1, -1):
            for end, rest in tuple(best.items()):
                if end - start >= SHORTEST_PART and (part := self._part(word[start:end])) and (start not in best or len(best[start]) > len(rest) + 1):
                    best[start] = (part, *rest)
        return best.get(0, ())

    def _part(self, letters: str) -> str:
        """The known word that stands here, without its linking letters or ending."""
        for ending in self._endings:
            if letters.endswith(ending) and (word := self._parts_known.get(letters[: len(letters) - len(ending)])):
                return word
        return ""

    def apart(self, written: tuple[Token, ...]) -> tuple[Token, ...]:
        """The words of a phrase of the vocabulary: loan words apart from an unspaced script, and nothing else cut."""
        return tuple(
            Token(piece.group(), token.start + piece.start(), token.start + piece.end(), *token[3:6])
            for token in written
            for piece in SPACED.finditer(token.word)
        )

    def _cut(self, token: Token) -> Iterator[Token]:
        """Unspaced text cut at the longest known words; what is unknown stays in one piece."""
        if token.word.isascii():
            yield token
            return
        for piece in SPACED.finditer(token.word):
            first = piece.start()
            for start, end in [(0, len(piece.group()))] if piece.group().isascii() else cuts(piece.group(), self._known, self._longest):
                yield Token(piece.group()[start:end], token.start + first + start, token.start + first + end, *token[3:6])


def cuts(text: str, known: Mapping[str, str], longest: int) -> Iterator[tuple[int, int]]:
    """Where the words of an unspaced text begin and end.

    A run of katakana is one foreign word: it is cut only where all of it is known.
    """
    runs = {match.start(): match.end() for match in KATAKANA.finditer(text)}
    at = unknown = 0
    while at < len(text):
        end = next((end for end in range(min(len(text), at + longest), at, -1) if text[at:end] in known), 0)
        if at in runs and not all_known(text[at : runs[at]], known) and end <= runs[at]:
            end = 0
        if end:
            if unknown < at:
                yield unknown, at
            yield at, end
            at = unknown = end
        else:
            at = runs.get(at, at + 1)
    if unknown < at:
        yield unknown, at


def all_known(run: str, known: Mapping[str, str]) -> bool:
    """Whether a run is made of known words and nothing else."""
    reached = {0}
    for end in range(1, len(run) + 1):
        if any(run[start:end] in known for start in reached):
            reached.add(end)
    return len(run) in reached


def base_of(stemmer: str) -> Callable[[str], str]:
    """The base form of a word by one of the ways a language file can name."""
    if stemmer == "none":
        return plain_letters
    if stemmer == "plural s":
        return lambda word: stem(plain_letters(word))
    snowball: Any = Stemmer.Stemmer(stemmer)  # the library says nothing of its types

    def base(word: str) -> str:
        if len(word) > MOST_LETTERS:
            return word
        # Loan words keep their English plural, which no other stemmer takes off: "los tickets".
        return str(snowball.stemWord(stem(plain_letters(word))))

    return base


def forms_of_one_noun(one: str, other: str) -> bool:
    """Whether two words of one stem may be forms of the same noun."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return one[shared:] in NOUN_ENDINGS and other[shared:] in NOUN_ENDINGS


def plain_letters(word: str) -> str:
    """A word with the accents off its Latin letters: people leave them out as often as not."""
    return word if word.isascii() else word.translate(PLAIN)
