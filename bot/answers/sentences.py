"""The parts of an answer in words: what stands in a line, why, on which condition, and what to do next."""

from collections.abc import Sequence, Set

from bot.answers.alternatives import Alternative, Alternatives
from bot.answers.answer import Answer, Ask, Missing, Pair
from bot.answers.judge import Condition, Judgement, Rule
from bot.answers.wording import Wording, data_name, role_name, tier_name, use_name, where_to_ask
from bot.policy.model import Policy, ProhibitedInput, Verdict
from bot.ui.card import Span
from bot.understanding.reading import Intent


def pair_line(say: Wording, policy: Policy, pair: Pair) -> tuple[Span, ...]:
    """One pair with its verdict and why, in a line that begins with the verdict's word."""
    judgement = pair.judgement
    tool, tier = tool_label(say, policy, pair)
    data = data_name(say, policy, judgement.data) if judgement.data else say.text("no_data_name")
    where = {"tool": tool, "tier": tier, "data": data}
    match judgement.verdict:
        case Verdict.PERMITTED:
            return (Span(say.verdict(judgement.verdict) + say.text("colon"), strong=True), *say.spans("yes_pair", **where))
        case Verdict.CONDITIONAL:
            head = Span(f"{say.verdict(judgement.verdict)} ", strong=True)
            return (head, *say.spans("only_pair", **where, conditions=conditions(say, policy, judgement)))
        case Verdict.PROHIBITED:
            head = Span(say.verdict(judgement.verdict) + say.text("colon"), strong=True)
            return (head, *say.spans("no_pair", **where, reason=reason(say, policy, judgement, judgement.won[0])))
        case Verdict.ASK_BACK:
            return say.spans("ask_pair", **where)


def tool_label(say: Wording, policy: Policy, pair: Pair) -> tuple[str, str]:
    """The tool and its tier as an answer names them."""
    tool = pair.judgement.tool
    if tool is not None:
        return tool.name, tier_name(say, policy, tool.tier)
    if pair.tool is not None:
        return pair.tool.heard, say.text("several_tiers")
    return say.text("no_tool_name"), say.text("every_tier")


def reason(say: Wording, policy: Policy, judgement: Judgement, rule: Rule) -> str:
    """Why, in one clause."""
    tool = judgement.tool
    subject = use_name(say, policy, rule.subject) if rule.id.startswith("use/") else data_name(say, policy, rule.subject)
    names = {
        "data": subject,
        "use": subject,
        "tier": tier_name(say, policy, tool.tier) if tool else say.text("every_tier"),
        "tool": tool.name if tool else say.text("no_tool_name"),
        "enterprise": tool.enterprise if tool else "",
    }
    if rule.wording in ("approval_condition", "review_condition"):
        return say.text(rule.wording, use=subject)
    return say.text(rule.wording, **names)


def conditions(say: Wording, policy: Policy, judgement: Judgement) -> str:
    """All conditions of a pair, in one clause."""
    return say.listed(tuple(condition_text(say, policy, condition) for condition in judgement.conditions))


def condition_text(say: Wording, policy: Policy, condition: Condition) -> str:
    """One condition with who grants it."""
    text = say.text(condition.wording, use=use_name(say, policy, condition.text)) if condition.wording else say.own(condition.text)
    text = text.removeprefix("only if ")
    if not condition.approvers:
        return text
    return say.text("granted_by", condition=text, approvers=approvers(say, condition))


def approvers(say: Wording, condition: Condition) -> str:
    """The roles that grant a condition."""
    return say.listed(tuple(role_name(say, role) for role in condition.approvers))


def citation(say: Wording, policy: Policy, answer: Answer) -> str:
    """The sections an answer rests on, with the policy's version."""
    sections = tuple(dict.fromkeys(section for pair in answer.pairs for section in pair.judgement.citations)) or ("§5",)
    return say.text("section", sections=", ".join(sections), version=policy.version)


