"""Which uses of AI were named, without those denied, taken back, or only written about."""

from bot.policy.model import Effect
from bot.understanding.marks import before_determiners, negated, taken_back
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

PAPER_REACH = 3  # words between a paper and "on" or "about"


def hear_uses(sentence: Sentence) -> tuple[str, ...]:
    """The uses named, in order. A prohibited one counts even where it seems to be denied."""
    spoken = sentence.of(Kind.USE)
    things = [(heard.first, heard.last) for kind in (Kind.USE, Kind.DATA) for heard in sentence.of(kind)]
    dropped = taken_back(sentence, things) if spoken else frozenset()
    return tuple(dict.fromkeys(heard.id for heard in spoken if not (lenient(sentence, heard) and unmeant(sentence, heard, dropped))))


def lenient(sentence: Sentence, heard: Heard) -> bool:
    """Whether the policy allows this use under conditions."""
    return sentence.lexicon.policy.purposes[heard.id].effect is not Effect.PROHIBITED


def unmeant(sentence: Sentence, heard: Heard, dropped: frozenset[tuple[int, int]]) -> bool:
    """Whether a use was denied ("WITHOUT sending it to clients"), taken back, done before, or is what a paper is about."""
    return (heard.first, heard.last) in dropped or negated(sentence, heard) or written_about(sentence, heard) or done_already(sentence, heard)


def done_already(sentence: Sentence, heard: Heard) -> bool:
    """Whether the same words say that something is public already: "the flyer we HAND OUT AT TRADE FAIRS", not "TO hand out".

    In unspaced text what was done and what somebody would like to do begin alike (載せた, 載せたい): there it stays a use.
    """
    if not sentence.lexicon.language.word_spaces:
        return False
    marks = (mark for mark in sentence.of(Kind.QUALIFIER) if mark.first <= heard.first and heard.last <= mark.last and mark.roomy)
    plans = ("purpose_leads", "destination_leads", "and_words", "qualifying_doubts")
    return any(not negated(sentence, mark) and not any(sentence.is_in(at, *plans) for at in (mark.first - 1, mark.first)) for mark in marks)


def written_about(sentence: Sentence, heard: Heard) -> bool:
    """Whether a paper named before is about this use: "the article ON publishing", "a post ABOUT newsletters"."""
    link = before_determiners(sentence, heard.first)
    if not sentence.is_in(link, "topic_links") or sentence.is_in(link, "destination_leads"):
        return False
    return any(0 <= link - 1 - data.last <= PAPER_REACH for data in sentence.of(Kind.DATA))
