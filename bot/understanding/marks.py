"""Negation and correction: which of the things heard were not meant after all."""

from collections.abc import Iterable
from itertools import pairwise

from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

REACH = 5  # small words between "no" and what it denies: "no real names of any customer"
NEAR = 3  # words around "sorry" that make it a correction: "ChatGPT, sorry, Claude"


def negated(sentence: Sentence, heard: Heard) -> bool:
    """Whether the thing heard was said to be absent: "no customer data", "not confidential", "without names or emails"."""
    known = sentence.negations.get(heard)
    if known is None:
        known = sentence.negations[heard] = denied_after(sentence, heard) or denied_before(sentence, heard)
    return known


def denied_before(sentence: Sentence, heard: Heard) -> bool:
    """Whether words in front say that the thing is absent: "NO customer data", "without names or EMAILS"."""
    at = heard.first - 1
    for _ in range(REACH):
        if at < 0 or sentence.tokens[at].clause != sentence.tokens[heard.first].clause:
            return False
        negator = next((other for other in sentence.of(Kind.NEGATOR) if other.last == at), None)
        if negator and sentence.tokens[at].part != sentence.tokens[at + 1].part:
            return False  # "no, the roadmap" takes something else back
        if negator and not denies_the_verb(sentence, negator):
            return not any(negator.first >= other.first and negator.last <= other.last for other in sentence.of(Kind.NOT_NEGATION))
        if sentence.is_in(at, "or_words"):  # "no keys or passwords": what is denied before "or" is denied after it
            previous = next((other for other in sentence.heard if other.kind is heard.kind and other.last == at - 1), None)
            return negated(sentence, previous or Heard(heard.kind, "", max(0, at - 1), max(0, at - 1)))
        if heard.kind is Kind.TOOL and sentence.tokens[at].part != sentence.tokens[at + 1].part:
            return False  # "nothing confidential, WITH Rovo"
        led = heard.kind is Kind.TOOL and sentence.is_in(at, "slot", "purpose_leads", "standing_leads", "editions")  # "it is not FOR ChatGPT Free"
        if not (led or sentence.is_in(at, "negation_fillers", "parts") or leads_from_a_part(sentence, at)):
            return False
        at -= 1
    return False


def leads_from_a_part(sentence: Sentence, at: int) -> bool:
    """Whether a word leads from a part of a paper to what stands there: "without the page WITH prices", "ohne den Teil ZU den Preisen"."""
    together = at > 0 and sentence.tokens[at].part == sentence.tokens[at - 1].part
    return together and sentence.is_in(at, "source_leads", "topic_links", "slot", "weak_slots", "and_words") and sentence.is_in(at - 1, "parts")


def denies_the_verb(sentence: Sentence, negator: Heard) -> bool:
    """Whether "not" belongs to "can I not …" and so says nothing about the data."""
    return sentence.is_in(negator.first - 2, "modals") and sentence.is_in(negator.first - 1, "pronouns")


def denied_after(sentence: Sentence, heard: Heard) -> bool:
    """Whether words right behind say that the thing is absent: "names are not included", 個人情報は含まない.

    All of a list is denied by what stands behind its last item: "names, addresses and phone numbers are not included".
    """
    if denied_in_short(sentence, heard) or (heard.kind is Kind.DATA and removed_part(sentence, heard)):
        return True
    for mark in sentence.of(Kind.NEGATOR_AFTER):
        if mark.first <= heard.last or sentence.tokens[mark.first].clause != sentence.tokens[heard.last].clause:
            continue
        items = [other for other in sentence.of(heard.kind) if heard.last < other.first and other.last < mark.first]
        listed = {at for other in items for at in range(other.first, other.last + 1)}
        between = [at for at in range(heard.last + 1, mark.first) if at not in listed]
        chained = listed and linked(sentence, [heard, *items])
        if len(between) > REACH or (sentence.tokens[mark.first].part != sentence.tokens[heard.last].part and not chained):
            continue
        if all(sentence.is_in(at, "negation_fillers", "stop", "and_words", "or_words") for at in between) and (not listed or chained):
            return True
    return False


