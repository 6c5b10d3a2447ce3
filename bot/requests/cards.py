"""A request as a card: for who asked, for who decides, for who joined, and lists of requests.

Every copy is made from the state alone, so that all of them tell the same story: who decided, when, on which conditions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answers.cards import list_card
from bot.answers.wording import Wording, role_name, tier_name
from bot.calendar import Calendar
from bot.people.authority import Approver
from bot.people.model import Known
from bot.policy.model import Policy, Verdict
from bot.policy.process import Process
from bot.requests.reactions import APPROVER, ASKER, CONTROLS, JOINED
from bot.requests.risk import missing_facts
from bot.requests.state import UNDECIDED, Phase, Request
from bot.ui.card import Block, Bullets, Button, Card, Facts, Heading, Note, Paragraph, Quote, Span, Tone, plain
from bot.ui.form import Form, shown_answer

TONES = {
    Phase.OPEN: Tone.PLAIN,
    Phase.PAUSED: Tone.CAUTION,
    Phase.APPROVED: Tone.GOOD,
    Phase.DENIED: Tone.BAD,
    Phase.WITHDRAWN: Tone.PLAIN,
    Phase.EXPIRED: Tone.PLAIN,
    Phase.ENDED: Tone.PLAIN,
}
LONGEST_VALUE = 600  # of an answer on a card; the rest is behind “show”
LAST_REMARKS = 4
LISTED = 15
PLATFORMS = {"slack": "Slack", "teams": "Teams"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a card says beside the state: names, the viewer's part and reason, where it stands in the queue."""

    policy: Policy
    process: Process
    form: Form
    known: Known
    calendar: Calendar
    approvers: Mapping[str, tuple[Approver, ...]]
    ceiling: str = ""
    place: int = 0
    may_evaluate: bool = False


def request_card(say: Wording, request: Request, seen: Seen, part: str, viewer: str, nudge: str = "") -> Card:
    """The card of a request in one part."""
    title = headline(say, request, seen, part)
    lines: list[tuple[Span, ...]] = []
    if nudge:
        lines.append(say.spans(nudge, **told(say, request, seen)))
    lines.append(standing(say, request, seen))
    if request.evaluating and request.phase in UNDECIDED:
        lines.append(say.spans("req_evaluating", subject=request.subject))
    if request.phase is Phase.OPEN and part == APPROVER:
        lines += why_you(say, request, seen, viewer)
    rows = answers(say, request, seen)
    blocks: list[Block] = [Heading(title, TONES[request.phase])]
    blocks += [Paragraph(line) for line in lines]
    if decided := decision_rows(say, request, seen):
        blocks.append(Facts(decided))
    blocks.append(Facts(rows))
    if request.phase in UNDECIDED or part == APPROVER:
        blocks.append(Bullets(progress(say, request, seen)))
    if part == APPROVER and request.phase in UNDECIDED:
        blocks += diligence(say, request, seen)
    for remark in request.remarks[-LAST_REMARKS:]:
        blocks.append(Quote((Span(f"{seen.known.name(remark.person)}{say.text('colon')}", strong=True), Span(cut(remark.text)))))
    small = say.text("req_small", request=request.id, version=request.terms.policy_version)
    blocks.append(Note((Span(small),)))
    spoken = [*(plain(line) for line in lines), *(f"{label}{say.text('colon')}{value}" for label, value in decided)]
    rest = [f"{label}{say.text('colon')}{value}" for label, value in rows[:4]] if part == APPROVER else []
    first = plain(lines[0]) if nudge else title
    summary = "\n".join([first, *(line for line in spoken if line != first), *rest, small])
    return Card(summary, tuple(blocks), buttons(say, request, seen, part, viewer))


def headline(say: Wording, request: Request, seen: Seen, part: str) -> str:
    """What it is about, in one line."""
    key = "req_title_decide" if part == APPROVER and request.phase is Phase.OPEN else "req_title"
    return say.text(key, what=seen.form.title, subject=request.subject)


def told(say: Wording, request: Request, seen: Seen) -> dict[str, str]:
    """What a nudge may name."""
    tier = tier_name(say, seen.policy, request.tier) if request.tier else ""
    return {
        "request": request.id,
        "subject": request.subject,
        "person": seen.known.name(request.asker),
        "decider": seen.known.name(request.decided_by),
        "tier": tier,
        "until": request.until.isoformat() if request.until else "",
        "due": due(request, seen),
        "reason": cut(request.reason),
        "question": cut(request.question),
    }


def due(request: Request, seen: Seen) -> str:
    """The promised day."""
    return seen.calendar.day_of(request.terms.due_at).isoformat()


