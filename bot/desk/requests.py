"""Requests at the desk: words, buttons and forms become orders; the cards of the case tell what came of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.answers.cards import text_card
from bot.answers.receipts import load_words
from bot.case.base import Actor, Refused
from bot.case.ids import new_id
from bot.desk.forms import FormDesk, refusal
from bot.desk.lists import inbox_card, status_card
from bot.desk.orders import KINDS, Orders
from bot.desk.settings import settings_card, settle
from bot.engine.casework import Casework, Outcome
from bot.engine.ports import Account, Unit, Want, Work
from bot.engine.records import Draft
from bot.engine.registering import tool_named
from bot.engine.teller import Teller
from bot.engine.turn import Filled, Opens, Pressed, Reply, Turn
from bot.engine.world import World
from bot.people.authority import Approver
from bot.requests import commands as c
from bot.requests.cards import request_card
from bot.requests.case import own
from bot.requests.reactions import APPROVER, ASKER, CONTROLS, JOINED
from bot.requests.state import Request
from bot.ui.card import Card

# These may be followed by a name that nobody knows yet; the others are words of everyday questions too.
NAMED = ("request", "use-case", "usecase", "exception")
# Buttons and words that ask for a form first, with the form.
FORMS = ("conditions", "deny", "more", "delegate", "facts", "comment", "answer", "undo", "break_glass")
WORDS = {**{name: name for name in FORMS}, "emergency": "break_glass", "diligence": "facts"}
SINGLE_WORDS = ("status", "tasks", "inbox", "settings", "resume", *KINDS)


class RequestDesk:
    """What people do with requests. It writes nothing itself: what is to be kept goes into the unit."""

    def __init__(self, work: Work, casework: Casework, teller: Teller) -> None:
        self._work, self._casework, self._teller = work, casework, teller
        self._orders = Orders(work, casework)
        self.forms = FormDesk(work, self._orders.complete)
        self.presses: dict[str, Callable[[Turn, Pressed, Account, World, Unit], Awaitable[Reply]]] = {
            **dict.fromkeys(("form_open", "form_chat", "form_cancel", "form_back", "form_skip", "form_submit", "form_pick"), self.forms.pressed),
            **dict.fromkeys(FORMS, self._form_pressed),
            **dict.fromkeys(("approve", "withdraw", "review", "reattest", "evaluate"), self._order_pressed),
            "edit": self._edit,
            "show_case": self._show_pressed,
            "request_tool": self._from_answer,
            "request_approval": self._from_answer,
            "request_exception": self._from_answer,
            "begin_request": self._from_answer,
            "stand_in": self._stand_in,
            "end_stand_in": self._settle_setting,
            "prefer": self._settle_setting,
        }

    async def said(self, word: str, rest: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply | None:
        """A word about requests; None where it is none."""
        person = account.person
        first = rest.split(" ", 1)[0].upper()
        match word:
            case "status" | "tasks" if not rest:
                return self._shown(await status_card(self._work, world, person), turn, unit)
            case "inbox" if not rest:
                return self._shown(await inbox_card(self._work, world, person, self._teller.platforms), turn, unit)
            case "settings" if not rest:
                return self._shown(await settings_card(self._work, world, person, self._teller.platforms), turn, unit)
            case "resume" | "cancel" if not rest:
                return await self._resume(word, turn, account, world, unit)
            case "show" | "approve" | "conditions" if first.startswith("REQ-"):  # what is signed is what was seen: typed, one sees it first
                return await self._show_case(first, turn, account, world, unit)
            case "withdraw" | "review" | "evaluate" if first.startswith("REQ-"):
                return await self._order(word, await self._ref(first), turn, account, world, unit)
            case _ if word in WORDS and first.startswith("REQ-"):
                return await self._form(WORDS[word], await self._ref(first), rest[len(first) :].strip(), turn, account, world, unit)
            case _ if word in KINDS and (not rest or tool_named(world, rest) or (word in NAMED and len(rest.split()) <= 4)):
                return await self._begin(KINDS[word], rest, turn, account, world, unit)
            case _:
                return None

    async def _ref(self, id: str) -> str:
        """A typed id with the revision that its words refer to: the current one."""
        request = await self._casework.load(id)
        return f"{id}/{request.revision}" if request else id

    async def _begin(self, kind: str, subject: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        """A form of a kind, offered in both ways; `/ai-request` opens it at once. A form begun earlier goes on."""
        last = await self._last_draft(account)
        if last and last.form == kind and not last.about and not subject and last.answers:
            return self._shown(self.forms.offer(replace(last, updated_at=turn.at), turn, world, unit, resumed=True), turn, unit)
        answers = prefilled(kind, subject, (), world)
        draft = self.forms.new(kind, "", answers, turn, account, account.person)
        if turn.place.dialog is Opens.MAY_OPEN:
            return await self.forms.begin(draft, turn, world, unit, account)
        return self._shown(self.forms.offer(draft, turn, world, unit), turn, unit)

    async def _last_draft(self, account: Account) -> Draft | None:
        """The form that this person worked on last, on whichever platform; it goes on here."""
        others = await self._work.accounts_of(account.email) if account.email else ()
        last = await self._work.last_draft((account.id, *(other.id for other in others)))
        return replace(last, account=account.id) if last else None

    async def _from_answer(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """A button under an answer: the form, filled in with what the question named."""
        kind = {"request_approval": "data", "request_exception": "exception"}.get(pressed.action, "tool")
        stored = await self._work.receipt(pressed.ref) if pressed.ref else None
        words = load_words(stored.words) if stored and stored.account == account.id else None
        named = next((heard.tool.name if heard.tool else heard.heard for heard in words.tools), "") if words else ""
        data = tuple(heard.judged_as for heard in words.data) if words else ()
        answers = prefilled(kind, named, data, world)
        draft = self.forms.new(kind, "", answers, turn, account, account.person)
        if stored:
            draft = replace(draft, receipt=stored.id, verdict=stored.verdict)
        return self._shown(self.forms.offer(draft, turn, world, unit), turn, unit)

    async def _resume(self, word: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        last = await self._last_draft(account)
        if last is None:
            return self._shown(text_card([world.say().spans("form_nothing")]), turn, unit)
        if word == "cancel":
            return await self.forms.pressed(turn, Pressed("form_cancel", last.id), account, world, unit)
        return self._shown(self.forms.offer(replace(last, updated_at=turn.at), turn, world, unit, resumed=True), turn, unit)

    async def _edit(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """The asker's form again, with their answers in it."""
        request = await self._casework.load(pressed.ref.partition("/")[0])
        if request is None or not own(request, account.person):
            return self._refusal(Refused("req_not_yours_to_change" if request else "req_unknown"), turn, world, unit)
        draft = self.forms.new(request.kind, request.id, dict(request.answers), turn, account, account.person)
        return self._shown(self.forms.offer(draft, turn, world, unit), turn, unit)

    async def _form_pressed(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        return await self._form(pressed.action, pressed.ref, "", turn, account, world, unit)

    async def _form(self, form: str, ref: str, words: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        """The form that an order needs; what was typed behind the word answers its first question."""
        request = await self._casework.load(ref.partition("/")[0])
        if request is None:
            return self._refusal(Refused("req_unknown"), turn, world, unit)
        answers: dict[str, tuple[str, ...]] = {"facts": request.facts} if form == "facts" and request.facts else {}
        draft = self.forms.new(form, ref, answers, turn, account, account.person)
        if words:
            first = world.form(form).questions[0].id
            unit.drafts.append(draft)
            return await self.forms.said(replace(draft, at=first, active=True), words, turn, account, world, unit)
        if form == "facts" and turn.place.dialog is not Opens.MAY_OPEN:
            draft = replace(draft, answers=())
        return await self.forms.begin(draft, turn, world, unit, account)

    async def _order_pressed(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        return await self._order(pressed.action, pressed.ref, turn, account, world, unit)

    async def _order(self, name: str, ref: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        """An order that needs no form."""
        id, _, revision = ref.partition("/")
        by = Actor(account.person, account.id)
        seen = int(revision) if revision.isdecimal() else 0
        orders: dict[str, c.Command] = {
            "approve": c.Approve(by, seen),
            "withdraw": c.Withdraw(by),
            "review": c.Review(by),
            "reattest": c.Reattest(by),
            "evaluate": c.Evaluate(by),
        }
        outcome = await self._orders.give(orders[name], id, turn, account, world, unit)
        if outcome.refused:
            return self._refusal(outcome.refused, turn, world, unit, outcome, by.person)
        return self._redrawn(outcome, turn, world, by.person)

    async def filled(self, turn: Turn, filled: Filled, account: Account, world: World, unit: Unit) -> Reply:
        """A dialog that was sent off."""
        return await self.forms.filled(turn, filled, account, world, unit)

    async def _show_pressed(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        return await self._show_case(pressed.ref, turn, account, world, unit)

    async def _show_case(self, id: str, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        """One request, in the part that this person has in it; whoever has none learns nothing."""
        request, person = await self._casework.load(id), account.person
        seen = await self._casework.shown(request, world, turn.at) if request else None
        part = part_of(request, person, seen.approvers, world) if request and seen else ""
        if request is None or seen is None or not part:
            return self._refusal(Refused("req_unknown"), turn, world, unit)
        if not turn.place.direct and turn.place.public:
            return self._refusal(Refused("req_private"), turn, world, unit)
        card = request_card(world.say(), request, seen, part, person)
        key = f"{id}/{part}/{new_id('N')}"
        if turn.place.address:
            unit.wants.append(Want(turn.platform, turn.place.address, key, card, fresh=True, topic=id, person=person))
        return Reply(card)

    async def _stand_in(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        draft = self.forms.new("stand_in", "", {}, turn, account, account.person)
        return await self.forms.begin(draft, turn, world, unit, account)

    async def _settle_setting(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        settle(pressed, account.person, account.id, self._teller.platforms, unit)
        return self._shown(text_card([world.say().spans("settings_saved")]), turn, unit)

    def _shown(self, card: Card, turn: Turn, unit: Unit) -> Reply:
        """A card beside what stands there; in private, whatever the place: requests are nobody else's business."""
        if turn.place.public:
            private = turn.hints.get("address", "")
            if private:
                unit.wants.append(Want(turn.platform, private, f"note/{turn.key[-60:]}", card, fresh=True))
            return Reply()
        if turn.place.address:
            unit.wants.append(Want(turn.platform, turn.place.address, f"note/{turn.key[-60:]}", card, fresh=True, expires_at=turn.place.expires_at))
        return Reply(card)

    def _refusal(self, refused: Refused, turn: Turn, world: World, unit: Unit, outcome: Outcome | None = None, viewer: str = "") -> Reply:
        """Why an order was not carried out. What was out of date is shown as it stands instead of the pressed card."""
        card = text_card([refusal(world, refused)])
        reply = self._shown(card, turn, unit)
        if outcome and outcome.refused and outcome.refused.outdated and isinstance(turn.what, Pressed):
            return self._redrawn(outcome, turn, world, viewer)
        return reply

    def _redrawn(self, outcome: Outcome, turn: Turn, world: World, viewer: str) -> Reply:
        """The pressed card as it stands now; every other copy is in the unit already."""
        if outcome.request is None or outcome.seen is None:
            return Reply()
        part = part_of(outcome.request, viewer, outcome.seen.approvers, world) or ASKER
        return Reply(request_card(world.say(), outcome.request, outcome.seen, part, viewer), replaces=True)


def part_of(request: Request, person: str, approvers: Mapping[str, tuple[Approver, ...]], world: World) -> str:
    """The part somebody has in a request; "" for none."""
    if own(request, person):
        return ASKER
    if person in request.joined:
        return JOINED
    if any(approver.person == person for seat in approvers.values() for approver in seat):
        return APPROVER
    if person == next(iter(request.answer("controls_owner")), ""):
        return CONTROLS
    overseers = (world.policy.owner, "auditor", *world.process.break_glass_roles)
    return APPROVER if person in {email for role in overseers for email in world.policy.roles.get(role, ())} else ""


def prefilled(kind: str, named: str, data: tuple[str, ...], world: World) -> dict[str, tuple[str, ...]]:
    """What is known before a form begins: the tool and the data that an answer was about."""
    form = world.form(kind)
    found: dict[str, tuple[str, ...]] = {}
    for question in form.questions:
        options = {option.id for option in question.options}
        if question.id in ("tool", "title") and named:
            tool = tool_named(world, named)
            value = tool.name if tool else named
            if not options or value in options:
                found[question.id] = (value,)
        elif question.id == "data":
            fitting = tuple(dict.fromkeys(id for id in data if id in options))
            if fitting:
                found[question.id] = fitting if question.kind == "choices" else fitting[:1]
    return found