def removed_part(sentence: Sentence, heard: Heard) -> bool:
    """Whether this is what stood in a part that was taken out: "the PRICE column is deleted", "deleted the column WITH PRICES"."""
    before = before_determiners(sentence, heard.first)
    behind = sentence.is_in(heard.last + 1, "parts")
    if not (behind or leads_from_a_part(sentence, before)):
        return False
    first, last = (heard.first, heard.last + 1) if behind else (before - 1, heard.last)
    inside = [at for at, token in enumerate(sentence.tokens) if token.part == sentence.tokens[heard.first].part]
    away = [at for at in inside if sentence.is_in(at, "removed")]
    between = [(*range(at + 1, first), *range(last + 1, at)) for at in away]
    gone = any(all(sentence.is_in(mid, "determiners", "negation_fillers") for mid in places) for places in between)
    return gone and sentence.denying.isdisjoint(inside) and not any(sentence.is_in(at, "anonymising_tasks", "modals") for at in inside)


def denied_in_short(sentence: Sentence, heard: Heard) -> bool:
    """Whether a part of a sentence says only "the thing: no", and something else follows: "los tickets NO, la wiki"."""
    at = heard.last + 1
    if at + 1 >= len(sentence.words) or not any(mark.first == mark.last == at for mark in sentence.of(Kind.NEGATOR)):
        return False
    part = sentence.tokens[heard.first].part
    inside = [place for place, token in enumerate(sentence.tokens) if token.part == part and not heard.first <= place <= at]
    return sentence.tokens[at].part == part != sentence.tokens[at + 1].part and all(sentence.is_in(place, "determiners") for place in inside)


def linked(sentence: Sentence, items: list[Heard]) -> bool:
    """Whether each thing is linked to the next by "and", "or" or a comma, and nothing but small words stands between."""
    for one, other in pairwise(items):
        between = range(one.last + 1, other.first)
        comma = sentence.tokens[one.last].part != sentence.tokens[other.first].part and "(" not in sentence.written(one.first, other.last)
        if not (comma or any(sentence.is_in(at, "and_words", "or_words") for at in between)):
            return False
        if not all(sentence.is_in(at, "and_words", "or_words", "negation_fillers", "stop") for at in between):
            return False
    return True


def taken_back(sentence: Sentence, spans: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Which of these things, all of one kind, a later "sorry, I mean …" took back.

    Shapes   spans: the first and last word of each thing.
    """
    things = sorted(spans)
    dropped: set[tuple[int, int]] = set()
    for mark in sentence.of(Kind.CORRECTION):
        if any(both.last < mark.first and same_clause(sentence, both, mark) for both in sentence.of(Kind.NOT_NEGATION)):
            continue  # "NOT ONLY the wiki BUT the list"
        if any(mark.last < first <= mark.last + 2 * REACH and not joins(sentence, mark.last + 2, first) for first, _ in things):
            dropped.update(thing for thing in things if thing[1] < mark.first)
    for mark in sentence.of(Kind.WEAK_CORRECTION):
        before = [thing for thing in things if 0 < mark.first - thing[1] <= NEAR]
        if before and any(0 < first - mark.last <= NEAR for first, _ in things):
            dropped.update(before)
    return frozenset(dropped)


def joins(sentence: Sentence, first: int, end: int) -> bool:
    """Whether "and" or the like stands in this range: "the list, I mean all of it, PLUS the press release" takes nothing back."""
    return any(sentence.is_in(at, "and_words") and not sentence.is_in(at, "slot") for at in range(first, end))


def same_clause(sentence: Sentence, one: Heard, other: Heard) -> bool:
    """Whether two phrases stand in the same sentence."""
    return sentence.tokens[one.first].clause == sentence.tokens[other.first].clause


def before_determiners(sentence: Sentence, at: int) -> int:
    """The number of the word before this one and its "the" or "our"; -1 at the beginning."""
    before = at - 1
    while before >= 0 and sentence.is_in(before, "determiners"):
        before -= 1
    return before
