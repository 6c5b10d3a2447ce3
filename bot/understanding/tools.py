"""Which tools were named: entries of the register, their editions, names that fit several, names nobody knows."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from bot.policy.model import Tool
from bot.understanding.hosts import host_of_an_ai, hosted, unknown_host
from bot.understanding.lexicon import SHORTEST_NAME
from bot.understanding.marks import negated, same_clause, taken_back
from bot.understanding.names import a_source, begins, in_slot, lone_name, same_part, unregistered_names
from bot.understanding.phrases import Heard, Kind
from bot.understanding.reading import HeardTool
from bot.understanding.sentence import Sentence

FORMER_REACH = 8  # words between a tool and what says that it was used before: "at her old firm Mia took the notes with OTTER"
APPOSITION = 8  # words from a name to what somebody wants: "Claude, our colleague from Lyon, ASKS"
EDITION_REACH = 3  # words between a name and its edition: "the enterprise version of ChatGPT"


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
    dropped = taken_back(sentence, (tool.span for tool in found.values())) | hosted(sentence, found) | people(sentence, found)
    dropped |= formerly_used(sentence, [tool.span for tool in found.values() if tool.span not in dropped])
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
    """The tools that were used before, while another is meant now: "we used to use OTTER, now we have Zoom"."""
    former: set[tuple[int, int]] = set()
    for mark in sentence.of(Kind.FORMERLY):
        gaps = {span: max(span[0] - mark.last, mark.first - span[1]) for span in spans if same_clause(sentence, mark, Heard(Kind.TOOL, "", *span))}
        former.update(span for span in gaps if gaps[span] == min(gaps.values()) and gaps[span] <= FORMER_REACH)
    return frozenset(former if len(former) < len(spans) else ())


def people(sentence: Sentence, found: dict[int, HeardTool]) -> frozenset[tuple[int, int]]:
    """The names that stand for a colleague: "CLAUDE'S minutes"; where another tool is named also "CLAUDE from facilities wrote this"."""
    persons = {tool.span for tool in found.values() if no_tool(sentence, tool, found)}
    owners = {tool.span for tool in found.values() if owns_data(sentence, tool)}
    return frozenset(persons if len(persons) < len(found) else owners)


def no_tool(sentence: Sentence, tool: HeardTool, found: dict[int, HeardTool]) -> bool:
    """Whether a name stands for a thing, a word or somebody called so."""
    if a_thing(sentence, tool) or a_word(sentence, tool, found) or introduced(sentence, tool):
        return True
    return not sentence.is_in(tool.span[0] - 1, "slot") and a_person(sentence, tool)


def a_person(sentence: Sentence, tool: HeardTool) -> bool:
    """Whether what stands around a name says that somebody is called so: "Jasper in ACCOUNTING", "our COLLEAGUE Claude", "Devin SAYS"."""
    first, last = tool.span
    if sentence.is_in(last + 1, "person_verbs") or sentence.is_in(first - 1, "people_words"):
        return True
    if owns_data(sentence, tool):
        return True
    if len(sentence.of(Kind.TOOL)) > 1 and a_source(sentence, first):
        return True
    at = last + 2
    while sentence.is_in(at, "determiners", "articles"):
        at += 1
    return sentence.is_in(last + 1, "slot", "weak_slots", "source_leads") and sentence.is_in(at, "workplaces")


def introduced(sentence: Sentence, tool: HeardTool) -> bool:
    """Whether words behind a name say who somebody is and what they want: "Claude, our COLLEAGUE from Lyon, ASKS"."""
    behind, somebody = tool.span[1] + 1, False
    for at in range(behind, min(behind + APPOSITION, len(sentence.words))):
        somebody = somebody or sentence.is_in(at, "workplaces", "people_words", "units")
        if somebody and sentence.is_in(at, "person_verbs"):
            return True
        if sentence.is_in(at, "put", "and_words", "or_words", "purpose_leads") or any(tool.first == at for tool in sentence.of(Kind.TOOL)):
            return False
    return False


def owns_data(sentence: Sentence, tool: HeardTool) -> bool:
    """Whether data belongs to who is called so: "CLAUDE'S minutes"."""
    return tool.heard.endswith(("'s", "’s")) and any(data.first == tool.span[1] + 1 for data in sentence.of(Kind.DATA))


def a_word(sentence: Sentence, tool: HeardTool, found: dict[int, HeardTool]) -> bool:
    """Whether a name that is a word too stands where no tool stands, while another tool does: "GRANOLA bars, ok for ChatGPT?"."""
    first, last = tool.span
    if first != last or sentence.words[first] not in sentence.lexicon.lists["also_words"] or sentence.is_in(last + 1, "ai_words", "edition_nouns"):
        return False
    placed = [one for one in found if in_slot(sentence, one, found[one].span[1]) and (one > 0 or begins(sentence, found[one].span[1]))]
    joined = sentence.is_in(first - 1, "and_words", "or_words") or sentence.is_in(last + 1, "and_words", "or_words")
    corrects = any(mark.last == first - 1 for kind in (Kind.CORRECTION, Kind.WEAK_CORRECTION, Kind.NEGATOR) for mark in sentence.of(kind))
    return first not in placed and bool(placed) and not (joined or corrects)


def a_thing(sentence: Sentence, tool: HeardTool) -> bool:
    """Whether this is the thing, not the tool called after it: "el CURSOR parpadea", written small behind "the"."""
    first, last = tool.span
    small = tool.heard == tool.heard.lower() or sentence.text.isupper()
    if first != last or not small or not sentence.is_in(first - 1, "articles") or sentence.lexicon.lists["slots_after"]:
        return False
    return not sentence.is_in(first - 2, "slot") and not sentence.is_in(last + 1, "ai_words", "edition_nouns")


def restate(sentence: Sentence, found: dict[int, HeardTool], taken: set[int], denied: list[Heard]) -> None:
    """Put right the edition of a tool where it is said elsewhere: "sorry, the business edition, not the free one"."""
    marks = [mark.last for mark in (*sentence.of(Kind.CORRECTION), *sentence.of(Kind.WEAK_CORRECTION))] + [heard.last for heard in denied]
    marks += [at for at in range(len(sentence.words)) if sentence.is_in(at, "editions") and negated(sentence, Heard(Kind.TOOL, "", at, at))]
    if not marks:
        return
    for at in range(min(marks), len(sentence.words)):
        if at in taken or at in sentence.covered or not sentence.is_in(at, "editions") or negated(sentence, Heard(Kind.TOOL, "", at, at)):
            continue
        if not (sentence.is_in(at + 1, "edition_nouns") or stands_alone(sentence, at)):
            continue
        named = [heard for heard in sentence.of(Kind.TOOL) if heard.last < at]
        if named:
            heard = named[-1]
            edited, _ = with_edition(sentence, heard, sentence.lexicon.tools[heard.id], at)
            found[heard.first] = replace(edited, span=(heard.first, heard.last))
            taken.add(at)


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
