"""Names of tools that no register knows: by their form, by where they stand, by what is asked about them."""

import re
from collections.abc import Iterator

from bot.understanding.marks import before_determiners
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Kind

NAME_LENGTH = 3  # words an unregistered name may have
NEVER_NAMES = ("stop", "ordinary", "not_tools", "put", "negators", "slot")
AI_ENDING = re.compile(r"(?:gpt|\bai|bot|llm)$", re.I)
WEB_ENDING = re.compile(r"\w\.(?:ai|io)$", re.I)
VERSION = re.compile(r"v?\d+$", re.I)
# What the web addresses of products end in.
TOP_LEVEL = frozenset((
    "ai", "io", "app", "com", "net", "org", "me", "co", "so", "dev", "tech", "cloud", "eu", "uk", "de", "fr", "es", "mx", "ar", "pt", "br", "jp",
    "ch", "at", "it", "nl", "us",
))  # fmt: skip
QUOTED = {"「": "」", "『": "』", "“": "”", '"': '"'}
JOINED_REACH = 5  # words between a tool and what is joined to it: "ChatGPT OR ELSE INTO Flurb"


def in_slot(sentence: Sentence, at: int, last: int | None = None) -> bool:
    """Whether words stand where a tool stands: after "into", "with", "use" …, at the very beginning, or before a word like に."""
    if sentence.is_in((at if last is None else last) + 1, "slots_after"):
        return True
    before = before_determiners(sentence, at)
    return at == 0 or sentence.is_in(before, "slot") or (0 <= before < 2 and sentence.is_in(before, "modals"))


def unregistered_names(sentence: Sentence, taken: set[int], *, named: bool) -> Iterator[tuple[int, int]]:
    """Where names of tools stand that nobody has registered.

    A name counts where a tool would stand: after "into", "with" or "use", or before "approved". Written small, it
    counts only while no other tool was named, for then it may be any word.
    """
    size = len(sentence.words)
    never = sentence.lexicon.union(NEVER_NAMES)
    at = 0
    while at < size:
        first = at
        at += 1
        if (end := quoted_end(sentence, first, taken)) is not None and not named:
            yield first, end
            at = end + 1
            continue
        if (end := domain_end(sentence, first, taken, named=named)) is not None:
            if not from_there(sentence, first, named=named):
                yield first, end
            at = end + 1
            continue
        if (end := compound_end(sentence, first)) is not None and first not in sentence.covered:
            if not named and not sentence.of(Kind.DATA) and asks_for_standing(sentence, end + 1) and not determined_by(sentence, first):
                yield first, end
            at = end + 1
            continue
        if sentence.words[first] in never or not may_be_name(sentence, first, taken):
            continue
        last = name_end(sentence, first, taken)
        if is_name(sentence, first, last, named=named) or (named and beside_a_tool(sentence, first, last, taken)):
            yield first, last
            at = last + 1


def name_end(sentence: Sentence, first: int, taken: set[int]) -> int:
    """The number of the last word of a name that begins here."""
    last = first
    while last + 1 < len(sentence.words) and last + 1 - first < NAME_LENGTH and continues_name(sentence, last + 1, taken):
        last += 1
    return last


def quoted_end(sentence: Sentence, first: int, taken: set[int]) -> int | None:
    """The number of the last word of a name in quotation marks before a word that leads to a tool: 「はるか」に; None where none is."""
    if not sentence.lexicon.lists["slots_after"] or sentence.text[sentence.tokens[first].start - 1 : sentence.tokens[first].start] not in QUOTED:
        return None
    for last in range(first, min(first + NAME_LENGTH, len(sentence.words))):
        if last in taken or last in sentence.covered:
            return None
        if sentence.text[sentence.tokens[last].end : sentence.tokens[last].end + 1] == QUOTED[sentence.text[sentence.tokens[first].start - 1]]:
            return last if sentence.is_in(last + 1, "slots_after", "standing_leads") else None
    return None


def domain_end(sentence: Sentence, first: int, taken: set[int], *, named: bool) -> int | None:
    """The number of the last word of a web address that begins here: "quickquill.io"; None where none does."""
    last = first
    while last + 1 < len(sentence.words) and sentence.text[sentence.tokens[last].end : sentence.tokens[last + 1].start] == ".":
        last += 1
    if sentence.text[sentence.tokens[first].start - 1 : sentence.tokens[first].start] == "@":
        return None  # an e-mail address
    if last == first or any(at in taken or (named and at in sentence.covered) for at in range(first, last)):
        return None
    return last if sentence.tokens[last].word in TOP_LEVEL and not sentence.words[first].isdecimal() else None


