"""Which edition of a product was named: the entry for it, or a product of its own that nobody has registered."""

from dataclasses import replace

from bot.policy.model import Tool
from bot.understanding.marks import negated
from bot.understanding.reading import HeardTool
from bot.understanding.sentence import Sentence
from bot.understanding.tools.names import same_part
from bot.understanding.words.phrases import Heard, Kind

EDITION_REACH = 3  # words between a name and its edition: "the enterprise version of ChatGPT"


def restate(sentence: Sentence, found: dict[int, HeardTool], taken: set[int], denied: list[Heard]) -> None:
    """Put right the edition of a tool where it is said elsewhere: "sorry, the business edition, not the free one"."""
    marks = [mark.last for mark in (*sentence.of(Kind.CORRECTION), *sentence.of(Kind.WEAK_CORRECTION))] + [heard.last for heard in denied]
    marks += [at for at in range(len(sentence.words)) if sentence.is_in(at, "editions") and negated(sentence, Heard(Kind.TOOL, "", at, at))]
    if not marks:
        return
    for at in range(min(marks), len(sentence.words)):
        if at in taken or at in sentence.covered or not sentence.is_in(at, "editions") or negated(sentence, Heard(Kind.TOOL, "", at, at)):
            continue
        if not (sentence.is_in(at + 1, "edition_nouns") or stands_alone(sentence, at)) or of_something_else(sentence, at, marks):
            continue
        named = [heard for heard in sentence.of(Kind.TOOL) if heard.last < at]
        if named:
            heard = named[-1]
            edited, _ = with_edition(sentence, heard, sentence.lexicon.tools[heard.id], at)
            found[heard.first] = replace(edited, span=(heard.first, heard.last))
            taken.add(at)


def of_something_else(sentence: Sentence, at: int, marks: list[int]) -> bool:
    """Whether an edition is not that of a tool: "sorry, the roadmap for our ENTERPRISE plan", "the ENTERPRISE version of the contract"."""
    mark = max((place for place in marks if place <= at), default=at)
    data = {place for heard in sentence.of(Kind.DATA) for place in range(heard.first, heard.last + 1)}
    return not data.isdisjoint(range(mark + 1, at)) or sentence.is_in(at + 2, "source_leads")


def stands_alone(sentence: Sentence, at: int) -> bool:
    """Whether a part of a sentence ends with an edition and "the" before it: "not the free one, THE ENTERPRISE"."""
    if not sentence.is_in(at - 1, "articles", "determiners") or sentence.is_in(at - 2, "source_leads"):
        return False  # "Claude Enterprise, the one of THE COMPANY"
    return at + 1 >= len(sentence.words) or not same_part(sentence, at, at + 1)


def edition_of(sentence: Sentence, heard: Heard, tool: Tool) -> tuple[HeardTool, set[int]]:
    """The entry for the edition that was named beside a product, and the numbers of the words that named it.

    An edition that the register does not list is judged as unregistered: it is another product under other terms.
    """
    at = edition_word(sentence, heard)
    if at is None:
        return HeardTool(sentence.written(heard.first, heard.last), tool, corrected=heard.corrected), set()
    return with_edition(sentence, heard, tool, at)


def with_edition(sentence: Sentence, heard: Heard, tool: Tool, at: int) -> tuple[HeardTool, set[int]]:
    """The entry for a product together with the edition word that has this number."""
    lexicon = sentence.lexicon
    said = frozenset(sentence.names[place] for place in range(heard.first, heard.last + 1) if not sentence.is_in(place, "editions") or at == place)
    written = sentence.written(heard.first, heard.last)
    plain = HeardTool(written, tool, corrected=heard.corrected)
    edition = sentence.names[at]
    if edition in said or any(edition in words for words in lexicon.name_words[tool.name][:1]):
        return plain, set()
    wanted = said | {edition}
    exact = [name for name, variants in lexicon.name_words.items() if any(wanted <= words for words in variants)]
    full = sentence.written(min(at, heard.first), max(at, heard.last))
    if len(exact) == 1:
        return HeardTool(full, lexicon.tools[exact[0]]), {at}
    if exact:
        return HeardTool(full, None, tuple(lexicon.tools[name] for name in sorted(exact))), {at}
    if sentence.is_in(at, "consumer_editions") and (tool.enterprise or said & lexicon.lists["consumer_editions"]):
        return plain, {at}  # the entry is the consumer edition already
    name = f"{written} {sentence.written(at, at)}"
    return HeardTool(name, lexicon.policy.unregistered_tool(name)), {at}


def edition_word(sentence: Sentence, heard: Heard) -> int | None:
    """The number of the edition word that belongs to a tool: right beside it, or in "the … version of"."""
    clause = sentence.tokens[heard.first].clause
    for at in (heard.last + 1, heard.last + 2, heard.first - 1):
        if at < heard.first and not same_part(sentence, max(at, 0), heard.first):
            continue  # "that everybody may READ, canva"
        if 0 <= at < len(sentence.words) and sentence.tokens[at].clause == clause and sentence.is_in(at, "editions"):
            between = range(min(at, heard.last) + 1, max(at, heard.first)) if at > heard.last else range(0)
            if at in sentence.covered or another_word(sentence, heard, at):
                continue
            if all(sentence.words[mid].isdecimal() or sentence.is_in(mid, "determiners") for mid in between):
                return at
    for at in range(heard.first - 2, max(-1, heard.first - 2 - EDITION_REACH), -1):
        if (
            sentence.is_in(at, "editions")
            and at not in sentence.covered
            and same_part(sentence, at, heard.first)
            and any(sentence.is_in(mid, "edition_nouns") for mid in range(at + 1, heard.first))
        ):
            return at
    return None


def another_word(sentence: Sentence, heard: Heard, at: int) -> bool:
    """Whether what looks like an edition means something else: "may our TEAM use Bedrock", "vai PRO Gemini", "Copilot, PLUS our own module"."""
    if at < heard.first:
        return sentence.is_in(at, "slot") or (sentence.is_in(at, "units") and sentence.is_in(at - 1, "determiners"))
    return sentence.is_in(at, "and_words") and not same_part(sentence, heard.last, at)
