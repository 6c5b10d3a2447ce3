"""Misspelt words, mended: the one taught word that is a slip away.

Each taught word is filed under itself with any one letter left out. A heard word and its taught form meet there when
they differ by one slip (a letter missing, added, wrong or swapped), so finding it costs the length of the word, not
the size of the register.
"""

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

SHORTEST = 5  # shorter words have too many neighbours to guess
SURE = 8  # from this length on, even the first letter may be wrong
TWO_SLIPS = 9  # from this length on, two slips are still the same word


class Spelling:
    """The taught words, ready to be recognised by their misspellings.

    `telling` words (data, tools, wishes) are preferred to `ordinary` ones that are as near.
    """

    def __init__(self, telling: Iterable[str], ordinary: Iterable[str]) -> None:
        self._filed: dict[str, tuple[str, ...]] = {}
        self.telling = {word for word in telling if len(word) >= SHORTEST and word.isalpha() and word.isascii()}
        for word in self.telling | {word for word in ordinary if len(word) >= SHORTEST and word.isalpha() and word.isascii()}:
            alone = (word,)
            for key in shortened(word):
                filed = self._filed.setdefault(key, alone)
                if filed is not alone and word not in filed:
                    self._filed[key] = (*filed, word)

    def near(self, word: str) -> dict[str, int]:
        """The taught words that a misspelt one may have been meant as, with how many slips they are away."""
        if not SHORTEST <= len(word) <= 40 or not word.isalpha() or not word.isascii():
            return {}
        near: dict[str, int] = {}
        for key in shortened(word):
            for candidate in self._filed.get(key, ()):
                if len(word) < SURE and candidate[0] != word[0]:  # "flurbs" are no "blurbs": a slip is seldom in the first letter
                    continue
                slips = OSA.distance(word, candidate, score_cutoff=2)
                if slips <= (2 if min(len(word), len(candidate)) >= TWO_SLIPS else 1):
                    near[candidate] = slips
        return near

    def nearest(self, word: str, other: "Spelling") -> str | None:
        """The word of either spelling this was meant to be; None where there is none, or more than one as near."""
        near = {**other.near(word), **self.near(word)}
        if not near:
            return None
        best = min(near.values())
        nearest = [candidate for candidate, slips in near.items() if slips == best]
        telling = [candidate for candidate in nearest if candidate in self.telling or candidate in other.telling]
        nearest = telling or nearest
        return nearest[0] if len(nearest) == 1 else None


def shortened(word: str) -> Iterator[str]:
    """The word, and the word with each one of its letters left out."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