def from_there(sentence: Sentence, first: int, *, named: bool) -> bool:
    """Whether something comes from a web address or stands there, instead of going into it: "the article ON heise.de"."""
    before = before_determiners(sentence, first)
    link = sentence.is_in(before, "source_leads", "weak_slots", "topic_links", "destination_leads")
    return a_source(sentence, first) or (named and link and not (sentence.is_in(before, "slot") and leads(sentence, first, first)))


def compound_end(sentence: Sentence, first: int) -> int | None:
    """The number of the last part of a word that was taken apart here; None where none was."""
    last = first
    while last + 1 < len(sentence.tokens) and sentence.tokens[last + 1].start == sentence.tokens[first].start:
        last += 1
    return last if last > first else None


def beside_a_tool(sentence: Sentence, first: int, last: int, taken: set[int]) -> bool:
    """Whether a strange word is joined to a tool by "and" or "or": "ChatGPT or else in FLURB", "FLURB and Claude"."""
    if first in sentence.mended or sentence.lexicon.known(sentence.words[first], sentence.names[first]):
        return False
    for step, at in ((-1, first - 1), (1, last + 1)):
        joined = False
        for reach in range(JOINED_REACH):
            if not 0 <= at < len(sentence.words) or sentence.tokens[at].clause != sentence.tokens[first].clause:
                break
            if at in taken:
                if joined:
                    return True
                break
            leads_here = sentence.is_in(at, "slot", "weak_slots", "determiners")
            joins = sentence.is_in(at, "and_words", "or_words") and not leads_here
            if not (joins or leads_here or (reach and sentence.is_in(at, "stop"))):
                break
            joined = joined or joins
            at += step
    return False


def lone_name(sentence: Sentence, taken: set[int]) -> tuple[int, int] | None:
    """The one name in a text that names data and no tool: it is the tool, wherever it stands."""
    if not sentence.of(Kind.DATA):
        return None
    never = sentence.lexicon.union(NEVER_NAMES)
    opening = max((heard.last + 1 for heard in sentence.of(Kind.FOLLOW_UP) if heard.first == 0), default=0)  # "what about FLURB …"
    for at, word in enumerate(sentence.words):
        if word in never or at in sentence.mended or sentence.lexicon.known(word, sentence.names[at]) or not may_be_name(sentence, at, taken):
            continue
        last = name_end(sentence, at, taken)
        alone = (at == 0 or not same_part(sentence, at - 1, at)) and begins(sentence, last)
        if alone or at == opening or (at > 0 and capitalised(sentence, sentence.written(at, at))):
            return at, last
    return None


def begins(sentence: Sentence, last: int) -> bool:
    """Whether a name with which a text or a part of it begins ends here: "FLURB for …", "REPLIT agent to …", "FLURB 3, the roadmap?"."""
    if sentence.is_in(last + 1, "common_name_words") and not sentence.is_in(last + 1, "stop"):
        last += 1
    return (
        last + 1 >= len(sentence.words)
        or not same_part(sentence, last, last + 1)
        or sentence.is_in(last + 1, "purpose_leads", "and_words", "slot", "modals")
        or sentence.text[sentence.tokens[last].end : sentence.tokens[last + 1].start].strip() in (":", "-", "->", "→", "+", "=")
    )


def may_be_name(sentence: Sentence, at: int, taken: set[int]) -> bool:
    """Whether a word means nothing else here, so that it may be a name."""
    word = sentence.words[at]
    if at in taken or at in sentence.covered or VERSION.match(word) or len(word) < 2 or not sentence.written(at, at)[0].isalnum():
        return False
    if sentence.text[sentence.tokens[at].start - 1 : sentence.tokens[at].start] == "‹":
        return False
    return word not in sentence.lexicon.data_words


