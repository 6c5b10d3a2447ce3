"""Which kinds of data were named, what they are judged as, and which words in their place nobody knows."""

from collections.abc import Iterable, Iterator

from bot.understanding.data.anonymising import anonymised, counts_as, doubted, marks_of, told_away, totals
from bot.understanding.data.context import a_person_addressed, put_in
from bot.understanding.marks import negated, taken_back
from bot.understanding.reading import HeardData, HeardTool
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind


def hear_data(sentence: Sentence, tools: Iterable[HeardTool]) -> tuple[tuple[HeardData, ...], tuple[str, ...], tuple[str, ...]]:
    """The kinds of data named, in order, without those denied or taken back; unknown words listed with them; unknown words behind them."""
    spoken = [heard for heard in sentence.of(Kind.DATA) if not a_person_addressed(sentence, heard)]
    dropped = taken_back(sentence, ((heard.first, heard.last) for heard in spoken))
    meant = [heard for heard in spoken if (heard.first, heard.last) not in dropped and not negated(sentence, heard)]
    meant = put_in(sentence, meant)
    if not doubted(sentence):
        meant = [heard for heard in meant if not told_away(sentence, heard.first, heard.last)]
    lifted = anonymised(sentence, meant)
    found: dict[tuple[str, str], HeardData] = {}
    for heard in meant:
        judged_as = counts_as(sentence, heard) if heard in lifted else heard.id
        item = HeardData(heard.id, sentence.written(heard.first, heard.last), judged_as, heard.corrected)
        found.setdefault((item.id, item.judged_as), item)
    policy = sentence.lexicon.policy
    marks = marks_of(sentence, Kind.ANONYMISED, Kind.NAMES_REMOVED)
    order = sentence.lexicon.order
    least = order.index(policy.anonymised_counts_as) if policy.anonymised_counts_as else 0
    milder = all(data.judged_as in order[:least] for data in found.values())
    if marks and milder and (not found or totals(sentence)) and least and not doubted(sentence):
        mark = marks[0]  # "the AVERAGE mark of all pupils, for a poster": the average goes in
        found[policy.anonymised_counts_as, ""] = HeardData(
            policy.anonymised_counts_as, sentence.written(mark.first, mark.last), policy.anonymised_counts_as
        )
    named = frozenset(at for tool in tools for at in range(tool.span[0], tool.span[1] + 1))
    return tuple(found.values()), tuple(unknown_among(sentence, meant, named)), tuple(unknown_head(sentence, meant, named))


def unknown_among(sentence: Sentence, meant: list[Heard], named: frozenset[int]) -> Iterator[str]:
    """Words that stand in one list with data we know and mean nothing to us: "blog posts and FLURBS"."""
    size = len(sentence.words)
    for heard in meant:
        yield from unknown_item(sentence, range(heard.last + 1, size), heard, named)
        yield from unknown_item(sentence, range(heard.first - 1, -1, -1), heard, named)


def unknown_item(sentence: Sentence, places: range, heard: Heard, named: frozenset[int]) -> Iterator[str]:
    """The unknown word joined to a piece of data by "and" or a comma.

    The list ends at the end of the clause, at a word that moves data or leads to a tool, at anything else heard, and
    behind a comma with any small word but "the": ", for a visitor …" goes on with something else.
    """
    own = sentence.tokens[heard.first]
    part, joined, skipped, small = own.part, False, False, False
    for at in places:
        token = sentence.tokens[at]
        if at in named or (not joined and in_its_title(sentence, at, heard)):
            return
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
        if at in sentence.heard_at and not sentence.is_in(at, "and_words"):
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
            if joined and not told_away(sentence, at, at):
                yield sentence.written(at, at)
            return


def in_its_title(sentence: Sentence, at: int, heard: Heard) -> bool:
    """Whether a word stands in quotation marks, and the data before or behind them: "the guide “FLURBS”"."""
    return any(first <= at <= last and not first <= heard.first <= last for first, last in sentence.quoted)


def unknown_head(sentence: Sentence, meant: Iterable[Heard], named: frozenset[int]) -> Iterator[str]:
    """The unknown word right behind data, which may be what it is all about: "blog post FLURBS"."""
    for heard in meant if sentence.lexicon.language.head_last else ():
        at = heard.last + 1
        if (
            at >= len(sentence.words)
            or at in named
            or in_its_title(sentence, at, heard)
            or at in sentence.covered
            or sentence.tokens[at].part != sentence.tokens[heard.last].part
        ):
            continue
        if len(sentence.words[at]) > 2 and not sentence.words[at].isdecimal() and not sentence.lexicon.known(sentence.words[at], sentence.names[at]):
            yield sentence.written(at, at)
