"""Replies that are not a verdict on a use: a tool's standing, what may go where, the policy's text, and the rest."""

from collections.abc import Sequence
from datetime import datetime

from bot.answers.answer import Answer, Pair
from bot.answers.cards import answer_buttons, list_card, text_card
from bot.answers.judge import condition_of
from bot.answers.sentences import condition_text, reason
from bot.answers.wording import Wording, data_name, role_name, tier_name, where_to_ask
from bot.policy.model import Cell, Policy, ProhibitedInput, Section, Status, Tier, Tool, Verdict
from bot.redaction.clean import cleaned
from bot.ui.card import Block, Bullets, Button, Card, Facts, Heading, Note, Paragraph, Quote, Span, Tone, plain
from bot.understanding.reading import Intent
from bot.understanding.words.text import stem, tokens

LISTED = 20
EXCERPT = 700  # characters of a section shown in chat


def info_card(say: Wording, policy: Policy, tools: Sequence[Tool], answer: Answer, receipt: str) -> Card:
    """The reply to a reading whose intent is not a question about use."""
    buttons = answer_buttons(say, receipt)
    where = where_to_ask(policy)
    url = policy.organization.policy_url
    match answer.reading.intent:
        case Intent.TOOL_STATUS:
            return tool_card(say, policy, tools, answer, receipt)
        case Intent.DATA_RULE:
            return rule_card(say, policy, answer, receipt)
        case Intent.POLICY_LOOKUP:
            return policy_card(say, policy, answer.reading.text)
        case Intent.REQUEST:
            named = next((tool.heard for tool in answer.reading.tools), "")
            text = say.spans("request", tool=named, where=where) if named else say.spans("request_any", where=where)
            begin = (Button(say.button("request_tool"), "request_tool", receipt, primary=True),) if receipt else ()
            return text_card([text], buttons=begin + buttons)
        case Intent.ACK:
            return text_card([say.spans("ack", version=policy.version, url=url or where, where=where)])
        case Intent.HELP:
            return help_card(say)
        case Intent.OUT_OF_SCOPE:
            return text_card([say.spans("out_of_scope")])
        case Intent.INCIDENT | Intent.USE_CASE | Intent.EXCEPTION | Intent.TRAINING | Intent.STATUS as intent:
            return text_card([say.spans(intent.value, where=where)], buttons=buttons)
        case Intent.ASK:
            raise AssertionError("a question about use has a verdict card")


def help_card(say: Wording) -> Card:
    """What the bot does, with examples to try."""
    examples = [(Span(say.text(key)),) for key in ("help_example_1", "help_example_2", "help_example_3")]
    small = f"{say.text('help_words')} {say.text('help_privacy')}"
    lead = f"{say.text('help_intro')} {say.text('help_examples')}{say.text('colon').rstrip()}"
    return list_card(say.text("help_title"), examples, lead=lead, small=small)


def cell_words(say: Wording, policy: Policy, cell: Cell | None) -> str:
    """What a cell allows, in a few words."""
    match cell:
        case Cell(verdict=Verdict.PERMITTED):
            return say.text("cell_permitted")
        case Cell() if condition := condition_of(cell):
            return say.text("cell_conditional", conditions=condition_text(say, policy, condition))
        case _:
            return say.text("cell_prohibited")


def tier_rows(say: Wording, policy: Policy, tier: Tier) -> list[tuple[Span, ...]]:
    """What may go into tools of a tier, a row for each data class."""
    return [say.spans("tool_cell", data=say.own(data.name), how=cell_words(say, policy, tier.cells.get(data.id))) for data in policy.data_classes]


def tool_card(say: Wording, policy: Policy, tools: Sequence[Tool], answer: Answer, receipt: str) -> Card:
    """Where a tool stands and what may go into it; without a tool, the register."""
    if not answer.pairs:
        return register_card(say, policy, tools, "")
    if len(answer.pairs) > 1 or answer.pairs[0].tool is None or answer.pairs[0].tool.tool is None:
        candidates = [tool for pair in answer.pairs if pair.tool for tool in (pair.tool.candidates or (pair.tool.tool,)) if tool]
        none = answer.verdict is Verdict.PROHIBITED
        rows = [standing(say, policy, tool) for tool in candidates]
        lead = say.verdict(Verdict.PROHIBITED) + "." if none else ""
        return list_card(
            lead or say.text("tool_list"),
            rows,
            small=say.text("section", sections="§3, §5", version=policy.version),
            buttons=answer_buttons(say, receipt),
        )
    tool = answer.pairs[0].tool.tool
    section = say.text("section", sections="§3, §5", version=policy.version)
    names = {"tool": tool.name, "tier": tier_name(say, policy, tool.tier)}
    if answer.verdict is Verdict.PROHIBITED:
        line = say.spans("tool_status_none", **names, status=status_word(say, tool)) if tool.known else say.spans("tool_unregistered", **names)
        step = say.spans(
            "next_unregistered" if not tool.known else "next_no",
            where=where_to_ask(policy),
            **({"tool": tool.name} if not tool.known else {}),
        )
        begin = (Button(say.button("request_tool"), "request_tool", receipt, primary=True),) if receipt and tool.tier == policy.unregistered else ()
        return text_card(
            [line, step], title=say.verdict(Verdict.PROHIBITED), tone=Tone.BAD, small=section, buttons=begin + answer_buttons(say, receipt)
        )
    tier = policy.tier(tool.tier)
    rows = tier_rows(say, policy, tier) if tier else []
    small = section + (f" · {say.text('sample_note')}" if tool.sample else "")
    return list_card(say.text("tool_status", **names, status=status_word(say, tool)), rows, small=small, buttons=answer_buttons(say, receipt))


