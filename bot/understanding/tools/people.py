"""Names of tools that stand for somebody or something else here: "Claude from accounting", "granola bars", "el cursor"."""

from bot.understanding.reading import HeardTool
from bot.understanding.sentence import Sentence
from bot.understanding.tools.names import a_source, begins, in_slot
from bot.understanding.words.phrases import Kind

APPOSITION = 8  # words from a name to what somebody wants: "Claude, our colleague from Lyon, ASKS"


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
    if tool.span[0] != tool.span[1] or not sentence.is_in(tool.span[0], "first_names"):
        return False
    behind, somebody = tool.span[1] + 1, False
    for at in range(behind, min(behind + APPOSITION, len(sentence.words))):
        somebody = somebody or sentence.is_in(at, "workplaces", "people_words")
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
