"""Answers as cards: the verdict first, why and on what it rests, the next step, and what would do instead."""

from collections.abc import Sequence

from bot.answers import sentences
from bot.answers.alternatives import Alternatives
from bot.answers.answer import Answer, Missing
from bot.answers.wording import Wording, where_to_ask
from bot.policy.model import Policy, Verdict
from bot.ui.card import Block, Bullets, Button, Card, Choice, Facts, Heading, Note, Option, Paragraph, Quote, Span, Tone, plain

TONES = {Verdict.PERMITTED: Tone.GOOD, Verdict.CONDITIONAL: Tone.CAUTION, Verdict.PROHIBITED: Tone.BAD, Verdict.ASK_BACK: Tone.PLAIN}
MOST_BUTTONS = 5  # more options than this are a menu
MOST_OPTIONS = 100  # a menu of Slack takes no more
MOST_LINES = 12


def verdict_card(say: Wording, policy: Policy, source: Alternatives, answer: Answer, receipt: str) -> Card:
    """The answer to a question about use; `answer.verdict` is set and is no ask-back."""
    assert answer.verdict is not None
    order = sorted(answer.pairs, key=lambda pair: pair.verdict is not answer.verdict)
    lines = list(dict.fromkeys(sentences.pair_line(say, policy, pair) for pair in order))[:MOST_LINES]
    others = sentences.instead_of(source, answer)
    instead = sentences.alternative_lines(say, policy, others)
    cited = sentences.citation(say, policy, answer)
    step = sentences.next_step(say, policy, others, answer)
    blocks: list[Block] = [Heading(say.verdict(answer.verdict), TONES[answer.verdict])]
    # The heading has said the verdict's word; a single line need not say it again.
    blocks.append(Paragraph(lines[0][1:]) if len(lines) == 1 else Bullets(tuple(lines)))
    blocks.append(Paragraph((Span(step),)))
    if instead:
        blocks += [Paragraph((Span(say.text("alternatives"), strong=True),)), Bullets(tuple(instead))]
    remarks = sentences.notes(say, policy, source.active, answer)
    blocks += [Note(remark) for remark in remarks]
    blocks.append(Note(footer(say, answer, cited, receipt)))
    several = [say.verdict(answer.verdict) + say.text("colon").rstrip(), *(f"• {plain(line)}" for line in lines)]
    first = plain(lines[0]) if len(lines) == 1 else "\n".join(several)
    summary = "\n".join([
        first,
        f"{cited}. {step}",
        *([say.text("alternatives") + say.text("colon") + "; ".join(plain(line) for line in instead)] if instead else []),
        *(plain(remark) for remark in remarks),
        plain(footer(say, answer, "", receipt)),
    ])  # fmt: skip
    return Card(summary.strip(), tuple(blocks), way_buttons(say, policy, answer, receipt))


def way_forward(policy: Policy, answer: Answer) -> str:
    """The button that makes a way forward of a No or an Only if; "" where there is none."""
    strict = [pair.judgement for pair in answer.pairs if pair.verdict is answer.verdict]
    if answer.verdict is Verdict.CONDITIONAL:
        return "request_approval" if any(condition.approvers for judgement in strict for condition in judgement.conditions) else ""
    for judgement in strict if answer.verdict is Verdict.PROHIBITED else ():
        tool = judgement.tool
        if tool is None or any(rule.id.startswith(("input/", "use/", "status/")) for rule in judgement.won):
            continue
        return "request_tool" if not tool.known or tool.tier == policy.unregistered else "request_exception"
    return ""


def way_buttons(say: Wording, policy: Policy, answer: Answer, receipt: str) -> tuple[Button, ...]:
    """What can be done with an answer: the way forward first; an exception last, as other tools come before it."""
    way_on = way_forward(policy, answer) if receipt else ""
    usual = answer_buttons(say, receipt)
    if way_on == "request_exception":
        return (*usual, Button(say.button(way_on), way_on, receipt))
    return (Button(say.button(way_on), way_on, receipt, primary=True), *usual) if way_on else usual


def footer(say: Wording, answer: Answer, cited: str, receipt: str) -> tuple[Span, ...]:
    """The small print: sections and version, the receipt, and that sample entries are samples."""
    parts = [cited] if cited else []
    if receipt:
        parts.append(say.text("receipt", receipt=receipt))
    if any(pair.judgement.tool and pair.judgement.tool.sample for pair in answer.pairs):
        parts.append(say.text("sample_note").rstrip("."))
    return (Span(" · ".join(parts)),) if parts else ()


def answer_buttons(say: Wording, receipt: str) -> tuple[Button, ...]:
    """What can be done with an answer; nothing where it was not kept."""
    if not receipt:
        return ()
    return tuple(Button(say.button(action), action, receipt) for action in ("share", "ask_person", "wrong_answer"))


