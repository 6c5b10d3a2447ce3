"""What a deed at the desk orders: a finished form, or a press, as an order of the case, given by somebody who was checked."""

from datetime import date, timedelta

from bot.answers.cards import text_card
from bot.case.base import Actor, Refused
from bot.case.ids import new_id
from bot.desk.forms import Done
from bot.desk.settings import set_stand_in
from bot.engine.casework import Casework, Outcome, open_key
from bot.engine.ports import Account, Unit, Work
from bot.engine.records import Draft
from bot.engine.registering import tool_named
from bot.engine.turn import NotChecked, Turn
from bot.engine.world import World
from bot.requests import commands as c
from bot.ui.form import Answers

KINDS = {
    "request": "tool",
    "use-case": "use_case",
    "usecase": "use_case",
    "exception": "exception",
    "approval": "data",
    "change": "change",
    "retire": "retire",
}
# Anybody who may ask gives these; every other order takes authority, which the platform has confirmed within this time.
ASKING = (c.Submit, c.Join, c.Edit, c.Withdraw, c.GiveMore, c.Comment)
CHECKED_FOR = timedelta(seconds=60)


class Orders:
    """Gives orders to cases."""

    def __init__(self, work: Work, casework: Casework) -> None:
        self._work, self._casework = work, casework

    async def give(self, order: c.Command, id: str, turn: Turn, account: Account, world: World, unit: Unit) -> Outcome:
        """Have an order carried out, once it is sure enough who gives it."""
        if not isinstance(order, ASKING):
            surely(account, turn)
        return await self._casework.give(order, id, world, unit, turn.at)

    async def complete(self, draft: Draft, turn: Turn, account: Account, world: World, unit: Unit) -> Done:
        """What a finished form means."""
        by, answers = Actor(draft.person, account.id), dict(draft.answers)
        if draft.form == "stand_in":
            surely(account, turn)
            return await set_stand_in(self._work, by, answers, world, unit)
        if draft.form in KINDS.values():
            return await self._file(draft, by, answers, turn, account, world, unit)
        id, _, revision = draft.about.partition("/")
        order = await self._order_of(draft.form, by, int(revision or 0), answers)
        if isinstance(order, Refused):
            return Done(order)
        outcome = await self.give(order, id, turn, account, world, unit)
        return Done(outcome.refused, None if outcome.refused else text_card([world.say().spans("req_done")]))

    async def _order_of(self, form: str, by: Actor, seen: int, answers: Answers) -> c.Command | Refused:
        """The order of a decision form."""

        def text(question: str) -> str:
            return next(iter(answers.get(question, ())), "")

        until = date.fromisoformat(text("until")) if text("until") else None
        match form:
            case "conditions":
                return c.Approve(by, seen, text("conditions"), text("tier"), until)
            case "deny":
                return c.Deny(by, seen, text("reason"))
            case "more":
                return c.AskMore(by, text("question"))
            case "answer":
                return c.GiveMore(by, text("answer"))
            case "comment":
                return c.Comment(by, text("comment"))
            case "facts":
                return c.ConfirmFacts(by, answers.get("facts", ()))
            case "undo":
                return c.Undo(by, text("reason"))
            case "break_glass":
                return c.BreakGlass(by, text("reason"), until or date.min)
            case "delegate":
                found = await self._work.find_person(text("to"))
                return c.Delegate(by, found.email, text("reason")) if found else Refused("req_nobody", {"person": text("to")})
            case other:
                raise AssertionError(other)

    async def _file(self, draft: Draft, by: Actor, answers: Answers, turn: Turn, account: Account, world: World, unit: Unit) -> Done:
        """A request filed, filed again, or joined to an open one about the same."""
        say = world.say()
        named = next(iter(answers.get("tool", answers.get("title", ()))), "")
        tool = tool_named(world, named)
        subject = next(iter(answers.get("title", ())), "") or (tool.name if tool else named)
        for question, wording in (("for_whom", "req_nobody_asker"), ("controls_owner", "req_nobody_owner")):
            if answers.get(question) and not await self._work.find_person(answers[question][0]):
                return Done(Refused(wording, {"person": answers[question][0]}))
        asker = next(iter(answers.get("for_whom", ())), by.person)
        order: c.Command
        if draft.about:
            id, order = draft.about, c.Edit(by, subject, tuple(answers.items()))
        else:
            twin = await self._work.open_case(open_key(draft.form, asker, subject, answers.get("data", ())))
            if twin:
                id, order = twin, c.Join(by, asker)
            else:
                id = new_id("REQ")
                order = c.Submit(by, draft.form, asker, subject, tuple(answers.items()), draft.verdict, draft.receipt)
        outcome = await self.give(order, id, turn, account, world, unit)
        if outcome.refused:
            return Done(outcome.refused)
        return Done(card=text_card([say.spans("req_filed", request=id)]))


def surely(account: Account, turn: Turn) -> None:
    """Nothing, where the platform confirmed a moment ago who this is.

    Errors   NotChecked.
    """
    if turn.at - account.checked_at > CHECKED_FOR:
        raise NotChecked