def standing(say: Wording, policy: Policy, tool: Tool) -> tuple[Span, ...]:
    """One tool with its tier and status."""
    if not tool.known:
        return say.spans("tool_unregistered", tool=tool.name, tier=tier_name(say, policy, tool.tier))
    return say.spans("tool_status", tool=tool.name, tier=tier_name(say, policy, tool.tier), status=status_word(say, tool))


def status_word(say: Wording, tool: Tool) -> str:
    """A tool's status as people say it."""
    return say.text(f"status_{tool.status.value}")


def rule_card(say: Wording, policy: Policy, answer: Answer, receipt: str) -> Card:
    """What may go into a tier or a tool, where a kind of data may go, or the whole table."""
    section = say.text("section", sections="§5", version=policy.version)
    buttons = answer_buttons(say, receipt)
    if answer.verdict is Verdict.PROHIBITED:
        lines = [no_rule(say, policy, pair) for pair in answer.pairs if pair.verdict is Verdict.PROHIBITED]
        return text_card(lines, title=say.verdict(Verdict.PROHIBITED), tone=Tone.BAD, small=section, buttons=buttons)
    tiers = [
        tier for tier in policy.tiers if tier.id in answer.reading.tiers or tier.id in [tool.tool.tier for tool in answer.reading.tools if tool.tool]
    ]
    data = [item.judged_as for item in answer.reading.data]
    if tiers and not data:
        title = say.text("data_rule_tier", tier=say.listed(tuple(say.own(tier.name) for tier in tiers)))
        return list_card(title, [row for tier in tiers for row in tier_rows(say, policy, tier)], small=section, buttons=buttons)
    shown = tiers or list(policy.tiers)
    classes = data or [known.id for known in policy.data_classes]
    title = say.text("data_rule", data=say.listed(tuple(data_name(say, policy, id) for id in classes))) if data else say.text("data_rule_all")
    rows = [
        say.spans("tool_cell", data=f"{data_name(say, policy, id)}, {say.own(tier.name)}", how=rule_words(say, policy, tier, id))
        for id in classes
        for tier in shown
    ]
    return list_card(title, rows, small=section, buttons=buttons)


def rule_words(say: Wording, policy: Policy, tier: Tier, data: str) -> str:
    """What a tier allows for an id, prohibited inputs included."""
    return say.text("cell_prohibited") if isinstance(policy.data.get(data), ProhibitedInput) else cell_words(say, policy, tier.cells.get(data))


def no_rule(say: Wording, policy: Policy, pair: Pair) -> tuple[Span, ...]:
    """Why something may go nowhere, or nothing may go there."""
    if isinstance(policy.data.get(pair.judgement.data or ""), ProhibitedInput):
        return say.spans("data_rule_no", data=data_name(say, policy, pair.judgement.data))
    tool = pair.judgement.tool
    if pair.data is None and tool is not None:
        return say.spans("data_rule_tier_no", tier=tier_name(say, policy, tool.tier))
    return (Span(f"{say.verdict(Verdict.PROHIBITED)}{say.text('colon')}{reason(say, policy, pair.judgement, pair.judgement.won[0])}."),)


def policy_card(say: Wording, policy: Policy, words: str) -> Card:
    """The section that fits these words best; without one, what the policy is and where it stands."""
    found = section_for(policy, words, frozenset(stem(word) for key in ("stop", "info_questions") for word in (*say.language.words[key], "policy")))
    url = policy.organization.policy_url
    where = say.text("policy_where", url=url) if url else ""
    title = say.text("policy_title", version=policy.version)
    if found is None:
        rows = [(Span(f"{section.id} {say.own(section.title)}"),) for section in policy.sections]
        meta = say.text("policy_meta", effective=policy.effective.isoformat(), owner=role_name(say, policy.owner))
        return list_card(title, rows, lead=f"{meta} {where}".strip(), small="")
    lead = say.text("policy_found", section=found.id, title=say.own(found.title))
    excerpt = found.text if len(found.text) <= EXCERPT else found.text[:EXCERPT].rsplit("\n", 1)[0] + " …"
    card = text_card([(Span(lead),)], title=title, small=where)
    quote = Quote((Span(excerpt.replace("**", "")),))
    return Card(f"{card.summary}\n{excerpt}", (*card.blocks[:2], quote, *card.blocks[2:]))