def standing(say: Wording, request: Request, seen: Seen) -> tuple[Span, ...]:
    """Where the request stands, in one sentence."""
    words = told(say, request, seen)
    match request.phase:
        case Phase.OPEN:
            queue = say.text("req_queue", place=str(seen.place)) if seen.place else ""
            return (*say.spans("req_open", **words), Span(f" {queue}" if queue else ""))
        case Phase.PAUSED:
            return say.spans("req_waiting", **words)
        case Phase.APPROVED:
            if request.suspended:
                return say.spans("req_suspended", **words)
            if request.kind in ("retire", "use_case"):
                return say.spans(f"req_approved_{request.kind}", **words)
            key = "req_approved_emergency" if request.emergency else "req_approved_tier" if request.tier else "req_approved"
            return say.spans(key, **words)
        case phase:
            return say.spans(f"req_{phase.value}", **words)


def why_you(say: Wording, request: Request, seen: Seen, viewer: str) -> list[tuple[Span, ...]]:
    """Why this person is asked."""
    found: list[tuple[Span, ...]] = []
    for seat in request.waiting:
        for approver in seen.approvers.get(seat.id, ()):
            if approver.person == viewer:
                role = role_name(say, approver.role)
                other = seen.known.name(approver.instead_of)
                found.append(say.spans(f"req_why_{approver.why.value}", role=role, person=other))
    return list(dict.fromkeys(found))


def answers(say: Wording, request: Request, seen: Seen) -> tuple[tuple[str, str], ...]:
    """What was asked and answered, with who asked and how it was judged."""
    rows = [(say.text("req_asker"), seen.known.name(request.asker))]
    if request.filed_by != request.asker:
        rows.append((say.text("req_filed_by"), seen.known.name(request.filed_by)))
    kept = dict(request.answers)
    for question in seen.form.questions:
        if values := kept.get(question.id):
            rows.append((question.label.strip("¿?？\u00a0\u202f "), cut(shown_answer(question, values))))
    impact = say.text(f"req_level_{request.terms.impact}") if f"req_level_{request.terms.impact}" in say.language.replies else request.terms.impact
    because = f" ({say.listed(tuple(say.own(reason) for reason in request.terms.reasons))})" if request.terms.reasons else ""
    rows.append((say.text("req_impact"), f"{impact}{because}"))
    if request.verdict:
        rows.append((say.text("req_verdict"), say.verdict(Verdict(request.verdict)) if request.verdict != "ask_back" else request.verdict))
    return tuple(rows)


def decision_rows(say: Wording, request: Request, seen: Seen) -> tuple[tuple[str, str], ...]:
    """Who decided, when, from where, and on which conditions."""
    rows: list[tuple[str, str]] = []
    if request.decided_by and request.decided_at:
        where = PLATFORMS.get(request.decided_with.partition(":")[0], "")
        when = request.decided_at.strftime("%Y-%m-%d %H:%M UTC")
        said = say.text("req_decided_by_value", person=seen.known.name(request.decided_by), when=when, where=where or "—")
        rows.append((say.text("req_decided_by"), said))
    if request.tier and request.phase is Phase.APPROVED:
        rows.append((say.text("req_tier"), tier_name(say, seen.policy, request.tier)))
    if request.conditions:
        rows.append((say.text("req_conditions"), cut("; ".join(request.conditions))))
    if request.until:
        rows.append((say.text("req_until"), request.until.isoformat()))
    if request.reason:
        rows.append((say.text("req_reason"), cut(request.reason)))
    if request.kind == "retire" and request.phase is Phase.APPROVED:
        who = say.text("req_attested", person=seen.known.name(request.attested_by)) if request.attested_by else say.text("req_review_open")
        rows.append((say.text("req_access"), who))
    if request.emergency:
        review = say.text("req_reviewed", person=seen.known.name(request.reviewed_by)) if request.reviewed_by else say.text("req_review_open")
        rows.append((say.text("req_review"), review))
    return tuple(rows)


def progress(say: Wording, request: Request, seen: Seen) -> tuple[tuple[Span, ...], ...]:
    """Each yes that is needed, with who gave it."""
    rows: list[tuple[Span, ...]] = []
    for seat in request.terms.seats:
        role = say.listed(tuple(role_name(say, role) for role in seat.roles), "or")
        given = [approval for approval in request.approvals if approval.seat == seat.id]
        if given:
            names = say.listed(tuple(seen.known.name(approval.person) for approval in given))
            when = given[-1].at.strftime("%Y-%m-%d %H:%M UTC")
            where = PLATFORMS.get(given[-1].account.partition(":")[0], "—")
            rows.append(say.spans("req_seat_given", role=role, person=names, when=when, where=where))
        elif request.phase is Phase.OPEN and seat.stage == request.stage:
            asked = tuple(seen.known.name(approver.person) for approver in seen.approvers.get(seat.id, ()))[:5]
            rows.append(say.spans("req_seat_open", role=role, person=say.listed(asked) or say.text("req_nobody_reachable")))
        else:
            rows.append(say.spans("req_seat_later", role=role))
    if request.terms.accepts_risk:
        rows.append(say.spans("req_risk", role=role_name(say, request.terms.accepts_risk)))
    return tuple(rows)


