"""Which kinds of data were named, what they are judged as, and which words in their place nobody knows."""

from collections.abc import Iterable, Iterator

from bot.policy.model import DataClass, ProhibitedInput
from bot.understanding.context import a_person_addressed, put_in
from bot.understanding.marks import negated, taken_back
from bot.understanding.phrases import Heard, Kind
from bot.understanding.reading import HeardData
from bot.understanding.sentence import Sentence


def hear_data(sentence: Sentence) -> tuple[tuple[HeardData, ...], tuple[str, ...], tuple[str, ...]]:
    """The kinds of data named, in order, without those denied or taken back; unknown words listed with them; unknown words behind them."""
    spoken = [heard for heard in sentence.of(Kind.DATA) if not a_person_addressed(sentence, heard)]
    dropped = taken_back(sentence, ((heard.first, heard.last) for heard in spoken))
    meant = [heard for heard in spoken if (heard.first, heard.last) not in dropped and not negated(sentence, heard)]
    meant = put_in(sentence, meant)
    lifted = anonymised(sentence, meant)
    found: dict[tuple[str, str], HeardData] = {}
    for heard in meant:
        judged_as = counts_as(sentence, heard) if heard in lifted else heard.id
        item = HeardData(heard.id, sentence.written(heard.first, heard.last), judged_as, heard.corrected)
        found.setdefault((item.id, item.judged_as), item)
    policy = sentence.lexicon.policy
    marks = [mark for mark in sentence.of(Kind.ANONYMISED) if not negated(sentence, mark)]
    if not meant and marks and policy.anonymised_counts_as and not doubted(sentence):
        mark = marks[0]
        found[policy.anonymised_counts_as, ""] = HeardData(
            policy.anonymised_counts_as, sentence.written(mark.first, mark.last), policy.anonymised_counts_as
        )
    return tuple(found.values()), tuple(unknown_among(sentence, meant)), tuple(unknown_head(sentence, meant))


def anonymised(sentence: Sentence, meant: list[Heard]) -> frozenset[Heard]:
    """The data said to be anonymised or synthetic; none where the text leaves any doubt about it.

    An adjective belongs to the data right behind or right before it; "all names removed" to the nearest data before it,
    else to the next.
    """
    if doubted(sentence):
        return frozenset()
    lifted: set[Heard] = set()
    for mark in sentence.of(Kind.ANONYMISED):
        if negated(sentence, mark):
            continue
        lifted.update(heard for heard in meant if heard.first > mark.last and only_small(sentence, mark.last + 1, heard.first))
        if ends_here(sentence, mark.last + 1):  # not "code of our MOCK server"
            lifted.update(heard for heard in meant if heard.last < mark.first and only_small(sentence, heard.last + 1, mark.first))
    for mark in sentence.of(Kind.NAMES_REMOVED):
        before = [heard for heard in meant if heard.last < mark.first]
        nearest = (before[-1:] or meant[:1])[:1]
        lifted.update(heard for heard in meant if nearest and heard.first <= nearest[0].last and nearest[0].first <= heard.last)
    if (last := beyond_doubt(sentence)) is not None:
        lifted.update([heard for heard in meant if heard.last < last] or meant[:1])
    return frozenset(lifted)


def beyond_doubt(sentence: Sentence) -> int | None:
    """Where a text has said for the last time that nobody can be found in the data at hand; None where it does not say so for sure.

    It takes two to say it: "nobody can be traced" together with "anonymised", with totals, or said in another way again.
    """
    sure = [heard for heard in sentence.of(Kind.BEYOND_DOUBT) if not any(heard.within(other) for other in sentence.of(Kind.BEYOND_DOUBT))]
    apart = [heard for number, heard in enumerate(sure) if number == 0 or heard.first > sure[number - 1].last]
    marks = [heard for kind in (Kind.ANONYMISED, Kind.NAMES_REMOVED) for heard in sentence.of(kind) if not negated(sentence, heard)]
    totals = any(sentence.is_in(at, "totals") for at in range(len(sentence.words)))
    if not apart or not (marks or totals or len(apart) > 1):
        return None
    return max(heard.last for heard in (*apart, *marks))


