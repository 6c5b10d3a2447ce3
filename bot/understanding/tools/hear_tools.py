"""Which tools were named: entries of the register, names that fit several, products on the market, names nobody knows."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from bot.policy.model import Tool
from bot.understanding.marks import negated, taken_back
from bot.understanding.reading import HeardTool
from bot.understanding.sentence import Sentence
from bot.understanding.tools.editions import edition_of, restate
from bot.understanding.tools.hosts import host_of_an_ai, hosted, unknown_host
from bot.understanding.tools.names import a_source, in_slot, lone_name, same_part, unregistered_names
from bot.understanding.tools.people import people
from bot.understanding.words.lexicon import SHORTEST_NAME
from bot.understanding.words.phrases import Heard, Kind

FORMER_REACH = 8  # words between a tool and what says that it was used before: "at her old firm Mia took the notes with OTTER"


def hear_tools(sentence: Sentence) -> tuple[HeardTool, ...]:
    """The tools named, in order, without those denied or taken back.

    Beside another tool, a misspelt name counts only where a tool would stand ("into Claud"): it may be any word.
    """
    found: dict[int, HeardTool] = {}
    taken: set[int] = set()
    denied: list[Heard] = []
    for heard in sentence.of(Kind.TOOL):
        taken.update(range(heard.first, heard.last + 1))
        if negated(sentence, heard):
            denied.append(heard)
            continue
        if heard.corrected and not in_slot(sentence, heard.first) and len(sentence.of(Kind.TOOL)) > 1:
            continue
        if compound_name(sentence, heard):
            found[heard.first] = unregistered(sentence, heard.first - 1, heard.last)
            continue
        tool = sentence.lexicon.tools[heard.id]
        edited, edition = spelled_otherwise(sentence, heard) or edition_of(sentence, heard, tool)
        taken.update(edition)
        found.setdefault(heard.first, replace(edited, span=(heard.first, heard.last)))
    for at, candidates in shared_words(sentence, taken):
        if len(candidates) == 1 and not in_slot(sentence, at) and found:
            continue
        one = candidates[0] if len(candidates) == 1 else None
        found[at] = HeardTool(sentence.written(at, at), one, () if one else candidates, one is not None or at in sentence.mended, (at, at))
        taken.add(at)
    named = bool(found)
    for first, last in known_names(sentence, taken, named=named):
        found[first] = unregistered(sentence, first, last)
        taken.update(range(first, last + 1))
    for first, last in unregistered_names(sentence, taken, named=named):
        found[first] = unregistered(sentence, first, last)
    if not found and (host := host_of_an_ai(sentence)):
        found[host.first] = HeardTool(sentence.written(host.first, host.last), sentence.lexicon.tools[host.id], span=(host.first, host.last))
    if not found and (span := unknown_host(sentence, taken)):
        found[span[0]] = unregistered(sentence, *span)
    if not found and not denied and not sentence.of(Kind.GENERIC_TOOL) and (span := lone_name(sentence, taken)):
        found[span[0]] = unregistered(sentence, *span)
    restate(sentence, found, taken, denied)
    dropped = taken_back(sentence, (tool.span for tool in found.values())) | hosted(sentence, found)
    dropped |= formerly_used(sentence, [tool.span for tool in found.values() if tool.span not in dropped])
    dropped |= people(sentence, {first: tool for first, tool in found.items() if tool.span not in dropped})
    unique: dict[tuple[str, ...], HeardTool] = {}
    for _, heard_tool in sorted(found.items()):
        if heard_tool.span in dropped or any(other.tool in heard_tool.candidates for other in found.values()):
            continue  # "the API of Claude, by ANTHROPIC"
        key = (heard_tool.tool.name,) if heard_tool.tool else tuple(tool.name for tool in heard_tool.candidates)
        unique.setdefault(key, heard_tool)
    return tuple(unique.values())


def unregistered(sentence: Sentence, first: int, last: int) -> HeardTool:
    """The tool that these words name and no register knows."""
    name = sentence.written(first, last)
    return HeardTool(name, sentence.lexicon.policy.unregistered_tool(name), span=(first, last))


def known_names(sentence: Sentence, taken: Set[int], *, named: bool) -> list[tuple[int, int]]:
    """Where products on the market are named that are not in the register; beside another tool not as where something comes from."""
    return [
        (heard.first, heard.last)
        for heard in sentence.of(Kind.KNOWN_TOOL)
        if taken.isdisjoint(range(heard.first, heard.last + 1)) and not negated(sentence, heard) and not (named and a_source(sentence, heard.first))
    ]


def compound_name(sentence: Sentence, heard: Heard) -> bool:
    """Whether a name nobody knows stands right before a word like GPT: "Textbroker GPT" is not ChatGPT."""
    at = heard.first - 1
    if at < 0 or len(sentence.names[heard.first]) > SHORTEST_NAME or heard.first != heard.last or not same_part(sentence, at, heard.first):
        return False
    word = sentence.words[at]
    unknown = not sentence.lexicon.known(word, sentence.names[at]) and not sentence.is_in(at, "stop", "ordinary")
    return unknown and (sentence.written(at, at)[0].isupper() or sentence.text.islower())


def shared_words(sentence: Sentence, taken: set[int]) -> Iterator[tuple[int, tuple[Tool, ...]]]:
    """Words that stand in the names of entries and are nobody's own alias, with those entries, the best tier first."""
    for at, word in enumerate(sentence.names):
        if at in taken or at in sentence.covered or (holders := sentence.lexicon.shared.get(word)) is None:
            continue
        if sentence.is_in(at, "not_tools") and not in_slot(sentence, at):
            continue
        yield at, entries(sentence, holders)