def diligence(say: Wording, request: Request, seen: Seen) -> list[Block]:
    """What is confirmed about tool and vendor, and what approving would give."""
    if request.kind not in ("tool", "change"):
        return []
    confirmed = say.listed(tuple(say.own(fact.label) for fact in seen.process.facts if fact.id in request.facts)) or say.text("req_none_confirmed")
    gives = say.spans("req_gives", tier=tier_name(say, seen.policy, seen.ceiling)) if seen.ceiling else say.spans("req_gives_nothing")
    best = next((tier.id for tier in seen.policy.tiers if tier.id in seen.process.tier_needs), "")
    lacking = missing_facts(seen.process, request.facts, best) if best else ()
    labels = {fact.id: say.own(fact.label) for fact in seen.process.facts}
    small: list[Block] = []
    if lacking and best != seen.ceiling:
        named = say.listed(tuple(labels.get(fact, fact) for fact in lacking))
        small = [Note(say.spans("req_lacking", tier=tier_name(say, seen.policy, best), facts=named))]
    return [Facts(((say.text("req_confirmed"), confirmed),)), Paragraph(gives), *small]


def buttons(say: Wording, request: Request, seen: Seen, part: str, viewer: str) -> tuple[Button, ...]:
    """What this viewer can do now; nothing once it is decided."""
    ref = f"{request.id}/{request.revision}"

    def one(action: str, *, primary: bool = False, opens: bool = False) -> Button:
        return Button(say.button(action), action, ref, primary, opens)

    if part == CONTROLS and request.phase is Phase.APPROVED:
        if request.kind == "retire":
            return () if request.attested_by else (Button(say.button("attest_access"), "reattest", ref, primary=True),)
        return (one("reattest", primary=True),)
    if part == JOINED:
        return (one("comment", opens=True),) if request.phase in UNDECIDED else ()
    if part == ASKER:
        if request.phase is Phase.PAUSED:
            return (one("answer", primary=True, opens=True), one("withdraw"))
        if request.phase is Phase.OPEN:
            return (one("edit"), one("comment", opens=True), one("withdraw"))
        return (one("edit"),) if request.phase in (Phase.DENIED, Phase.WITHDRAWN, Phase.EXPIRED) else ()
    if part == APPROVER and request.emergency and not request.reviewed_by and request.phase is Phase.APPROVED and viewer != request.decided_by:
        return (one("review", primary=True), one("undo", opens=True))
    said = all(any(a.person == viewer and a.seat == seat.id for a in request.approvals) for seat in request.waiting)
    if part != APPROVER or request.phase is not Phase.OPEN or said:
        return ()
    may = any(approver.person == viewer for seat in request.waiting for approver in seen.approvers.get(seat.id, ()))
    if not may:
        return ()
    trial = (one("evaluate"),) if request.kind == "tool" and seen.may_evaluate and not request.evaluating else ()
    checks = (one("facts", opens=True),) if request.kind in ("tool", "change") and seen.process.facts else ()
    return (
        one("approve", primary=True),
        one("conditions", opens=True),
        one("deny", opens=True),
        one("more", opens=True),
        one("delegate", opens=True),
        *checks,
        *trial,
    )


def cut(text: str) -> str:
    """A text short enough for a card."""
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def requests_card(
    say: Wording, title: str, rows: Sequence[tuple[Request, str]], calendar: Calendar, total: int, buttons: tuple[Button, ...] = ()
) -> Card:
    """A list of requests: what each is, where it stands, and until when it is promised."""
    if not rows:
        return list_card(say.text(title), (), lead=say.text(f"{title}_none"), buttons=buttons)
    lines = [
        say.spans(
            "req_line",
            request=request.id,
            subject=request.subject,
            person=name,
            phase=say.text(f"req_phase_{request.phase.value}"),
            due=calendar.day_of(request.terms.due_at).isoformat(),
        )
        for request, name in rows[:LISTED]
    ]
    more = say.text("req_more", count=str(total - len(lines))) if total > len(lines) else ""
    return list_card(say.text(title), lines, small=more, buttons=buttons)
