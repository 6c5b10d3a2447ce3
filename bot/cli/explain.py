"""`mayi ask --explain`: what was heard in a question, word by word, and why it gives that verdict."""

from collections.abc import Iterator

from bot.answers.answer import Answer
from bot.answers.sentences import condition_text, reason
from bot.engine.world import World
from bot.policy.model import Verdict
from bot.understanding.reading import HeardTool
from bot.understanding.sentence import Sentence
from bot.understanding.words.phrases import Heard, Kind

# What a mark does to the things around it, in the words of policy people.
MARKS = {
    Kind.NEGATOR: "says that what follows is absent",
    Kind.NEGATOR_AFTER: "says that what stands before is absent",
    Kind.CORRECTION: "takes back what was said before",
    Kind.WEAK_CORRECTION: "may take back what was said before",
    Kind.ANONYMISED: "says that the data beside it is anonymised",
    Kind.NAMES_REMOVED: "says that names were removed",
    Kind.BEYOND_DOUBT: "says that nobody can be found in it",
    Kind.MADE_FROM: "tells what something is to be made of",
    Kind.PSEUDONYMISED: "says that the data can be led back to people",
    Kind.QUALIFIER: "says of what kind the data beside it is",
    Kind.HARMLESS: "means nothing sensitive in this company",
    Kind.HOW_TO: "makes what follows the topic of a paper",
    Kind.FOLLOW_UP: "may go on from the question before",
    Kind.AS_OF: "asks about an earlier day",
}
NOT_COUNTED = ", which does not count here: denied, taken back, said twice, of a milder kind, a topic, a team, or where the result goes"


def explained(given: Answer, world: World) -> Iterator[str]:
    """The explanation, line by line."""
    reading = given.reading
    yield f"language: {reading.language}    intent: {reading.intent}    verdict: {given.verdict or 'none'}"
    if reading.secrets:
        yield f"removed before anything else: {', '.join(reading.secrets)}"
    if reading.too_long:
        yield "too long to be judged"
        return
    reader = world.tongues.reader(reading.language)
    sentence = reader.sentence(reading.text)
    yield "heard:"
    for tool in reading.tools:
        yield f"  {tool.heard!r}: {tool_line(tool)}"
    counted = {(item.id, item.heard): item for item in reading.data}
    for heard in sentence.heard:
        yield from phrase_lines(heard, sentence, counted.get((heard.id, sentence.written(heard.first, heard.last))) is not None)
    for item in reading.data:
        if item.judged_as != item.id:
            yield f"  {item.heard!r}: {item.id}, judged as {item.judged_as}, because it is said to be anonymised"
    if reading.unknown_data:
        yield f"not known, and listed with data: {', '.join(map(repr, reading.unknown_data))}"
    if reading.unheard:
        yield f"not known: {', '.join(map(repr, reading.unheard))}; a Yes is not given past them"
    shape = reader.shape(reading)
    yield f"shape: {shape.text}"
    yield "why:"
    say = world.say(reading.language)
    for pair in given.pairs:
        tool_name = pair.judgement.tool.name if pair.judgement.tool else (pair.tool.heard if pair.tool else "any tool")
        yield f"  {tool_name} with {pair.judgement.data or 'any data'}: {pair.verdict}"
        for rule in (*pair.judgement.won, *pair.judgement.lost):
            weight = "decides" if rule in pair.judgement.won else "is weaker"
            words = ""
            if rule.condition is not None:
                words = condition_text(say, world.policy, rule.condition)
            elif rule.verdict is Verdict.PROHIBITED:
                words = reason(say, world.policy, pair.judgement, rule)
            yield f"    {rule.id} ({rule.section}): {rule.verdict}, {weight}{f' ({words})' if words else ''}"
        if pair.verdict is Verdict.ASK_BACK:
            yield "    what was not said would change the verdict, so it is asked back"


def tool_line(tool: HeardTool) -> str:
    """What a tool was heard as."""
    if tool.tool is None:
        return f"fits several entries: {', '.join(candidate.name for candidate in tool.candidates)}"
    if not tool.tool.known:
        return f"a tool that is not in the register, so {tool.tool.tier}"
    spelled = ", by a corrected or shortened spelling" if tool.corrected else ""
    return f"{tool.tool.name} ({tool.tool.tier}, {tool.tool.status}){spelled}"


def phrase_lines(heard: Heard, sentence: Sentence, counts: bool) -> Iterator[str]:
    """What a phrase of the vocabulary was heard as; tools are told elsewhere."""
    written = sentence.written(heard.first, heard.last)
    spelled = ", by a corrected spelling" if heard.corrected else ""
    match heard.kind:
        case Kind.DATA:
            yield f"  {written!r}: data, {heard.id}{spelled}{'' if counts else NOT_COUNTED}"
        case Kind.USE:
            yield f"  {written!r}: use, {heard.id}{spelled}"
        case Kind.TIER:
            yield f"  {written!r}: tier, {heard.id}"
        case kind if kind in MARKS:
            yield f"  {written!r}: {MARKS[kind]}"
        case _:
            return
