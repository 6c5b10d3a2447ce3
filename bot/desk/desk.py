"""The desk: what people ask of the bot, answered from the world and noted in the turn's unit.

words      "help", "register canva", "why RCP-…", or a question
buttons    settle a question back, share an answer, ask a person, call an answer wrong, pick from menus
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.answers.answer import answer, tool_options
from bot.answers.cards import MOST_OPTIONS, person_card, shared_card, text_card
from bot.answers.info import entry_card, fitting_tools, help_card, policy_card, register_card
from bot.answers.receipts import Words, load_record, load_words, reading_of, settled_by, why_card, with_text
from bot.case.ids import new_id
from bot.desk.handover import ASKED, DISPUTED, Channel, Concern, Handover
from bot.desk.lists import home_card
from bot.desk.prepared import Preparations, answer_card
from bot.desk.requests import RequestDesk
from bot.desk.unanswered import unanswered
from bot.engine.casework import Casework
from bot.engine.ports import Account, StoredReceipt, Unit, Want, Work
from bot.engine.teller import Teller
from bot.engine.turn import Arrived, Filled, Looked, Pressed, Reply, Said, Turn
from bot.engine.world import World, Worlds
from bot.policy.grants import Grant
from bot.policy.model import Verdict
from bot.ui.card import Button, Card, Choice, Heading, Option
from bot.understanding.followup import continued, incomplete
from bot.understanding.reading import HeardData, HeardTool, Intent, Reading

# Words that stand alone in front: what people type, and what it means.
WORDS = ("help", "home", "choose", "register", "policy", "why")
# Alone, they mean themselves even while a form is being answered.
ALONE = ("help", "home", "choose", "register", "policy", "status", "inbox", "tasks", "settings", "resume")


class Desk:
    """Answers words and presses. It writes nothing itself: what is to be kept goes into the unit."""

    def __init__(self, work: Work, worlds: Worlds, channels: Mapping[str, Channel], casework: Casework, teller: Teller) -> None:
        self._work, self._worlds, self._handover = work, worlds, Handover(work, channels)
        self._teller = teller
        self._requests = RequestDesk(work, casework, teller)
        self._preparations: Preparations | None = None
        self._presses: dict[str, Callable[[Turn, Pressed, Account, World, Unit], Awaitable[Reply]]] = {
            "settle": self._settle,
            "settle_choice": self._settle,
            "share": self._share,
            "ask_person": self._ask_person,
            "wrong_answer": self._wrong_answer,
            "choose": self._choose,
            **self._requests.presses,
        }

    def polite_word(self, turn: Turn, world: World, unit: Unit) -> Reply:
        """What guests and strangers get."""
        return self._show(turn, unit, text_card([world.say().spans("guest")]), turn.key[-60:], fresh=True)

    def cannot_check(self, turn: Turn, world: World, unit: Unit) -> Reply:
        """What somebody gets whose authority cannot be checked right now: nothing is decided."""
        return self._show(turn, unit, text_card([world.say().spans("req_unchecked")]), turn.key[-60:], fresh=True)

    async def answer(self, turn: Turn, account: Account, world: World, unit: Unit) -> Reply:
        """The card for a turn; where it is not shown in the turn, the unit says where."""
        match turn.what:
            case Said(text=text):
                return await self._said(turn, text.strip(), account, world, unit)
            case Filled() as filled:
                return await self._requests.filled(turn, filled, account, world, unit)
            case Pressed() as pressed:
                act = self._presses.get(pressed.action)
                return await act(turn, pressed, account, world, unit) if act else Reply()
            case Looked():
                card = await home_card(self._work, world, account.person, self._teller.platforms)
                unit.wants.append(Want(turn.platform, turn.place.address, "home", card))
                return Reply()
            case Arrived():
                return self._show(turn, unit, help_card(world.say()), turn.key[-60:], fresh=True)

    async def _said(self, turn: Turn, text: str, account: Account, world: World, unit: Unit) -> Reply:
        word, _, rest = text.partition(" ")
        say, rest = world.say(), rest.strip()
        if turn.place.direct and (reply := await self._form_answer(turn, text, account, world, unit)):
            return reply
        if reply := await self._requests.said(word.lower().rstrip("?!."), rest, turn, account, world, unit):
            return reply
        card: Card | None = None
        entries = fitting_tools(world.policy, world.tools, rest) if word.lower() == "register" and rest else []
        match word.lower().rstrip("?!."), bool(rest):
            case ("help" | "", False):
                card = help_card(say)
            case ("choose", False):
                card = choose_card(world)
            case ("home", False):
                card = await home_card(self._work, world, account.person, self._teller.platforms)
            case ("register", True) if len(entries) == 1:
                card = entry_card(say, world.policy, entries[0], await self._work.tool_history(entries[0].name))
            case ("register", _) if len(rest.split()) <= 3:
                card = register_card(say, world.policy, world.tools, rest)
            case ("policy", _) if len(rest.split()) <= 3:
                card = policy_card(say, world.policy, rest)
            case ("why", True) if rest.upper().startswith("RCP-"):
                card = await self._why(rest.upper().rstrip("?.! "), account, world)
            case _:
                pass  # a question in plain words
        if card is not None:
            return self._show(turn, unit, card, turn.key[-60:], fresh=True)
        return await self._question(turn, text, account, world, unit)

    async def _form_answer(self, turn: Turn, text: str, account: Account, world: World, unit: Unit) -> Reply | None:
        """Words that answer a form; None where there is none, or where they are a word or a question of their own."""
        draft = await self._work.last_draft((account.id,))
        hours = timedelta(hours=world.policy.organization.conversation_hours)
        if draft is None or not draft.active or turn.at - draft.updated_at > hours:
            return None
        word = text.partition(" ")[0].lower().rstrip("?!.")
        if text.lower().rstrip("?!.") in ALONE or (word in ("why", "show", "approve", "deny", "undo") and "-" in text):
            return None
        if text.rstrip().endswith("?") and world.read(text).intent in (Intent.ASK, Intent.TOOL_STATUS, Intent.DATA_RULE):
            return None
        return await self._requests.forms.said(draft, text, turn, account, world, unit)

    async def _question(self, turn: Turn, text: str, account: Account, world: World, unit: Unit) -> Reply:
        """A question in plain words, read with the one before it where it goes on from that."""
        reading = world.read(text)
        if incomplete(reading):
            since = turn.at - timedelta(hours=world.policy.organization.conversation_hours)
            before = await self._work.last_receipt(turn.place.conversation, since)
            words = load_words(before.words) if before else None
            if before and words:
                reading = continued(world.read(text, words.language), reading_of(words), asked_back=before.verdict == Verdict.ASK_BACK)
        say = world.say(reading.language)
        if reading.as_of_unreadable:
            return self._show(turn, unit, text_card([say.spans("as_of_bad")]), turn.key[-60:], fresh=True)
        if reading.as_of is not None:
            earlier = await self._worlds.as_of(reading.as_of)
            if earlier is None:
                first = await self._worlds.first_day() or (world.policy.version, turn.at.date())
                sorry = say.spans("as_of_unknown", date=reading.as_of.isoformat(), version=first[0], first=first[1].isoformat())
                return self._show(turn, unit, text_card([sorry]), turn.key[-60:], fresh=True)
            said = replace(earlier.read(text), as_of=reading.as_of)
            return await self._give(turn, said, account, earlier, unit)
        return await self._give(turn, reading, account, world, unit)

    async def _give(self, turn: Turn, reading: Reading, account: Account, world: World, unit: Unit, replaces: str = "") -> Reply:
        """Judge a reading, keep its receipt, and show the answer."""
        grants = await self._grants(account, world, turn)
        if self._preparations is None or self._preparations.world is not world:
            self._preparations = Preparations(world)
        made = self._preparations.of(reading, grants)
        unit.used_grants += sorted({pair.judgement.grant.id for pair in made.given.pairs if pair.judgement.grant})
        receipt = new_id("RCP")
        unit.receipts.append(
            StoredReceipt(
                receipt,
                turn.at,
                account.id,
                reading.intent.value,
                made.given.verdict.value if made.given.verdict else "",
                world.policy.version,
                world.register_version,
                turn.place.conversation,
                made.record,
                with_text(made.words, reading.text if world.policy.organization.keep_questions else ""),
            )
        )
        if not replaces:
            unit.unanswered += unanswered(made.given if reading is made.given.reading else replace(made.given, reading=reading), world)
        card = made.public_card if turn.place.public else made.card
        return self._show(turn, unit, card, replaces or receipt, fresh=not replaces, receipt=receipt)

    async def _grants(self, account: Account, world: World, turn: Turn) -> tuple[Grant, ...]:
        """The grants that hold for somebody today; the directory is only asked where there are any for teams."""
        if not world.grants:
            return ()
        entry = await self._work.person_of(account) if any(grant.team for grant in world.grants) else None
        team = entry.department if entry and not entry.left else ""
        return world.grants_of(account.person, team, world.process.calendars.own.day_of(turn.at))

    async def _settle(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """An option of a question back: the question is asked again with it filled in."""
        receipt, _, place = pressed.ref.partition("/")
        stored = await self._work.receipt(receipt)
        words = load_words(stored.words) if stored else None
        place = place or pressed.picked.get("option", "")
        reading = settled_by(words, load_record(stored.record), int(place), world.tools) if stored and words and place.isdecimal() else None
        if reading is None:
            return self._show(turn, unit, text_card([world.say(language_of(words)).spans("old_button")]), turn.key[-60:], fresh=True)
        return await self._give(turn, reading, account, world, unit, replaces=receipt)

    async def _share(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """The answer again, for others to see. It is computed afresh, so that nobody passes on an old one."""
        stored = await self._work.receipt(pressed.ref)
        words = load_words(stored.words) if stored else None
        if stored is None or words is None or stored.account != account.id:
            return self._show(turn, unit, text_card([world.say(language_of(words)).spans("old_button")]), turn.key[-60:], fresh=True)
        current = {tool.name: tool for tool in world.tools}
        reading = reading_of(words)
        reading = replace(
            reading,
            tools=tuple(replace(heard, tool=current.get(heard.tool.name, heard.tool) if heard.tool else None) for heard in reading.tools),
        )
        say = world.say(words.language)
        card = shared_card(say, account.name or account.email, words.text, answer_card(world, answer(world.policy, world.tools, reading), ""))
        where = turn.place.share or turn.place.address
        if where:
            unit.wants.append(Want(turn.platform, where, f"share/{turn.key[-60:]}", card, fresh=True, expires_at=turn.place.expires_at))
        return Reply(text_card([say.spans("shared_done")]))

    async def _ask_person(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """The answer is passed on to the people who can help."""
        return await self._pass_on(ASKED, turn, pressed, account, world, unit)

    async def _wrong_answer(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """The answer is passed on to the people who can put it right."""
        return await self._pass_on(DISPUTED, turn, pressed, account, world, unit)

    async def _pass_on(self, concern: Concern, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """Hand an answer over, and say so; where nobody can be reached from here, who can help and with which receipt."""
        stored = await self._work.receipt(pressed.ref)
        say = world.say(language_of(load_words(stored.words) if stored else None))
        own = stored is not None and stored.account == account.id
        done = own and stored is not None and await self._handover.hand_over(concern, stored, account, turn, world, unit)
        card = person_card(say, world.policy, pressed.ref, concern.done if done else concern.otherwise)
        return self._show(turn, unit, card, turn.key[-60:], fresh=True)

    async def _choose(self, turn: Turn, pressed: Pressed, account: Account, world: World, unit: Unit) -> Reply:
        """Tool and data picked from the menus."""
        tool = next((tool for tool in world.tools if tool.name == pressed.picked.get("tool")), None)
        data = next((data for data in choices_of_data(world) if data.id == pressed.picked.get("data")), None)
        if tool is None or data is None:
            return self._show(turn, unit, text_card([world.say().spans("choose_incomplete")]), turn.key[-60:], fresh=True)
        heard = HeardData(data.id, data.label, data.id)
        language = world.tongues.own
        reading = Reading(f"{tool.name} + {data.label}", language, Intent.ASK, (HeardTool(tool.name, tool),), (heard,))
        return await self._give(turn, reading, account, world, unit)

    async def _why(self, receipt: str, account: Account, world: World) -> Card:
        """A receipt explained to the person who asked, or to those who may see all."""
        stored = await self._work.receipt(receipt)
        policy = await self._work.policy_version(stored.policy_version) if stored else None
        if stored is None or policy is None or not await self._may_see(stored, account, world):
            return text_card([world.say().spans("why_missing", receipt=receipt[:20])])
        words = load_words(stored.words)
        record = load_record(stored.record)
        then = await self._work.tools_at(stored.at)
        today = None
        if words and words.intent is Intent.ASK:
            current = {tool.name: tool for tool in world.tools}
            reading = reading_of(words)
            reading = replace(reading, tools=tuple(replace(h, tool=current.get(h.tool.name, h.tool) if h.tool else None) for h in reading.tools))
            today = answer(world.policy, world.tools, reading).verdict
        return why_card(
            world.say(language_of(words)),
            policy,
            then,
            stored.id,
            stored.at.strftime("%Y-%m-%d %H:%M UTC"),
            record,
            words,
            None if today is Verdict.ASK_BACK else today,
        )

    async def _may_see(self, stored: StoredReceipt, account: Account, world: World) -> bool:
        """Whether a receipt is this person's, asked on either platform, or theirs to read by their role.

        A role takes a directory entry.
        """
        asker = account if stored.account == account.id else await self._work.account(stored.account)
        if stored.account == account.id or (asker is not None and asker.email and asker.email == account.email):
            return True
        holders = {email for role in ("policy_owner", "auditor") for email in world.policy.roles.get(role, ())}
        return account.email.lower() in holders and await self._work.has_person(account.email.lower())

    def _show(self, turn: Turn, unit: Unit, card: Card, key: str, *, fresh: bool, receipt: str = "") -> Reply:
        """Want the card shown at the turn's place, beside what stands there or (a known key) instead of it."""
        address = turn.place.address if fresh else turn.place.replace or turn.place.address
        if address:
            unit.wants.append(Want(turn.platform, address, key, card, fresh, turn.place.expires_at, receipt))
        return Reply(card, replaces=not fresh, receipt=receipt)


def language_of(words: Words | None) -> str:
    """The language a question was put in, as far as that was kept."""
    return words.language if words else ""


def choices_of_data(world: World) -> tuple[Option, ...]:
    """Every kind of data that can be picked, the prohibited ones too."""
    return tuple(Option(known.id, known.name) for known in (*world.policy.data_classes, *world.policy.prohibited_inputs))


def choose_card(world: World) -> Card:
    """Two menus, tool and data, and a button."""
    say = world.say()
    tools = tool_options(world.policy, world.tools)
    if len(tools) > MOST_OPTIONS:
        return text_card([say.spans("choose_many")])
    menus = (
        Choice("tool", say.text("choose_tool"), tuple(Option(option.id, option.label) for option in tools)),
        Choice("data", say.text("choose_data"), choices_of_data(world)),
    )
    title = say.text("choose_title")
    return Card(title, (Heading(title), *menus), (Button(say.text("choose_submit"), "choose", "choose", primary=True),))
