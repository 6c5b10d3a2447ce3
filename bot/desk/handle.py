"""One turn, from what a person did to what is committed and shown.

`Engine.respond` looks up who it is, lets `Desk` answer, commits everything the turn writes in one unit, and only then
replies. A turn that rested on an old register or policy is done again with the new one; a repeated delivery gets the
answer it got before.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.desk.desk import Desk
from bot.engine.ports import Account, Directory, DirectoryUnavailable, Happened, NotSaved, Stale, Standing, Unit, Work
from bot.engine.turn import Filled, NotSavedInTime, Pressed, Reply, Said, Turn
from bot.engine.world import World, Worlds

log = logging.getLogger(__name__)

DEADLINE_SECONDS = 2.5  # Slack gives up after three
DIRECTORY_SECONDS = 1.5
CHECKED_FOR = timedelta(hours=1)
CHECKED_FOR_DECISIONS = timedelta(seconds=60)
USED_FOR = timedelta(hours=6)  # "the platform used last" need not be exact to the minute
REMEMBERED = 50_000
TRIES = 4

# What takes authority, and is not done on the word of a directory that was asked an hour ago.
PRIVILEGED = frozenset(
    ("approve", "conditions", "deny", "more", "delegate", "facts", "review", "undo", "break_glass", "reattest", "evaluate", "form_submit")
)

Voice = Callable[[Reply], str]


class Engine:
    """Answers turns. One per process; safe for any number of turns at a time."""

    def __init__(self, work: Work, worlds: Worlds, desk: Desk, directories: Mapping[str, Directory], voices: Mapping[str, Voice]) -> None:
        self._work, self._worlds, self._desk, self._directories, self._voices = work, worlds, desk, directories, voices
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    async def respond(self, turn: Turn) -> str:
        """Answer a turn: the platform's own response as its voice puts it, "" for a bare acknowledgment.

        Errors   NotSavedInTime when it could not be committed in time: then it changed nothing.
        """
        deadline = asyncio.get_running_loop().time() + DEADLINE_SECONDS
        try:
            async with asyncio.timeout_at(deadline):
                return await self._respond(turn, deadline)
        except (TimeoutError, NotSaved) as error:
            raise NotSavedInTime from error

    async def _respond(self, turn: Turn, deadline: float) -> str:
        account, changed = await self._account(turn)
        if account is None or account.standing in (Standing.BOT, Standing.LEFT):
            return ""
        world = await self._worlds.current()
        for _ in range(TRIES):
            unit = await self._prepare(turn, account, world)
            if changed:
                unit.accounts.append(account)
            try:
                repeat = await self._work.commit(unit, deadline)
            except Stale:
                world = await self._worlds.refresh()
                continue
            if changed:
                self._remember(account)
            if repeat is not None:
                return repeat.reply
            return unit.reply
        raise TimeoutError

    async def _prepare(self, turn: Turn, account: Account, world: World) -> Unit:
        """What this turn writes, its reply among it, in this world."""
        unit = Unit(key=turn.key, at=turn.at, expects=world.versions)
        if account.standing in (Standing.GUEST, Standing.STRANGER):
            unit.events.append(Happened("OutsiderTurnedAway", account.id, account.id))
            reply = self._desk.polite_word(turn, world, unit)
        elif account.standing is Standing.UNSURE:
            unit.events.append(Happened("AuthorityUnchecked", turn.user, turn.user))
            reply = self._desk.cannot_check(turn, world, unit)
        else:
            reply = await self._desk.answer(turn, account, world, unit)
        if turn.place.in_turn:
            reply = replace(reply, opens=turn.place.dialog, posted=bool(turn.place.address))
            unit.reply = self._voices[turn.platform](reply)
        return unit

    async def _account(self, turn: Turn) -> tuple[Account | None, bool]:
        """Who did this, and whether that is news to the store; None where it cannot be told."""
        known = self._accounts.get(turn.user) or await self._work.account(turn.user)
        address = turn.hints.get("address") or (known.address if known else "")
        fresh_for = CHECKED_FOR_DECISIONS if is_privileged(turn) else CHECKED_FOR
        if known is not None and turn.at - known.checked_at < fresh_for:
            self._remember(known)
            if turn.at - known.used_at < USED_FOR and address == known.address:
                return known, False
            return replace(known, used_at=turn.at, address=address), True
        blank = Account(turn.user, turn.platform, Standing.STRANGER, turn.at, turn.at, address=address)
        try:
            async with asyncio.timeout(DIRECTORY_SECONDS):
                found = await self._directories[turn.platform].look_up(known or blank, turn.hints)
        except (DirectoryUnavailable, TimeoutError):
            log.warning("The platform's directory does not answer", extra={"action": "directory_unavailable", "platform": turn.platform})
            if known is None:
                raise NotSavedInTime from None
            return (replace(known, standing=Standing.UNSURE) if is_privileged(turn) else known), False
        found = replace(found, address=address or found.address, checked_at=turn.at, used_at=turn.at)
        entry = await self._work.person_of(found)
        return (replace(found, email=entry.email) if entry else found), True

    def _remember(self, account: Account) -> None:
        self._accounts[account.id] = account
        self._accounts.move_to_end(account.id)
        if len(self._accounts) > REMEMBERED:
            self._accounts.popitem(last=False)


def is_privileged(turn: Turn) -> bool:
    """Whether this turn may decide something: then who it is gets checked with the platform, within a minute."""
    match turn.what:
        case Pressed(action=action):
            return action in PRIVILEGED
        case Filled():
            return True
        case Said(text=text):
            return text.partition(" ")[0].lower() in PRIVILEGED
        case _:
            return False
