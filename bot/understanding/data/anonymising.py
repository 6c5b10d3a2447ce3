"""Data said to be anonymised, aggregated or synthetic: what of it counts as such, and where a doubt is left."""

from bot.policy.model import DataClass, ProhibitedInput
from bot.understanding.marks import negated
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

OBJECT_REACH = 4  # words between "no way back" and whom it speaks of: "to a single CLIENT"


def anonymised(sentence: Sentence, meant: list[Heard]) -> frozenset[Heard]:
    """The data said to be anonymised or synthetic; none where the text leaves any doubt about it.

    An adjective belongs to the data right before it, else to that right behind; one in brackets to what they explain;
    "all names removed" to the nearest data before it, else to the next of the same sentence.
    """
    if doubted(sentence):
        return frozenset()
    lifted: set[Heard] = set()
    for mark in marks_of(sentence, Kind.ANONYMISED):
        before = [heard for heard in meant if heard.overlaps(mark) or (heard.last < mark.first and described_by(sentence, heard, mark))]
        lifted.update(before or [heard for heard in meant if heard.first > mark.last and right_behind(sentence, mark, heard)])
    for mark in marks_of(sentence, Kind.NAMES_REMOVED):
        earlier = [heard for heard in meant if heard.last < mark.first]
        nearest = (earlier[-1:] or [heard for heard in meant if goes_on(sentence, mark, heard)])[:1]
        lifted.update(heard for heard in meant if nearest and heard.overlaps(nearest[0]) and about_people(sentence, heard))
    if (sure := beyond_doubt(sentence)) is not None:
        spoken_of = [heard for heard in meant if heard.last < sure.last] or [heard for heard in meant if goes_on(sentence, sure, heard)][:1]
        lifted.update(heard for heard in spoken_of if about_people(sentence, heard))
    return frozenset(lifted)


def about_people(sentence: Sentence, heard: Heard) -> bool:
    """Whether this is data in which people or clients stand: a forecast stays one when there are only totals in it."""
    return heard.id not in sentence.lexicon.papers


def told_away(sentence: Sentence, first: int, last: int) -> bool:
    """Whether this is what was taken out: "removed every NAME and ADDRESS"."""
    marks = marks_of(sentence, Kind.NAMES_REMOVED, Kind.BEYOND_DOUBT)
    if first == last and sentence.is_in(first, "people_words") and any(mark.last < first and nobody(sentence, mark, first) for mark in marks):
        return True
    return any(mark.roomy and mark.first <= first and last <= mark.last and mark.last - mark.first > last - first for mark in marks)


def nobody(sentence: Sentence, mark: Heard, at: int) -> bool:
    """Whether this only says who cannot be found: "no way back to a single CLIENT"."""
    between = [place for place in range(mark.last + 1, at) if not sentence.is_in(place, "source_leads", "purpose_leads", "weak_slots")]
    together = mark.kind is Kind.BEYOND_DOUBT and sentence.tokens[at].part == sentence.tokens[mark.last].part
    plain = not any(place in sentence.covered or sentence.is_in(place, "and_words", "put", "slot") for place in between)
    return together and plain and len(between) <= OBJECT_REACH


def marks_of(sentence: Sentence, *kinds: Kind) -> list[Heard]:
    """What says that data is anonymised, where it is not denied."""
    return [mark for kind in kinds for mark in sentence.of(kind) if not negated(sentence, mark)]


def described_by(sentence: Sentence, heard: Heard, mark: Heard) -> bool:
    """Whether a mark behind data speaks of it: right behind, and not of what follows ("code of our MOCK server"), or in brackets."""
    first, last = sentence.tokens[heard.last], sentence.tokens[mark.first]
    if last.aside and not first.aside:
        return not any(sentence.tokens[at].aside is False for at in range(heard.last + 1, mark.first)) and first.clause == last.clause
    return ends_here(sentence, mark.last + 1) and only_small(sentence, heard.last + 1, mark.first)


def right_behind(sentence: Sentence, mark: Heard, heard: Heard) -> bool:
    """Whether data stands right behind an adjective: "ANONYMISED support tickets"."""
    return sentence.tokens[mark.last].clause == sentence.tokens[heard.first].clause and only_small(sentence, mark.last + 1, heard.first)


def goes_on(sentence: Sentence, mark: Heard, heard: Heard) -> bool:
    """Whether data behind a mark is still what it speaks of: not behind "and" in a later sentence."""
    if heard.first <= mark.last:
        return False
    clause = sentence.tokens[heard.first].clause
    if clause == sentence.tokens[mark.last].clause:
        return True
    return not any(sentence.tokens[at].clause == clause and sentence.is_in(at, "and_words") for at in range(mark.last + 1, heard.first))