def continues_name(sentence: Sentence, at: int, taken: set[int]) -> bool:
    """Whether a word belongs to the name before it: capitalised, or "AI", right behind."""
    written = sentence.written(at, at)
    joined = sentence.tokens[at].start - sentence.tokens[at - 1].end <= 1 and sentence.tokens[at].part == sentence.tokens[at - 1].part
    if at in taken or not joined:
        return False
    dotted = sentence.text[sentence.tokens[at].start - 1 : sentence.tokens[at].start] == "."
    if written.islower() and sentence.is_in(at, "ordinary", "not_tools") and not sentence.is_in(at, "ai_words", "generic_tools"):
        return False
    ai = written.lower() in ("ai", "gpt") or (len(written) <= 3 and sentence.is_in(at, "generic_tools"))
    return (
        (written[0].isupper() and not sentence.text.isupper())
        or ai
        or (dotted and written.lower() in TOP_LEVEL)
        or VERSION.match(written) is not None
    )


def is_name(sentence: Sentence, first: int, last: int, *, named: bool) -> bool:
    """Whether these words are a tool's name, by their form and their place."""
    written = sentence.written(first, last)
    if named and a_source(sentence, first):
        return False
    slot = in_slot(sentence, first, last)
    standing = asks_for_standing(sentence, last + 1)
    capital = capitalised(sentence, written)
    of_an_ai = AI_ENDING.search(written) or (last > first and sentence.is_in(last, "generic_tools"))
    strange = not sentence.lexicon.known(sentence.words[first], sentence.names[first]) and first not in sentence.mended
    if of_an_ai and len(written) > 3 and (slot or capital or strange or WEB_ENDING.search(written)):
        return True
    if standing and last + 1 < len(sentence.words) and not determined_by(sentence, first) and (first == 0 or capital):
        return True
    ends = ends_slot(sentence, last + 1)
    if (
        capital
        and first
        and (standing or (slot and ends and leads(sentence, first, last)) or (not named and sentence.is_in(first - 1, "name_leads")))
    ):
        return True
    if named:
        return False
    determined = determined_by(sentence, first)
    placed = slot and (first > 0 or sentence.is_in(last + 1, "slots_after"))
    return (placed and not determined and ends and leads(sentence, first, last)) or (standing and sentence.is_in(first - 1, "standing_leads"))


def a_source(sentence: Sentence, first: int) -> bool:
    """Whether a name only tells where something was published or whose it is: "the ruling published ON CENDOJ"."""
    link = before_determiners(sentence, first)
    if any(mark.last == link - 1 for mark in sentence.of(Kind.QUALIFIER)):
        return True
    return sentence.is_in(link, "source_leads") and any(data.last == link - 1 for data in sentence.of(Kind.DATA))


def determined_by(sentence: Sentence, first: int) -> bool:
    """Whether "the" or "our" stands before: then it is a thing, not a name."""
    return first > 0 and sentence.is_in(first - 1, "determiners")


def capitalised(sentence: Sentence, written: str) -> bool:
    """Whether the capitals of these words say that they are a name."""
    if sentence.text.isupper():
        return False
    if sentence.lexicon.language.nouns_capitalised:  # every noun has one at its front; within a word it is telling
        return any(char.isupper() for word in written.split() for char in word[1:])
    return any(char.isupper() for char in written)


def leads(sentence: Sentence, at: int, last: int) -> bool:
    """Whether the word before a name leads to a tool: always after "into" or "use", after "in" or "to" only with a verb that moves data."""
    before = before_determiners(sentence, at)
    if sentence.is_in(last + 1, "slots_after") or not sentence.is_in(max(before, 0), "weak_slots"):
        return True
    clause = sentence.tokens[at].clause
    return any(sentence.is_in(other, "put") for other, token in enumerate(sentence.tokens) if token.clause == clause and other != before)


def asks_for_standing(sentence: Sentence, at: int) -> bool:
    """Whether "approved", "allowed", "ok" or the like follows, maybe after a small word: "est-il autorisé"."""
    for place in range(at, min(at + 3, len(sentence.words))):
        if sentence.is_in(place, "standing"):
            return True
        if not sentence.is_in(place, "standing_leads", "pronouns"):
            return False
    return False


def ends_slot(sentence: Sentence, at: int) -> bool:
    """Whether nothing of the same phrase follows: "use flurb FOR …", not "use flurb sheets for …"."""
    return (
        at >= len(sentence.words) or sentence.tokens[at].part != sentence.tokens[at - 1].part or sentence.is_in(at, "stop", "slot", "ordinary", "put")
    )


def same_part(sentence: Sentence, one: int, other: int) -> bool:
    """Whether no comma or full stop stands between two words."""
    return sentence.tokens[one].part == sentence.tokens[other].part
