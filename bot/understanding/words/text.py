"""A text as tokens: what was written, made comparable.

Case, accents of width, invisible characters, punctuation and plural endings are taken away; where each token stood is
kept, so that the words heard can be shown again. Every pattern here is linear in the length of the text.
"""

import re
from typing import NamedTuple

#: Longer texts are not judged at all: an answer would rest on a part of the question.
MAX_CHARACTERS = 12_000

WORD = re.compile(r"[^\W_]+")
# Ends a clause: what stands behind it is said on its own.
CLAUSE = re.compile(r"[.!?;:\n。¿¡]")
COMMA = re.compile(r"[,/+&|•、・]|\s[-–—]\s|[()\[\]\"“”„「」『』«»]")


class Token(NamedTuple):
    """One word. `clause` and `part` count the sentence ends and commas before it.

    `cut` is where an apostrophe stood in it: "lequipe", 1. `name` is the word as names of tools are compared, where that is
    not the word itself: a stemmer made for the language's own words makes "Descript" and "description" one. `aside` tells
    whether it stands in brackets.
    """

    word: str
    start: int
    end: int
    clause: int
    part: int
    aside: bool = False
    cut: int = 0
    name: str = ""


def stem(word: str) -> str:
    """The word without a plural ending; the same for what is taught and what is heard."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("sses", "xes", "ches", "shes", "zes")):
            return word[:-2]
        return word[:-1]
    return word


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a cleaned text, in order."""
    found: list[Token] = []
    clause = part = at = 0
    aside = False
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals grow when lowered; positions would slip
        lowered = text
    if lowered.replace(" ", "").isalnum():  # nothing but words: most phrases of a vocabulary
        for word in lowered.split(" "):
            if word:
                found.append(Token(word, at, at + len(word), 0, 0))
            at += len(word) + 1
        return tuple(found)
    for match in WORD.finditer(lowered):
        start, end = match.span()
        gap = lowered[at:start]
        if gap != " " and gap:
            if gap == "'" and found:
                # don't, customer's: one word, without the ending that only shows possession
                tail = match.group()
                last = found.pop()
                word = last.word if tail == "s" else last.word + tail
                found.append(Token(word, last.start, end, *last[3:6], 0 if word is last.word else len(last.word)))
                at = end
                continue
            if gap in (", ", ","):
                part += 1
            elif CLAUSE.search(gap) and gap not in (".", ":", ";", " ."):  # "heise.de", "8:30", "the .env file"
                clause += 1
                part += 1
            elif gap != "/ " and COMMA.search(gap):  # "a call w/ a supplier"
                part += 1
            if "(" in gap or ")" in gap:
                aside = gap.rfind("(") > gap.rfind(")")
        found.append(Token(match.group(), start, end, clause, part, aside))
        at = end
    return tuple(found)
