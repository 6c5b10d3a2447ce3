"""Timers: orders whose time has come, given once, by whichever process comes first.

A timer is a row; carrying it out takes the row away in the same transaction, so that of any number of processes one does.
What was missed while nothing ran is caught up: of several reminders of one case only the last is sent, and nobody is
disturbed outside their working time. A late one that is left out is on record.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.calendar import not_before_opening
from bot.engine.casework import Casework, location
from bot.engine.codecs import REQUESTS
from bot.engine.notices import Notices
from bot.engine.ports import Happened, Stale, Unit, Work
from bot.engine.records import DueTimer, TimerWrite
from bot.engine.world import World, Worlds
from bot.requests import commands as c

log = logging.getLogger(__name__)

AT_ONCE = 100
SECONDS = 20.0  # for one timer
AFTER_A_FAILURE = timedelta(minutes=5)
TELLING = (c.Remind, c.Warn, c.WarnOfEnd, c.Escalate)


class Timers:
    """Carries out what is due."""

    def __init__(self, work: Work, worlds: Worlds, casework: Casework, notices: Notices, now: Callable[[], datetime]) -> None:
        self._work, self._worlds, self._casework, self._notices = work, worlds, casework, notices
        #: The moment that counts for what is due; a rehearsal sets a later one.
        self.due_by = now
        self.rehearsal = False

    async def round(self) -> int:
        """Carry out what is due now; how many timers were dealt with."""
        now = self.due_by()
        due = await self._work.due_timers(now, AT_ONCE)
        for timer in due:
            try:
                await self._fire(timer, due, now)
            except Stale:
                await self._worlds.refresh()  # somebody else did it, or something changed: the next round sees
            except Exception:
                log.exception("A timer failed", extra={"action": "timer_failed", "key": timer.case})
                later = TimerWrite(timer.key, timer.case, now + AFTER_A_FAILURE, timer.command)  # the others need not wait for it
                await self._work.commit(Unit(timers=[later]), asyncio.get_running_loop().time() + SECONDS)
        return len(due)

    async def _fire(self, timer: DueTimer, due: Sequence[DueTimer], now: datetime) -> None:
        world = await self._worlds.refresh()
        unit = Unit(expects=world.versions, fired=timer)
        command = REQUESTS.load(timer.command)
        if self.rehearsal:
            unit.events.append(Happened("Rehearsed", timer.case))
        if isinstance(command, c.TellAffected):
            await self._notices.round(timer, command, world, unit, now)
        elif isinstance(command, c.Remind) and is_passed_over(timer, due):
            unit.events.append(Happened("ReminderLeftOut", timer.case, "", {"number": command.number}))
        elif isinstance(command, TELLING) and (later := await self._quiet_until(timer.case, world, now)) > now:
            unit.timers.append(TimerWrite(timer.key, timer.case, later, timer.command))
        else:
            outcome = await self._casework.give(command, timer.case, world, unit, now)
            if outcome.refused:
                log.info("A timer no longer fits", extra={"action": "timer_refused", "key": timer.case})
        await self._work.commit(unit, asyncio.get_running_loop().time() + SECONDS)

    async def _quiet_until(self, case: str, world: World, now: datetime) -> datetime:
        """Now, or the opening of the next working day where the asker's site sleeps."""
        request = await self._casework.load(case)
        around = await self._work.around(frozenset((request.asker,)) if request else frozenset(), frozenset())
        calendar = world.process.calendars.of(location(around.known, request.asker) if request else "")
        return not_before_opening(calendar, now)


def is_passed_over(timer: DueTimer, due: Sequence[DueTimer]) -> bool:
    """Whether a later reminder of the same case is due as well."""
    same = [other for other in due if other.case == timer.case and "/remind/" in other.key]
    return bool(same) and max(same, key=lambda other: other.due_at).key != timer.key