def ask_card(say: Wording, policy: Policy, answer: Answer, receipt: str) -> Card:
    """A question back, with the options that settle it in one tap."""
    assert answer.ask is not None
    question = sentences.question(say, answer.ask)
    told = list(dict.fromkeys(sentences.pair_line(say, policy, pair) for pair in answer.pairs if pair.verdict is not Verdict.ASK_BACK))[:MOST_LINES]
    remarks = sentences.notes(say, policy, frozenset(), answer)
    blocks: list[Block] = [Heading(question, Tone.PLAIN)]
    if told:
        blocks.append(Bullets(tuple(told)))
    options = answer.ask.options
    buttons: tuple[Button, ...] = ()
    if receipt and 0 < len(options) <= MOST_BUTTONS:
        buttons = tuple(Button(say.own(option.label), "settle", f"{receipt}/{place}") for place, option in enumerate(options))
    elif receipt and 0 < len(options) <= MOST_OPTIONS:
        label = say.text("choose_data") if answer.ask.missing in (Missing.DATA, Missing.KNOWN_DATA) else say.text("choose_tool")
        blocks.append(Choice("option", label, tuple(Option(str(place), say.own(option.label)) for place, option in enumerate(options))))
        buttons = (Button(say.text("choose_submit"), "settle_choice", receipt, primary=True),)
    blocks += [Note(remark) for remark in remarks]
    if options:
        names = say.listed(tuple(say.own(option.label) for option in options), "or") if len(options) <= MOST_BUTTONS else ""
        hint = say.text("ask_hint")
        blocks.append(Note((Span(f"{hint} {receipt and say.text('receipt', receipt=receipt)}".strip()),)))
    else:
        names = ""
    ask_person = (Button(say.button("ask_person"), "ask_person", receipt),) if receipt else ()
    before = "".join(f"• {plain(line)}\n" for line in told)
    remarked = "".join(plain(remark) + "\n" for remark in remarks)
    asked = f"{question.removesuffix('?').rstrip()} ({names})?" if names else question
    return Card(f"{before}{remarked}{asked}", tuple(blocks), buttons + ask_person)


def text_card(
    lines: Sequence[tuple[Span, ...]], *, title: str = "", tone: Tone = Tone.PLAIN, buttons: tuple[Button, ...] = (), small: str = ""
) -> Card:
    """A card of a few sentences."""
    blocks: list[Block] = [Heading(title, tone)] if title else []
    blocks += [Paragraph(line) for line in lines]
    if small:
        blocks.append(Note((Span(small),)))
    spoken = [plain(line) for line in lines]
    head = [] if not title or (spoken and spoken[0].startswith(title)) else [title]
    return Card("\n".join([*head, *spoken, *([small] if small else [])]), tuple(blocks), buttons)


def list_card(title: str, rows: Sequence[tuple[Span, ...]], *, lead: str = "", small: str = "", buttons: tuple[Button, ...] = ()) -> Card:
    """A card with a list."""
    blocks: list[Block] = [Heading(title)]
    if lead:
        blocks.append(Paragraph((Span(lead),)))
    if rows:
        blocks.append(Bullets(tuple(rows)))
    if small:
        blocks.append(Note((Span(small),)))
    words = "\n".join([title, *([lead] if lead else []), *(f"• {plain(row)}" for row in rows), *([small] if small else [])])
    return Card(words, tuple(blocks), buttons)


def shared_card(say: Wording, person: str, question: str, card: Card) -> Card:
    """An answer as shown to others: who shares it, what was asked, and no buttons."""
    head = say.text("shared", person=person)
    quoted: tuple[Block, ...] = (Quote((Span(question),)),) if question else ()
    return Card(f"{card.summary}\n({head})", (*card.blocks, *quoted, Note((Span(head),))))


def handover_card(say: Wording, title: str, person: str, receipt: str, question: str, answer: str) -> Card:
    """What the where-to-ask contact sees of an answer that somebody wants looked at."""
    head = say.text(title, person=person)
    rows = [(say.text("receipt_label"), receipt)]
    if question:
        rows.insert(0, (say.text("why_question"), question))
    rows.append((say.text("answer_label"), answer))
    spoken = "\n".join([head, *(f"{label}{say.text('colon')}{value}" for label, value in rows)])
    return Card(spoken, (Heading(head), Facts(tuple(rows)), Note((Span(say.text("handover_note", receipt=receipt)),))))


def person_card(say: Wording, policy: Policy, receipt: str, key: str) -> Card:
    """Who can help, with the receipt to mention; `key` names the reply that says what was done."""
    where = policy.organization.where_to_ask
    rows = tuple(row for row in (("Slack", where.slack), ("Teams", where.teams), ("E-mail", where.email)) if row[1])
    text = say.text(key, where=where_to_ask(policy), receipt=receipt)
    return Card(text, (Paragraph((Span(text),)), *((Facts(rows),) if rows else ())))
