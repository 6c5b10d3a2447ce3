"""Notices: everybody affected when a tool loses something is told within the promised days, and the ledger proves it.

The first round writes one row for each person; each round then tells some of them, until nobody is left. Who cannot be
reached stays in the ledger as a gap.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers.cards import text_card
from bot.answers.wording import tier_name
from bot.calendar import due_after
from bot.engine.codecs import REQUESTS
from bot.engine.ports import Account, Happened, Unit, Want, Work
from bot.engine.records import DueTimer, Notice, TimerWrite
from bot.engine.teller import Teller
from bot.engine.world import World
from bot.policy.model import Status
from bot.requests.commands import TellAffected
from bot.ui.card import Card, Tone

A_ROUND = 200  # people
SINCE = timedelta(days=365)  # who asked about a tool longer ago than this is not affected by what becomes of it


class Notices:
    """Tells people of what was taken away."""

    def __init__(self, work: Work, teller: Teller) -> None:
        self._work, self._teller = work, teller

    async def round(self, timer: DueTimer, order: TellAffected, world: World, unit: Unit, now: datetime) -> None:
        """Write the ledger of a change, or tell the next of the people in it."""
        topic = timer.case
        if order.number == 0:
            people = await self._work.askers_about(order.tool, order.since - SINCE)
            due = due_after(world.process.calendars.own, order.since, world.process.clock.notice_days)
            unit.notices += [Notice(topic, person, order.what[:20], due) for person in people]
            unit.events.append(Happened("NoticesPlanned", topic, order.by.account, {"tool": order.tool, "people": len(people)}))
            again = bool(people)
        else:
            waiting = await self._work.untold(topic, A_ROUND)
            around = await self._work.around(frozenset(waiting), self._teller.platforms)
            card = notice_card(world, order)
            for person in waiting:
                tell(topic, person, around.address(person), card, unit)
            again = len(waiting) == A_ROUND
        if again:
            following = replace(order, number=order.number + 1)
            unit.timers.append(TimerWrite(timer.key, topic, now, REQUESTS.dump(following)))


def tell(topic: str, person: str, account: Account | None, card: Card, unit: Unit) -> None:
    """Show somebody the notice; who cannot be reached stays in the ledger as a gap."""
    if account is None:
        unit.untold[topic, person] = "cannot be reached on any platform"
        return
    unit.told.append((topic, person))
    unit.wants.append(Want(account.platform, account.address, f"{topic}/notice", card, topic=topic, person=person))


def notice_card(world: World, order: TellAffected) -> Card:
    """What is different with a tool from now on, and what to do."""
    say = world.say()
    tool = next((tool for tool in world.tools if tool.name == order.tool), None)
    tier = tier_name(say, world.policy, tool.tier) if tool else ""
    key = "notice_status" if tool is None or tool.status is not Status.ACTIVE else "notice_tier"
    status = say.text(f"status_{tool.status.value}") if tool else ""
    line = say.spans(key, tool=order.tool, tier=tier, status=status)
    conditions = [say.spans("notice_conditions", conditions="; ".join(tool.conditions))] if tool and tool.conditions else []
    return text_card([line, *conditions, say.spans("notice_next", tool=order.tool)], title=order.tool, tone=Tone.CAUTION)
