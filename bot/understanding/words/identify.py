"""In which of the shipped languages a text is written.

Each word votes for the languages whose word lists have it: the small words of a language twice, its names for data and
purposes once, and once more where no other language has it; a word that is written with accents here as in a list votes
again. Characters of an unspaced script vote for the language that is written with them.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from bot.policy.language import Language
from bot.redaction.clean import APOSTROPHES
from bot.understanding.words.morphology import plain_letters

WORD = re.compile(r"[^\W\d_]+")
CLOSE = 1  # votes that do not decide against the language people here speak
LOOKED_AT = 2_000  # characters: a language shows at once
SMALL = ("stop", "modals", "askers", "pronouns", "determiners", "negators", "and_words", "slot", "weak_slots", "elisions")
OTHER = ("ordinary", "put", "generic_tools", "standing", "use_verbs", "help_words", "follow_ups", "edition_nouns", "anonymised")

Votes = tuple[tuple[str, int], ...]  # language codes, each with its weight


class Identification:
    """The words and characters by which languages are told apart."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self.codes = tuple(language.code for language in languages)
        votes: dict[str, Votes] = {}
        accented: dict[str, Votes] = {}
        self._characters: dict[str, str] = {}
        for language in languages:
            named = "\n".join(phrase for phrases in language.says.values() for phrase in phrases)
            small = "\n".join(phrase for key in SMALL for phrase in language.words[key])
            other = "\n".join(phrase for key in OTHER for phrase in language.words[key])
            seen: set[str] = set()
            for weight, phrases in ((2, small), (1, f"{named}\n{other}")):
                vote = ((language.code, weight),)
                words = set(WORD.findall(phrases.lower()))
                for word in {plain_letters(word) for word in words} - seen:
                    votes[word] = votes.get(word, ()) + vote
                    seen.add(word)
                for word in words:
                    if not word.isascii():
                        accented[word] = accented.get(word, ()) + vote
                if not language.word_spaces:
                    self._characters.update((char, language.code) for char in set(phrases) if not char.isascii())
        #: A word that only one language has tells more.
        self._votes: Mapping[str, Votes] = {word: ((of[0][0], of[0][1] + 1),) if len(of) == 1 else of for word, of in votes.items()}
        self._accented: Mapping[str, Votes] = accented

    def language(self, text: str, default: str, names: Set[str] = frozenset()) -> str:
        """The code of the language most words vote for; the default where it is nearly among the best. `names` have no vote."""
        if len(self.codes) < 2:
            return default
        scores: dict[str, int] = defaultdict(int)
        text = text[:LOOKED_AT]
        for word in words_of(text):
            if word in names:
                continue
            for code, weight in self._votes.get(word, ()):
                scores[code] += weight
        if not text.isascii():
            for word in WORD.findall(text.lower()):
                for code, weight in self._accented.get(word, ()):
                    scores[code] += weight
            for char in text:
                if script := self._characters.get(char):
                    scores[script] += 1
        best = max(scores.values(), default=0)
        if scores.get(default, 0) >= best - CLOSE:
            return default
        # Neighbours share most words: Spanish would win every tie with Portuguese if the first one did.
        return next(code for code in reversed(self.codes) if scores.get(code) == best)


def words_of(text: str) -> list[str]:
    """The words of a text, small and without accents; what stands before an apostrophe is a word of its own."""
    return WORD.findall(plain_letters(text.translate(APOSTROPHES).lower()))
