"""One turn, from what a person did to what is committed and shown.

`Engine.respond` looks up who it is, lets `Desk` answer, commits everything the turn writes in one unit, and only then
replies. A turn that rested on an old register or policy is done again with the new one; a repeated delivery gets the
answer it got before.
"""

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.desk.desk import Desk
from bot.engine.ports import Account, Directory, DirectoryUnavailable, Happened, NotSaved, Stale, Standing, Unit, Work
from bot.engine.turn import NotChecked, NotSavedInTime, Reply, Turn
from bot.engine.world import World, Worlds

log = logging.getLogger(__name__)

DEADLINE_SECONDS = 2.5  # Slack gives up after three
DIRECTORY_SECONDS = 1.5
CHECKED_FOR = timedelta(hours=1)
USED_FOR = timedelta(hours=6)  # "the platform used last" need not be exact to the minute
REMEMBERED = 50_000
TRIES = 5

Voice = Callable[[Reply], str]


@dataclass(frozen=True, slots=True)
class Who:
    """Who is behind a turn: whether that is news to the store, and whether the platform was asked in this very turn."""

    account: Account
    changed: bool = False
    asked: bool = False


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
        who = await self._who(turn)
        world = await self._worlds.current()
        for _ in range(TRIES):
            if who.account.standing in (Standing.BOT, Standing.LEFT):
                return ""
            try:
                unit = await self._prepare(turn, who.account, world)
            except NotChecked:
                if not who.asked:
                    who = await self._asked(turn, who.account)
                    continue
                unit = self._unchecked(turn, world)
            if who.changed:
                unit.accounts.append(who.account)
            try:
                repeat = await self._work.commit(unit, deadline)
            except Stale:
                world = await self._worlds.refresh()
                continue
            if who.changed:
                self._remember(who.account)
            if repeat is not None and repeat.other:
                await self._work.commit(Unit(at=turn.at, events=[Happened("DeliveryKeyReused", "", who.account.id)]), deadline)
                return ""
            return repeat.reply if repeat is not None else unit.reply
        raise TimeoutError

    async def _prepare(self, turn: Turn, account: Account, world: World) -> Unit:
        """What this turn writes, its reply among it, in this world."""
        unit = Unit(turn.key, at=turn.at, expects=world.versions, digest=digest_of(turn))
        if account.standing in (Standing.GUEST, Standing.STRANGER):
            unit.events.append(Happened("OutsiderTurnedAway", account.id, account.id))
            reply = self._desk.polite_word(turn, world, unit)
        else:
            reply = await self._desk.answer(turn, account, world, unit)
        return self._voiced(turn, unit, reply)

    def _unchecked(self, turn: Turn, world: World) -> Unit:
        """A turn whose authority cannot be checked right now: it decides nothing, and says so."""
        unit = Unit(turn.key, at=turn.at, expects=world.versions, digest=digest_of(turn))
        unit.events.append(Happened("AuthorityUnchecked", turn.user, turn.user))
        return self._voiced(turn, unit, self._desk.cannot_check(turn, world, unit))

    def _voiced(self, turn: Turn, unit: Unit, reply: Reply) -> Unit:
        if turn.place.in_turn:
            reply = replace(reply, opens=turn.place.dialog, posted=bool(turn.place.address))
            unit.reply = self._voices[turn.platform](reply)
        return unit

    async def _who(self, turn: Turn) -> Who:
        """Who did this, as the platform said within the hour."""
        known = self._accounts.get(turn.user) or await self._work.account(turn.user)
        if known is None or turn.at - known.checked_at >= CHECKED_FOR:
            return await self._asked(turn, known)
        self._remember(known)
        address = turn.hints.get("address") or known.address
        if turn.at - known.used_at < USED_FOR and address == known.address:
            return Who(known)
        return Who(replace(known, used_at=turn.at, address=address), changed=True)

    async def _asked(self, turn: Turn, known: Account | None) -> Who:
        """Who did this, as the platform says now; where it does not answer, as it said last.

        Errors   NotSavedInTime for somebody whom it never told about.
        """
        address = turn.hints.get("address") or (known.address if known else "")
        blank = Account(turn.user, turn.platform, Standing.STRANGER, turn.at, turn.at, address=address)
        try:
            async with asyncio.timeout(DIRECTORY_SECONDS):
                found = await self._directories[turn.platform].look_up(known or blank, turn.hints)
        except (DirectoryUnavailable, TimeoutError):
            log.warning("The platform's directory does not answer", extra={"action": "directory_unavailable", "platform": turn.platform})
            if known is None:
                raise NotSavedInTime from None
            return Who(known, asked=True)
        found = replace(found, address=address or found.address, checked_at=turn.at, used_at=turn.at)
        entry = await self._work.person_of(found)
        return Who(replace(found, email=entry.email) if entry else found, changed=True, asked=True)

    def _remember(self, account: Account) -> None:
        self._accounts[account.id] = account
        self._accounts.move_to_end(account.id)
        if len(self._accounts) > REMEMBERED:
            self._accounts.popitem(last=False)


def digest_of(turn: Turn) -> str:
    """What was done, in so few digits that nothing can be told from them but whether it is the same."""
    return hashlib.sha256(repr(turn.what).encode()).hexdigest()[:8]
