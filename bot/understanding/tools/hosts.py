"""Products that an AI is built into or runs on: "the AI in Slack", "the AI of Airtable", "Claude through our Bedrock"."""

from collections.abc import Iterator
from itertools import pairwise

from bot.understanding.marks import before_determiners
from bot.understanding.reading import HeardTool
from bot.understanding.sentence import Sentence
from bot.understanding.tools.names import NAME_LENGTH, capitalised, may_be_name, name_end, same_part
from bot.understanding.words.phrases import Heard, Kind

HOST_REACH = 6  # words between a model and what runs it: "Claude Sonnet 4.5 through our Bedrock"


def host_of_an_ai(sentence: Sentence) -> Heard | None:
    """The product whose own AI is meant: "the AI digest IN Slack", where one entry alone is built into it."""
    for generic in sentence.of(Kind.GENERIC_TOOL):
        for first, last in (*before(sentence, generic), *behind(sentence, generic)):
            if (name := sentence.lexicon.hosts.get(sentence.names[first : last + 1])) and same_part(sentence, first, generic.first):
                return Heard(Kind.TOOL, name, first, last)
    return None


def before(sentence: Sentence, generic: Heard) -> Iterator[tuple[int, int]]:
    """Where a host may stand before its AI: right before it, "ZOOM IA"; in unspaced text some words away, 「SLACKに付いてるAI要約」."""
    spaced = sentence.lexicon.language.word_spaces
    for last in range(generic.first - 1, max(-1, generic.first - (2 if spaced else HOST_REACH)), -1):
        yield from ((first, last) for first in range(max(0, last + 1 - NAME_LENGTH), last + 1))


def behind(sentence: Sentence, generic: Heard) -> Iterator[tuple[int, int]]:
    """Where a host may stand behind its AI: after "in" or "of"; where modifiers follow, right behind, "l'IA ZENDESK"."""
    beside = generic.last + (2 if sentence.lexicon.language.head_last else 1)
    for first in range(beside, min(generic.last + HOST_REACH, len(sentence.words))):
        leads = (before_determiners(sentence, first), first - 1)
        if first == generic.last + 1 or any(sentence.is_in(lead, "slot", "weak_slots", "source_leads") for lead in leads):
            yield from ((first, last) for last in range(first, min(first + NAME_LENGTH, len(sentence.words))))


def unknown_host(sentence: Sentence, taken: set[int]) -> tuple[int, int] | None:
    """Where a product stands whose own AI is meant, and which no register knows: "la IA de AIRTABLE", "the AI in AIRTABLE"."""
    for generic in sentence.of(Kind.GENERIC_TOOL):
        at = generic.last + 1
        if not sentence.is_in(generic.last, "ai_words") or not sentence.is_in(at, "source_leads", "weak_slots", "hosts"):
            continue
        at += 1
        strange = at < len(sentence.words) and not sentence.lexicon.known(sentence.words[at], sentence.names[at])
        if strange and same_part(sentence, at, generic.last) and may_be_name(sentence, at, taken) and capitalised(sentence, sentence.written(at, at)):
            return at, name_end(sentence, at, taken)
    return None


def hosted(sentence: Sentence, found: dict[int, HeardTool]) -> frozenset[tuple[int, int]]:
    """The products that are only named for what runs them: in "Claude Sonnet via our Bedrock account" the tool is Bedrock."""
    spans = sorted(tool.span for tool in found.values())
    hosts = set()
    for (first, last), (following, end) in pairwise(spans):
        between = range(last + 1, following)
        words = [at for at in between if not sentence.is_in(at, "determiners")]
        if words and all(sentence.is_in(at, "hosts_after") for at in words):
            hosts.add((following, end))  # 「Azure OpenAI上のGPT-4o」: the first one is the tool
            continue
        if words and sentence.is_in(words[-1], "hosts") and len(words) <= HOST_REACH and same_part(sentence, last, following):
            rest = words[:-1]
            if found[following].tool and all(not sentence.is_in(at, "stop", "put", "and_words") for at in rest):
                hosts.add((first, last))
    return frozenset(hosts)
