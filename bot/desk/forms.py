"""Forms at work: begun, opened as a dialog, answered in chat, left and taken up again, sent off.

A draft keeps what was answered; nothing is lost when a person goes away. Both ways fill the same draft and end in the same
`complete`, so they give equal results.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.answers.cards import text_card
from bot.answers.wording import role_name, tier_name
from bot.case.base import Refused
from bot.case.ids import new_id
from bot.desk.form_cards import REVIEW, answered_card, closed_card, dialog_of, left_card, offer_card, question_card, review_card
from bot.engine.ports import Account, Unit, Want, Work
from bot.engine.records import Draft
from bot.engine.turn import Filled, Opens, Pressed, Reply, Turn
from bot.engine.world import World
from bot.redaction.clean import cleaned
from bot.ui.card import Card, Span, plain
from bot.ui.form import Form, Kind, Question, accept, next_question, previous_question, problems, pruned, visible

# A refusal that one answer is to blame for: that question is asked again.
BLAMED = {
    "req_until_past": "until",
    "req_until_far": "until",
    "req_nobody": "to",
    "req_own_delegate": "to",
    "req_tier_too_high": "tier",
    "form_unknown_tool": "tool",
    "req_nobody_asker": "for_whom",
    "req_nobody_owner": "controls_owner",
    "req_days_reversed": "until",
}


@dataclass(frozen=True, slots=True)
class Done:
    """What a form that was sent off led to: a refusal, or the card that says what was done ("" None where cards tell)."""

    refused: Refused | None = None
    card: Card | None = None
    key: str = ""


Complete = Callable[[Draft, Turn, Account, World, Unit], Awaitable[Done]]


class FormDesk:
    """Runs forms. What a finished form means is the business of `complete`."""

    def __init__(self, work: Work, complete: Complete) -> None:
        self._work, self._complete = work, complete

    def new(self, form: str, about: str, answers: Mapping[str, tuple[str, ...]], turn: Turn, account: Account, person: str) -> Draft:
        """A new draft."""
        return Draft(new_id("DRF"), account.id, person, form, about, tuple(answers.items()), turn.at)

    async def begin(self, draft: Draft, turn: Turn, world: World, unit: Unit, account: Account, *, chat: bool = False) -> Reply:
        """Open the form where the turn can open a dialog, else ask its first question in chat."""
        if turn.place.dialog is Opens.MAY_OPEN and not chat:
            unit.drafts.append(draft)
            form = world.form(draft.form)
            return self._dialog(draft, form, visible(form, dict(draft.answers)), {}, world)
        return await self._ask(draft, turn, world, unit, account)

    def offer(self, draft: Draft, turn: Turn, world: World, unit: Unit, *, resumed: bool = False) -> Card:
        """The card that offers both ways."""
        unit.drafts.append(draft)
        return offer_card(world.say(), world.form(draft.form), draft, resumed=resumed)

    async def _own(self, id: str, account: Account) -> Draft | None:
        """This person's draft, begun with whichever account; it goes on with this one."""
        draft = await self._work.draft(id)
        return replace(draft, account=account.id) if draft and draft.person == account.person else None

    async def pressed(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """A button of a form."""
        id, _, rest = pressed.ref.partition("/")
        draft = await self._own(id, account)
        say = world.say()
        if draft is None:
            return Reply(closed_card(say, "form_gone"), replaces=turn.place.direct)
        form = world.form(draft.form)
        match pressed.action:
            case "form_open":
                return await self.begin(draft, turn, world, unit, account)
            case "form_chat":
                return await self._ask(draft, turn, world, unit, account)
            case "form_cancel":
                return await self._cancel(draft, turn, unit, world)
            case "form_back":
                return await self._back(draft, rest, turn, world, unit, account)
            case "form_submit":
                return await self._send(draft, form, turn, account, world, unit)
            case _:
                pass  # an answer to one question
        question_id, _, place = rest.partition("/")
        question = next((known for known in visible(form, dict(draft.answers)) if known.id == question_id), None)
        if question is None or draft.at != question_id:
            return Reply()  # a question that was answered since
        if pressed.action == "form_skip":
            return await self._answer(draft, form, question, (), turn, account, world, unit)
        picked = place or pressed.picked.get("option", "")
        options = [question.options[int(at)].id for at in picked.split(",") if at.isdecimal() and int(at) < len(question.options)]
        return await self._answer(draft, form, question, tuple(options), turn, account, world, unit)

    async def said(self, draft: Draft, text: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        """Words while a form is being answered in chat."""
        form = world.form(draft.form)
        word = text.strip().lower().rstrip(".!")
        if word == "cancel":
            return await self._cancel(draft, turn, unit, world)
        if word == "back":
            return await self._back(draft, draft.at, turn, world, unit, account)
        if draft.at == REVIEW:
            if word in ("submit", "send", "ok", "yes"):
                return await self._send(draft, form, turn, account, world, unit)
            return await self._ask(draft, turn, world, unit, account)
        question = next((known for known in visible(form, dict(draft.answers)) if known.id == draft.at), None)
        if question is None:
            return await self._ask(draft, turn, world, unit, account)
        if word == "skip" and not question.required:
            return await self._answer(draft, form, question, (), turn, account, world, unit)
        return await self._answer(draft, form, question, (text,), turn, account, world, unit)

    async def filled(self, turn: Turn, filled: Filled, account: Account, world: World, unit: Unit) -> Reply:
        """A dialog that was sent off: checked, perhaps continued with what else applies now, else completed."""
        draft = await self._own(filled.ref, account)
        if draft is None:
            return Reply(closed_card(world.say(), "form_gone"))
        form = world.form(draft.form)
        given = dict(draft.answers)
        wrong: dict[str, str] = {}
        for question in form.questions:
            if question.id in filled.values:
                values, problem = accept(question, self._kept(question, filled.values[question.id], world))
                if problem:
                    wrong[question.id] = problem
                else:
                    given[question.id] = values
        asked = tuple(question for question in form.questions if question.id in filled.values)
        draft = replace(draft, answers=tuple(pruned(form, given).items()), updated_at=turn.at, active=False)
        unit.drafts.append(draft)
        if wrong:
            told = {id: world.say().text(problem) for id, problem in wrong.items()}
            typed = {q.id: self._kept(q, filled.values[q.id], world) for q in asked if q.id in wrong}  # to be mended, not typed again
            again = replace(draft, answers=(*draft.answers, *typed.items()))
            return self._dialog(again, form, asked, told, world, new_page=False)
        rest = tuple(question for question in visible(form, dict(draft.answers)) if question.id not in dict(draft.answers))
        if rest:
            return self._dialog(draft, form, rest, {}, world)
        done = await self._complete(draft, turn, account, world, unit)
        if done.refused:
            text = plain(refusal(world, done.refused))
            blamed = next((q for q in form.questions if q.id == BLAMED.get(done.refused.wording, "")), asked[-1] if asked else form.questions[0])
            shown = asked if blamed in asked else (blamed,)
            return self._dialog(draft, form, shown, {blamed.id: text}, world, new_page=blamed not in asked)
        self._drop(draft, unit)
        return Reply(done.card)

    def _dialog(
        self, draft: Draft, form: Form, questions: tuple[Question, ...], wrong: dict[str, str], world: World, *, new_page: bool = True
    ) -> Reply:
        return Reply(dialog=dialog_of(world.say(), form, draft, questions, wrong, new_page=new_page))

    def _kept(self, question: Question, values: tuple[str, ...], world: World) -> tuple[str, ...]:
        """What people typed, without what must not be kept."""
        if question.kind in (Kind.CHOICE, Kind.CHOICES, Kind.DATE):
            return values
        return tuple(world.tongues.redact(cleaned(value)).text for value in values)

    async def _answer(
        self, draft: Draft, form: Form, question: Question, given: tuple[str, ...], turn: Turn, account: Account, world: World, unit: Unit
    ) -> Reply:
        say = world.say()
        removed = (
            [kind for value in given for kind in world.tongues.redact(cleaned(value)).kinds] if question.kind in (Kind.TEXT, Kind.LONG_TEXT) else []
        )
        values, problem = accept(question, self._kept(question, given, world))
        if problem:
            card = question_card(say, form, draft, question, problem)
            await self._show(draft, f"{question.id}/{new_id('N')}", card, turn, unit, account)
            return Reply(card)
        answers = pruned(form, {**dict(draft.answers), question.id: values})
        draft = replace(draft, answers=tuple(answers.items()), updated_at=turn.at)
        done = answered_card(say, question, values)
        await self._close(draft, question.id, done, unit)
        small = say.text("form_redacted", kinds=say.kinds(tuple(dict.fromkeys(removed)))) if removed else ""
        is_last = next_question(form, answers) is None
        if is_last and len(form.questions) == 1:
            return await self._send(draft, form, turn, account, world, unit, pressed=done)
        await self._ask(draft, turn, world, unit, account, small)
        return Reply(done, replaces=isinstance(turn.what, Pressed))

    async def _ask(self, draft: Draft, turn: Turn, world: World, unit: Unit, account: Account, small: str = "") -> Reply:
        """Ask the next question, or show the sum of the answers, in private."""
        form = world.form(draft.form)
        question = next_question(form, dict(draft.answers))
        draft = replace(draft, at=question.id if question else REVIEW, active=True, updated_at=turn.at)
        unit.drafts.append(draft)
        say = world.say()
        card = question_card(say, form, draft, question, small=small) if question else review_card(say, form, draft)
        await self._show(draft, f"{draft.at}/{new_id('N')}", card, turn, unit, account)
        if not turn.place.direct:
            return Reply(closed_card(say, "form_elsewhere"))
        return Reply()

    async def _back(self, draft: Draft, here: str, turn: Turn, world: World, unit: Unit, account: Account) -> Reply:
        form = world.form(draft.form)
        answers = dict(draft.answers)
        at = here.partition("/")[0]
        before = previous_question(form, answers, at if at != REVIEW else "")
        if before is None:
            return await self._ask(draft, turn, world, unit, account)
        answers.pop(before.id, None)
        left = next((known for known in form.questions if known.id == draft.at), None)
        await self._close(draft, draft.at, left_card(form, left), unit)
        return await self._ask(replace(draft, answers=tuple(answers.items())), turn, world, unit, account)

    async def _cancel(self, draft: Draft, turn: Turn, unit: Unit, world: World) -> Reply:
        self._drop(draft, unit)
        card = closed_card(world.say(), "form_cancelled")
        await self._close(draft, "", card, unit)
        if not isinstance(turn.what, Pressed) and turn.place.address:
            unit.wants.append(Want(turn.platform, turn.place.address, f"{draft.id}/cancelled", card, fresh=True))
        return Reply(card, replaces=isinstance(turn.what, Pressed))

    async def _send(self, draft: Draft, form: Form, turn: Turn, account: Account, world: World, unit: Unit, pressed: Card | None = None) -> Reply:
        """Send a complete draft off; what is refused because of one answer is asked again."""
        say = world.say()
        if wrong := problems(form, dict(draft.answers)):
            answers = {key: values for key, values in draft.answers if key not in wrong}
            return await self._ask(replace(draft, answers=tuple(answers.items())), turn, world, unit, account)
        done = await self._complete(draft, turn, account, world, unit)
        blamed = BLAMED.get(done.refused.wording, "") if done.refused else ""
        if done.refused and blamed in dict(draft.answers):
            answers = {key: values for key, values in draft.answers if key != blamed}
            asked = replace(draft, answers=tuple(answers.items()))
            return await self._ask(asked, turn, world, unit, account, plain(refusal(world, done.refused)))
        if done.refused:
            done = Done(card=text_card([refusal(world, done.refused)]))
        self._drop(draft, unit)
        closing = pressed or done.card or closed_card(say, "req_done")
        await self._close(draft, REVIEW, closing, unit)
        if done.card is not None and pressed is not None and turn.place.address:
            unit.wants.append(Want(turn.platform, turn.place.address, f"{draft.id}/done", done.card, fresh=True))
        return Reply(closing, replaces=isinstance(turn.what, Pressed))

    def _drop(self, draft: Draft, unit: Unit) -> None:
        """A draft that is over."""
        unit.drafts = [kept for kept in unit.drafts if kept.id != draft.id]
        unit.dropped_drafts.append(draft.id)

    async def _show(self, draft: Draft, key: str, card: Card, turn: Turn, unit: Unit, account: Account) -> None:
        """Post a card of a form in the chat with the person."""
        address = turn.place.address if turn.place.direct else account.address
        if address:
            unit.wants.append(Want(turn.platform, address, f"{draft.id}/{key}"[:120], card, fresh=True, topic=draft.id, person=draft.person))

    async def _close(self, draft: Draft, question: str, card: Card, unit: Unit) -> None:
        """Take the buttons off a question that was asked; of the whole form where `question` is empty."""
        for copy in await self._work.copies(draft.id):
            _, _, rest = copy.key.partition("/")
            if not question or rest.partition("/")[0] == question:
                unit.wants.append(Want(copy.platform, copy.address, copy.key, card, topic=draft.id, person=copy.person))


def refusal(world: World, refused: Refused) -> tuple[Span, ...]:
    """Why an order was refused, in words: tiers and roles by their names."""
    say, values = world.say(), dict(refused.values)
    for key in values.keys() & {"tier", "ceiling"}:
        values[key] = tier_name(say, world.policy, values[key])
    if roles := values.get("roles"):
        values["roles"] = say.listed(tuple(role_name(say, role) for role in roles.split(",")), "or")
    return say.spans(refused.wording, **values)
