"""Receipts: what an answer rested on, frozen, so that it can be computed again and explained."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answers.answer import Answer, Pair
from bot.answers.judge import Judgement, judge
from bot.answers.sentences import pair_line, reason
from bot.answers.wording import Wording
from bot.case.codec import Codec
from bot.policy.grants import Grant, GrantKind
from bot.policy.model import Policy, Status, Tool, Verdict
from bot.ui.card import Block, Bullets, Card, Heading, Note, Option, Paragraph, Quote, Span, plain
from bot.understanding.reading import HeardData, HeardTool, Intent, Reading


@dataclass(frozen=True, slots=True)
class PairRecord:
    """One judged pair: the tool as it stood (None: unsaid or unclear), what the data was judged as, and the result."""

    tool: Tool | None
    data: str | None
    verdict: Verdict
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of an answer for as long as receipts are kept: no words of the question."""

    pairs: tuple[PairRecord, ...]
    uses: tuple[str, ...]
    options: tuple[Option, ...]
    missing: str
    as_of: date | None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What is kept of a question for as long as its words are kept: enough to go on from it."""

    text: str
    language: str
    intent: Intent
    tools: tuple[HeardTool, ...]
    data: tuple[HeardData, ...]
    uses: tuple[str, ...]
    unknown_data: tuple[str, ...]


# Stands in stored words for the text; texts of people are cleaned of it.
TEXT_MARK = "\ue001"

CODEC = Codec(Grant, GrantKind, Record, PairRecord, Words, Option, Tool, Status, Verdict, HeardTool, HeardData, Intent)


def frozen(tool: Tool) -> Tool:
    """The facts of a tool that a verdict rests on."""
    return Tool(
        tool.name, tool.tier, tool.status, enterprise=tool.enterprise, sample=tool.sample, known=tool.known, conditions=tool.conditions
    )  # fmt: skip


def record_of(answer: Answer) -> str:
    """An answer's record, as it is stored."""
    pairs = tuple(
        PairRecord(
            frozen(pair.judgement.tool) if pair.judgement.tool else None,
            pair.judgement.data,
            pair.verdict,
            tuple(rule.id for rule in pair.judgement.won),
        )
        for pair in answer.pairs
    )
    ask = answer.ask
    grants = tuple(dict.fromkeys(pair.judgement.grant for pair in answer.pairs if pair.judgement.grant))
    missing, options = (ask.missing.value, ask.options) if ask else ("", ())
    return CODEC.dump(Record(pairs, answer.reading.uses, options, missing, answer.reading.as_of, grants))


def words_of(reading: Reading) -> str:
    """A reading's words, as they are stored, with TEXT_MARK for the text (see `with_text`)."""
    tools = tuple(
        HeardTool(tool.heard, frozen(tool.tool) if tool.tool else None, tuple(frozen(candidate) for candidate in tool.candidates))
        for tool in reading.tools
    )
    return CODEC.dump(Words(TEXT_MARK, reading.language, reading.intent, tools, reading.data, reading.uses, reading.unknown_data))


def with_text(words: str, text: str) -> str:
    """Stored words with the question's own text in them."""
    return words.replace(TEXT_MARK, json.dumps(text, ensure_ascii=False)[1:-1])


def reading_of(words: Words) -> Reading:
    """A reading as far as it was kept."""
    return Reading(words.text, words.language, words.intent, words.tools, words.data, words.uses, unknown_data=words.unknown_data)


def load_words(stored: str | None) -> Words | None:
    """Stored words, or None once they are erased."""
    if not stored:
        return None
    words = CODEC.load(stored)
    assert isinstance(words, Words)
    return words


def load_record(stored: str) -> Record:
    """A stored record."""
    record = CODEC.load(stored)
    assert isinstance(record, Record)
    return record


def settled_by(words: Words, record: Record, choice: int, tools: Sequence[Tool]) -> Reading | None:
    """The question with one of its offered options filled in; None where there is no such option any more."""
    if not 0 <= choice < len(record.options):
        return None
    option, reading = record.options[choice], reading_of(words)
    current = {tool.name: tool for tool in tools}
    if record.missing in ("data", "unknown"):
        data = HeardData(option.id, option.label, option.id)
        return replace(reading, intent=Intent.ASK, data=(*reading.data, data), unknown_data=(), tools=refreshed(reading.tools, current))
    tool = current.get(option.id)
    if tool is None:
        return None
    others = tuple(heard for heard in reading.tools if heard.tool is not None)
    return replace(reading, intent=Intent.ASK, tools=(*refreshed(others, current), HeardTool(tool.name, tool)))


def refreshed(heard: Sequence[HeardTool], current: dict[str, Tool]) -> tuple[HeardTool, ...]:
    """Tools heard earlier, as they stand now."""
    return tuple(
        replace(
            item,
            tool=current.get(item.tool.name, item.tool) if item.tool else None,
            candidates=tuple(current.get(candidate.name, candidate) for candidate in item.candidates),
        )
        for item in heard
    )


def replayed(policy: Policy, tools: Sequence[Tool], record: Record) -> tuple[Judgement, ...]:
    """The judgements computed again from the facts of that day."""
    return tuple(judge(policy, pair.tool, pair.data, record.uses, tools, record.grants) for pair in record.pairs)


def why_card(
    say: Wording,
    policy: Policy,
    tools: Sequence[Tool],
    receipt: str,
    asked_at: str,
    record: Record,
    words: Words | None,
    today: Verdict | None,
) -> Card:
    """A receipt explained: the question, each verdict with the rules that gave it and the weaker ones, and today's verdict."""
    judgements = replayed(policy, tools, record)
    rows: list[tuple[Span, ...]] = []
    for judgement in judgements:
        rows.append(pair_line(say, policy, Pair(None, None, judgement)))
        rows += [
            (Span("— " + say.text("why_lost", rule=reason(say, policy, judgement, rule) + f" ({rule.section})")),)
            for rule in judgement.lost
            if rule.verdict is not Verdict.PERMITTED
        ]
    same = all(judgement.verdict is pair.verdict for judgement, pair in zip(judgements, record.pairs, strict=True) if pair.tool or pair.data)
    lines = [say.text("why_when", at=asked_at, version=policy.version)]
    if same and judgements:
        lines.append(say.text("why_same"))
    if today is not None:
        lines.append(say.text("why_today", verdict=say.verdict(today)))
    title = say.text("why_title", receipt=receipt)
    question: tuple[Block, ...] = (Quote((Span(words.text),)),) if words and words.text else ()
    blocks: tuple[Block, ...] = (
        Heading(title),
        *question,
        *((Bullets(tuple(rows)),) if rows else ()),
        Paragraph((Span(lines[0]),)),
        *(Note((Span(line),)) for line in lines[1:]),
    )
    summary = "\n".join(
        [title, *([f"{say.text('why_question')}: {words.text}"] if words and words.text else []), *(plain(row) for row in rows), *lines]
    )
    return Card(summary, blocks)