def entries(sentence: Sentence, names: Iterable[str]) -> tuple[Tool, ...]:
    """The entries of these names, the best tier first."""
    return tuple(sorted((sentence.lexicon.tools[name] for name in names), key=lambda tool: (tool.tier, tool.name)))


def spelled_otherwise(sentence: Sentence, heard: Heard) -> tuple[HeardTool, set[int]] | None:
    """The entries spelled exactly like this, where the one heard is spelled otherwise: Firefly is not Fireflies."""
    written = sentence.written(heard.first, heard.last).casefold()
    holders = sentence.lexicon.spelled.get(written)
    if heard.corrected or holders is None or heard.id in holders:
        return None
    candidates = entries(sentence, holders)
    one = candidates[0] if len(candidates) == 1 else None
    return HeardTool(sentence.written(heard.first, heard.last), one, () if one else candidates), set()


def formerly_used(sentence: Sentence, spans: list[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """The tools that were used before, while another, named later, is meant now: "we used to use OTTER, now we have Zoom".

    Not where the question may be about going on with it: "can we STILL use it next to Zoom?".
    """
    former = {span for span in spans if any(said_of_the_past(sentence, mark, span) for mark in sentence.of(Kind.FORMERLY))}
    later = {span for span in spans if span not in former and former and span[0] > max(former)[1]}
    return frozenset(former if later else ())


def said_of_the_past(sentence: Sentence, mark: Heard, span: tuple[int, int]) -> bool:
    """Whether a mark of the past speaks of this tool: only small words stand between, and the tool is not one of two asked about."""
    between = range(mark.last + 1, span[0]) if mark.last < span[0] else range(span[1] + 1, mark.first)
    if sentence.tokens[mark.first].part != sentence.tokens[span[0]].part or len(between) > FORMER_REACH:
        return False
    if any(sentence.is_in(at, "modals") or not sentence.is_in(at, "stop", "ordinary", "put") for at in between):
        return False
    if any(sentence.is_in(at, "and_words", "or_words") and not sentence.is_in(at, "slot") for at in (span[0] - 1, span[1] + 1)):
        return False
    return not any(sentence.is_in(at, "still_words") for at in range(max(mark.last, span[1]), len(sentence.words)))