def section_for(policy: Policy, words: str, common: frozenset[str]) -> Section | None:
    """The section a question is about: named outright, or the one that shares the most telling words with it."""
    for section in policy.sections:
        if section.id in words.replace("§ ", "§").split() or section.id in words.replace("section ", "§").split():
            return section
    asked = {stem(token.word) for token in tokens(cleaned(words)) if len(token.word) > 4} - common
    if not asked:
        return None
    scores: list[tuple[float, Section]] = []
    for section in policy.sections:
        title = {stem(token.word) for token in tokens(cleaned(section.title))}
        body = [stem(token.word) for token in tokens(cleaned(section.text))]
        score = 5 * len(asked & title) + sum(min(body.count(word), 4) for word in asked) / (1 + len(body) / 800)
        scores.append((score, section))
    best, section = max(scores, key=lambda item: item[0])
    return section if best >= 1.5 else None


def fitting_tools(policy: Policy, tools: Sequence[Tool], words: str) -> list[Tool]:
    """The tools that these words fit, the best tier first; the one of that very name alone where there is one."""
    wanted = words.casefold().split()
    order = {tier.id: place for place, tier in enumerate(policy.tiers)}
    names = {tier.id: tier.name for tier in policy.tiers}
    exact = [tool for tool in tools if tool.name.casefold() == words.casefold().strip()]
    return exact or [
        tool
        for tool in sorted(tools, key=lambda tool: (order.get(tool.tier, len(order)), tool.name))
        if all(word in " ".join((tool.name, tool.vendor, *tool.aliases, *tool.capabilities, names.get(tool.tier, ""))).casefold() for word in wanted)
    ]


def entry_card(say: Wording, policy: Policy, tool: Tool, history: Sequence[tuple[datetime, Tool]]) -> Card:
    """One entry of the register: what is allowed, on what it rests, and how it came to be."""
    title = say.text("tool_status", tool=tool.name, tier=tier_name(say, policy, tool.tier), status=status_word(say, tool))
    rows = [
        ("entry_owner", role_name(say, tool.owner) if tool.owner else ""),
        ("entry_vendor", tool.vendor),
        ("entry_assessed", tool.assessed.isoformat() if tool.assessed else ""),
        ("entry_review", tool.review_by.isoformat() if tool.review_by else ""),
        ("req_conditions", "; ".join(tool.conditions)),
        ("entry_facts", ", ".join(tool.facts)),
        ("entry_record", tool.request),
    ]
    facts = tuple((say.text(key), value) for key, value in rows if value)
    tier = policy.tier(tool.tier)
    allowed = tuple(tier_rows(say, policy, tier)) if tier and tool.status is Status.ACTIVE else ()
    past = tuple(
        say.spans("entry_since", since=since.date().isoformat(), tier=tier_name(say, policy, then.tier), status=status_word(say, then))
        for since, then in history[:LISTED]
    )
    blocks: list[Block] = [Heading(title)]
    if allowed:
        blocks.append(Bullets(allowed))
    if facts:
        blocks.append(Facts(facts))
    if past:
        blocks += [Paragraph((Span(say.text("entry_history"), strong=True),)), Bullets(past)]
    sample = say.text("sample_note") if tool.sample else ""
    small = f"{say.text('section', sections='§3, §5', version=policy.version)} {sample}".strip()
    blocks.append(Note((Span(small),)))
    spoken = [
        title,
        *(plain(row) for row in allowed),
        *(f"{label}{say.text('colon')}{value}" for label, value in facts),
        *(plain(row) for row in past),
    ]
    return Card("\n".join([*spoken, small]), tuple(blocks))


def register_card(say: Wording, policy: Policy, tools: Sequence[Tool], words: str) -> Card:
    """The tools whose name, vendor, alias, capability or tier fits these words, the best tier first."""
    wanted = words.split()
    fitting = fitting_tools(policy, tools, words)
    if not fitting:
        return text_card([say.spans("register_none", words=words)])
    rows = [standing(say, policy, tool) for tool in fitting[:LISTED]]
    rest = str(len(fitting) - LISTED)
    more = say.text("register_more" if wanted else "tool_list_more", count=rest) if len(fitting) > LISTED else ""
    sample = say.text("sample_note") if any(tool.sample and tool.status is Status.ACTIVE for tool in fitting[:LISTED]) else ""
    return list_card(say.text("register_title"), rows, small=f"{more} {sample}".strip())