def beyond_doubt(sentence: Sentence) -> Heard | None:
    """Where a text has said for the last time that nobody can be found in the data at hand; None where it does not say so for sure.

    "NOBODY CAN BE TRACED" says it alone; "no names left" only together with "anonymised", with totals, or with another such word.
    """
    said = marks_of(sentence, Kind.BEYOND_DOUBT)
    sure = [heard for heard in said if not any(heard.within(other) for other in said)]
    apart = [heard for number, heard in enumerate(sure) if number == 0 or heard.first > sure[number - 1].last]
    marks = marks_of(sentence, Kind.ANONYMISED, Kind.NAMES_REMOVED)
    clear = any(sentence.is_in(at, "identifying") for mark in apart for at in sentence.own(mark))
    if not apart or not (clear or marks or totals(sentence) or len(apart) > 1):
        return None
    return max((*apart, *marks), key=lambda heard: heard.last)


def totals(sentence: Sentence) -> bool:
    """Whether the text speaks of totals, averages or the like."""
    return any(sentence.is_in(at, "totals") for at in range(len(sentence.words)))


def ends_here(sentence: Sentence, at: int) -> bool:
    """Whether a phrase ends before this word."""
    return at >= len(sentence.words) or sentence.tokens[at].part != sentence.tokens[at - 1].part or sentence.is_in(at, "stop", "slot")


def doubted(sentence: Sentence) -> bool:
    """Whether the text leaves a doubt about the anonymising: half done, undone, only planned, or reversible."""
    sure = {at for heard in sentence.of(Kind.BEYOND_DOUBT) for at in sentence.own(heard)}
    if any(wished(sentence, mark) for mark in marks_of(sentence, Kind.ANONYMISED, Kind.NAMES_REMOVED, Kind.BEYOND_DOUBT)):
        return True
    return bool(marks_of(sentence, Kind.PSEUDONYMISED)) or any(
        sentence.is_in(at, "anonymising_doubts") or (sentence.is_in(at, "anonymising_tasks") and planned(sentence, at))
        for at in range(len(sentence.words))
        if at not in sure and at not in sentence.covered
    )


def wished(sentence: Sentence, mark: Heard) -> bool:
    """Whether this is what a tool is to bring about: "can ChatGPT rewrite the tickets SO THAT nobody can be identified?"."""
    if not sentence.lexicon.language.word_spaces:
        return any(sentence.is_in(at, "so_that") for at in (mark.last, mark.last + 1))
    clause = sentence.tokens[mark.first].clause
    asked = any(tool.last < mark.first and sentence.tokens[tool.first].clause == clause for tool in sentence.of(Kind.TOOL))
    return asked and any(sentence.is_in(at, "so_that") for at in (mark.first - 1, mark.first - 2))


def planned(sentence: Sentence, at: int) -> bool:
    """Whether a word says that somebody is yet to anonymise: "I WANT to have all names removed", not "all names removed, to MAKE a chart"."""
    marks = [mark for kind in (Kind.ANONYMISED, Kind.NAMES_REMOVED, Kind.BEYOND_DOUBT) for mark in sentence.of(kind)]
    clause, part = sentence.tokens[at].clause, sentence.tokens[at].part
    purpose = any(sentence.is_in(before, "purpose_leads") for before in (at - 1, at - 2))
    return any(
        sentence.tokens[mark.first].clause == clause
        and not (purpose and at > mark.last)
        and (at < mark.first or sentence.tokens[mark.first].part == part or not sentence.lexicon.language.word_spaces)
        for mark in marks
    )


def only_small(sentence: Sentence, first: int, end: int) -> bool:
    """Whether nothing but small and ordinary words stands in this range."""
    return all(sentence.is_in(at, "stop", "ordinary") and not sentence.is_in(at, "and_words") for at in range(first, end))


def counts_as(sentence: Sentence, heard: Heard) -> str:
    """What anonymised data of this kind is judged as: never more sensitive than it was, and not for what never counts."""
    policy = sentence.lexicon.policy
    entry = policy.data[heard.id]
    if not policy.anonymised_counts_as or (isinstance(entry, ProhibitedInput) and not entry.anonymised_counts):
        return heard.id
    order = sentence.lexicon.order
    if isinstance(entry, DataClass) and order.index(heard.id) < order.index(policy.anonymised_counts_as):
        return heard.id
    return policy.anonymised_counts_as