def ends_here(sentence: Sentence, at: int) -> bool:
    """Whether a phrase ends before this word."""
    return at >= len(sentence.words) or sentence.tokens[at].part != sentence.tokens[at - 1].part or sentence.is_in(at, "stop", "slot")


def doubted(sentence: Sentence) -> bool:
    """Whether the text leaves a doubt about the anonymising: half done, undone, only planned, or reversible."""
    sure = {at for heard in sentence.of(Kind.BEYOND_DOUBT) for at in range(heard.first, heard.last + 1)}
    told_in = {sentence.tokens[mark.first].clause for kind in (Kind.ANONYMISED, Kind.NAMES_REMOVED) for mark in sentence.of(kind)}
    return bool(sentence.of(Kind.PSEUDONYMISED)) or any(
        sentence.is_in(at, "anonymising_doubts") or (token.clause in told_in and sentence.is_in(at, "anonymising_tasks"))
        for at, token in enumerate(sentence.tokens)
        if at not in sure and at not in sentence.covered
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
    order = [data.id for data in policy.data_classes]
    if isinstance(entry, DataClass) and order.index(heard.id) < order.index(policy.anonymised_counts_as):
        return heard.id
    return policy.anonymised_counts_as


def unknown_among(sentence: Sentence, meant: list[Heard]) -> Iterator[str]:
    """Words that stand in one list with data we know and mean nothing to us: "blog posts and FLURBS"."""
    size = len(sentence.words)
    for heard in meant:
        yield from unknown_item(sentence, range(heard.last + 1, size), heard)
        yield from unknown_item(sentence, range(heard.first - 1, -1, -1), heard)


def unknown_item(sentence: Sentence, places: range, heard: Heard) -> Iterator[str]:
    """The unknown word joined to a piece of data by "and" or a comma.

    The list ends at the end of the clause, at a word that moves data or leads to a tool, at anything else heard, and
    behind a comma with any small word but "the": ", for a visitor …" goes on with something else.
    """
    own = sentence.tokens[heard.first]
    part, joined, skipped, small = own.part, False, False, False
    for at in places:
        token = sentence.tokens[at]
        if token.aside and not own.aside:
            skipped = True
            continue  # what stands in brackets explains, and belongs to no list
        if token.aside != own.aside:
            return
        if skipped:
            edge = sorted((at, at - places.step))
            joined, part, skipped = joined or "," in sentence.between(*edge), token.part, False
        if token.clause != own.clause or at in sentence.covered:
            return
        if sentence.is_in(at, "and_words"):
            if at < heard.first and sentence.is_in(at, "slot", "weak_slots"):
                return  # "interviews WITH applicants": the one contains the other
            joined, part = True, token.part
            if at > heard.last and sentence.is_in(at + 1, "open_ended"):
                yield sentence.written(at + 1, min(at + 4, len(sentence.words) - 1))
                return
            continue
        if token.part != part:
            if small and at < heard.first:
                return  # "flurbs, only blog posts": said anew
            joined, part = True, token.part
        if sentence.is_in(at, "put", "slot", "modals", "negators"):
            return
        if sentence.is_in(at, "stop"):
            joined, small = joined and sentence.is_in(at, "determiners"), small or not sentence.is_in(at, "determiners")
        elif not sentence.is_in(at, "ordinary", "editions", "not_tools", "ai_words") and not token.word.isdecimal():
            if joined:
                yield sentence.written(at, at)
            return


def unknown_head(sentence: Sentence, meant: Iterable[Heard]) -> Iterator[str]:
    """The unknown word right behind data, which may be what it is all about: "blog post FLURBS"."""
    for heard in meant if sentence.lexicon.language.head_last else ():
        at = heard.last + 1
        if at >= len(sentence.words) or at in sentence.covered or sentence.tokens[at].part != sentence.tokens[heard.last].part:
            continue
        if len(sentence.words[at]) > 2 and not sentence.words[at].isdecimal() and not sentence.lexicon.known(sentence.words[at], sentence.names[at]):
            yield sentence.written(at, at)
