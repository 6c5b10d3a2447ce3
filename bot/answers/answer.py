"""A reading, judged: every pair of tool and data with its verdict, and what to ask back where that is not enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.answers.judge import Judgement, judge
from bot.policy.grants import Grant
from bot.policy.model import Policy, Tool, Verdict, strictest
from bot.redaction.redact import INPUT_OF_KIND
from bot.ui.card import Option
from bot.understanding.reading import HeardData, HeardTool, Intent, Reading


class Missing(StrEnum):
    """What a question back is about."""

    DATA = "data"
    TOOL = "tool"
    WHICH_TOOL = "which"
    KNOWN_DATA = "unknown"
    SHORTER = "too_long"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question back. `heard` is the word it is about; an option's id is a tool's name or a data id."""

    missing: Missing
    heard: str
    options: tuple[Option, ...]
    #: Whether the tool is also missing when data is asked for.
    tool_too: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """One tool with one kind of data, judged. Either is None where it was not said."""

    tool: HeardTool | None
    data: HeardData | None
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        """The verdict on this pair."""
        return self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What the policy says to a reading. `verdict` is None where none is due (CONTRACT's table of intents)."""

    reading: Reading
    verdict: Verdict | None
    pairs: tuple[Pair, ...]
    ask: Ask | None


def answer(policy: Policy, tools: Sequence[Tool], reading: Reading, grants: tuple[Grant, ...] = ()) -> Answer:
    """The verdicts on everything a reading names, for somebody for whom these grants hold. Pure and total."""
    if reading.too_long:
        return Answer(reading, Verdict.ASK_BACK, (), Ask(Missing.SHORTER, "", ()))
    if reading.intent is Intent.ASK:
        pairs = judged_pairs(policy, tools, reading, grants)
        verdict = strictest(tuple(pair.verdict for pair in pairs))
        if verdict is Verdict.PERMITTED and reading.unheard:  # never Yes while a word may name what was not heard
            return answer(policy, tools, replace(reading, unknown_data=reading.unheard, unheard=()), grants)
        ask = question_back(policy, tools, reading, pairs) if verdict is Verdict.ASK_BACK else None
        return Answer(reading, verdict, pairs, ask)
    if reading.intent is Intent.TOOL_STATUS:
        pairs = tuple(Pair(heard, None, judge_heard(policy, tools, heard, None, ())) for heard in reading.tools)
        return Answer(reading, settled(pairs, only=Verdict.PROHIBITED), pairs, None)
    if reading.intent is Intent.DATA_RULE:
        pairs = judged_pairs(policy, tools, reading) if reading.tools or reading.tiers or reading.data or reading.uses else ()
        return Answer(reading, settled(pairs), pairs, None)
    return Answer(reading, None, (), None)


def settled(pairs: tuple[Pair, ...], *, only: Verdict | None = None) -> Verdict | None:
    """No where any pair is settled as No, else the verdict that every pair has; None where that is an ask-back."""
    verdicts = {pair.verdict for pair in pairs}
    if Verdict.PROHIBITED in verdicts and (only is None or len(verdicts) == 1):
        return Verdict.PROHIBITED
    verdict = verdicts.pop() if len(verdicts) == 1 else None
    return None if verdict is Verdict.ASK_BACK or (only and verdict is not only) else verdict


def judged_pairs(policy: Policy, tools: Sequence[Tool], reading: Reading, grants: tuple[Grant, ...] = ()) -> tuple[Pair, ...]:
    """Each tool with each kind of data. Pasted secrets count as data of their kind; unknown data as unsaid."""
    heard_tools: list[HeardTool | None] = [*reading.tools]
    if not heard_tools:
        heard_tools = [HeardTool(tier.name, Tool(name=tier.name, tier=tier.id)) for tier in policy.tiers if tier.id in reading.tiers]
    pasted = (HeardData(INPUT_OF_KIND[kind], f"‹{kind}›", INPUT_OF_KIND[kind]) for kind in reading.secrets)
    data: list[HeardData | None] = list({item.judged_as + item.heard: item for item in (*reading.data, *pasted)}.values())
    if (reading.unknown_data and reading.intent is Intent.ASK) or not data:
        data.append(None)
    pairs: list[Pair] = []
    for tool in heard_tools or [None]:
        for item in data:
            pairs.append(Pair(tool, item, judge_heard(policy, tools, tool, item.judged_as if item else None, reading.uses, grants)))
    return tuple(pairs)


def judge_heard(
    policy: Policy, tools: Iterable[Tool], heard: HeardTool | None, data: str | None, uses: tuple[str, ...], grants: tuple[Grant, ...] = ()
) -> Judgement:
    """The judgement on a tool as heard: where its name fits several, the verdict they share, else ask_back."""
    if heard is None or heard.tool is not None:
        return judge(policy, heard.tool if heard else None, data, uses, tools, grants)
    each = [judge(policy, candidate, data, uses, tools, grants) for candidate in heard.candidates]
    verdicts = {judgement.verdict for judgement in each}
    if len(verdicts) == 1 and Verdict.ASK_BACK not in verdicts:
        return each[0] if len({judgement.won for judgement in each}) == 1 or each[0].verdict is Verdict.PROHIBITED else most_demanding(each)
    return Judgement(None, data, Verdict.ASK_BACK, (), ())


def most_demanding(each: list[Judgement]) -> Judgement:
    """The judgement with the most conditions, so that none is left out."""
    return max(each, key=lambda judgement: len(judgement.conditions))


def question_back(policy: Policy, tools: Sequence[Tool], reading: Reading, pairs: tuple[Pair, ...]) -> Ask:
    """What to ask, with the options that settle it."""
    open_pairs = [pair for pair in pairs if pair.verdict is Verdict.ASK_BACK]
    ambiguous = next((pair.tool for pair in open_pairs if pair.tool and pair.tool.tool is None), None)
    if ambiguous:
        return Ask(Missing.WHICH_TOOL, ambiguous.heard, tuple(Option(tool.name, tool.name) for tool in ambiguous.candidates))
    lacking = [pair for pair in open_pairs if pair.data is None]
    if lacking:
        classes = tuple(Option(data.id, data.name) for data in policy.data_classes)
        unknown = reading.unknown_data[0] if reading.unknown_data else ""
        missing = Missing.KNOWN_DATA if unknown else Missing.DATA
        return Ask(missing, unknown or (lacking[0].tool.heard if lacking[0].tool else ""), classes, tool_too=lacking[0].tool is None)
    return Ask(Missing.TOOL, "", tool_options(policy, tools))


def tool_options(policy: Policy, tools: Iterable[Tool]) -> tuple[Option, ...]:
    """The tools in use, the best tier first."""
    order = [tier.id for tier in policy.tiers]
    listed = sorted((tool for tool in tools if tool.status == "active" and tool.tier in order), key=lambda tool: (order.index(tool.tier), tool.name))
    return tuple(Option(tool.name, tool.name) for tool in listed)