def next_step(say: Wording, policy: Policy, instead: Sequence[Alternative], answer: Answer) -> str:
    """What to do now."""
    where = where_to_ask(policy)
    strict = [pair for pair in answer.pairs if pair.verdict is answer.verdict]
    if answer.verdict is Verdict.PERMITTED:
        return say.text("next_yes")
    if answer.verdict is Verdict.CONDITIONAL:
        asked = tuple(dict.fromkeys(role for pair in strict for condition in pair.judgement.conditions for role in condition.approvers))
        if not asked:
            return say.text("next_self_check")
        return say.text("next_only", approvers=say.listed(tuple(role_name(say, role) for role in asked)), where=where)
    for pair in strict:
        entry = policy.data.get(pair.judgement.data or "")
        if isinstance(entry, ProhibitedInput) and entry.advice:
            return say.text("next_input", advice=say.own(entry.advice))
    if instead:
        unknown = next((pair.judgement.tool for pair in strict if pair.judgement.tool and not pair.judgement.tool.known), None)
        if unknown:
            return say.text("next_unregistered", where=where, tool=unknown.name)
        return say.text("next_no_alternative", where=where)
    return say.text("next_no", where=where)


def instead_of(source: Alternatives, answer: Answer) -> tuple[Alternative, ...]:
    """Other tools for the strictest pair that has any."""
    for pair in sorted(answer.pairs, key=lambda pair: pair.verdict is not Verdict.PROHIBITED):
        found = source.to(pair.judgement.tool, pair.judgement.data, answer.reading.uses, pair.verdict)
        if found:
            return found
    return ()


def alternative_lines(say: Wording, policy: Policy, found: Sequence[Alternative]) -> list[tuple[Span, ...]]:
    """The alternatives with their terms, a line for those of one tier and the same terms."""
    groups: dict[tuple[str, str], list[str]] = {}
    for alternative in found:
        how = (
            say.text("alternative_yes")
            if alternative.judgement.verdict is Verdict.PERMITTED
            else say.text("alternative_only", conditions=conditions(say, policy, alternative.judgement))
        )
        groups.setdefault((tier_name(say, policy, alternative.tool.tier), how), []).append(alternative.tool.name)
    return [say.spans("alternative", tool=say.listed(tuple(tools), "or"), tier=tier, how=how) for (tier, how), tools in groups.items()]


def notes(say: Wording, policy: Policy, active: Set[str], answer: Answer) -> list[tuple[Span, ...]]:
    """What else is worth knowing: how a word was read, what was removed, what anonymised data counts as."""
    reading = answer.reading
    found: list[tuple[Span, ...]] = []
    if reading.secrets:
        found.append(say.spans("redacted_note", kinds=say.kinds(reading.secrets)))
    for tool in reading.tools:
        if tool.tool and tool.tool.known and tool.corrected:
            found.append(say.spans("heard_note", heard=tool.heard, name=tool.tool.name))
    for data in reading.data:
        if data.corrected:
            found.append(say.spans("heard_note", heard=data.heard, name=data_name(say, policy, data.id)))
        if data.judged_as != data.id:
            found.append(say.spans("anonymised_note", data=data_name(say, policy, data.judged_as)))
    for pair in answer.pairs:
        if grant := pair.judgement.grant:
            found.append(say.spans("granted_note", grant=grant.id, until=grant.until.isoformat()))
    if reading.intent is Intent.ASK:
        for pair in answer.pairs:
            tool_entry = pair.judgement.tool
            by_tier = any(rule.id.startswith(f"{tool_entry.tier}/") for rule in pair.judgement.won) if tool_entry else False
            if tool_entry and by_tier and tool_entry.enterprise in active:
                found.append(say.spans("enterprise_note", enterprise=tool_entry.enterprise))
    return list(dict.fromkeys(found))


def question(say: Wording, ask: Ask) -> str:
    """The question back."""
    match ask.missing:
        case Missing.WHICH_TOOL:
            return say.text("ask_which", heard=ask.heard)
        case Missing.TOOL:
            return say.text("ask_tool")
        case Missing.KNOWN_DATA:
            return say.text("ask_unknown_data", heard=ask.heard)
        case Missing.SHORTER:
            return say.text("ask_too_long")
        case Missing.DATA:
            if ask.tool_too:
                return say.text("ask_tool_and_data")
            return say.text("ask_data", tool=ask.heard) if ask.heard else say.text("ask_data_any")
