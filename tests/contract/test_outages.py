"""A platform that is slow, asks for pauses, or is away: nothing is lost, nobody is hammered, and old cards tell the truth (S27–S33)."""

import asyncio
import time
from datetime import UTC, datetime

from adapters.playground.faults import Fault
from adapters.slack.messenger import LIMITS as SLACK_LIMITS
from adapters.teams.messenger import LIMITS as TEAMS_LIMITS
from bot.delivery.outbox import GIVE_UP_AFTER
from bot.delivery.pacing import OUTAGE_AFTER, Pacing
from bot.wiring import build
from store.outbox import undelivered
from tests.conftest import Running, settings_for
from tests.contract.test_decisions import about
from tests.contract.test_delivery import QUESTION, came_to_rest, slack, teams
from tests.contract.test_requests import files, meets
from tests.harness import ANN, BEN, CYD, Harness, settled

RATELIMITED = Fault(status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "2"})


async def test_a_pause_holds_for_every_process_and_for_what_it_is_about(running: Running, sqlite_url: str) -> None:
    """S27: Slack asks one process for a pause of new messages; another one keeps it too, and changes of old ones go on.

    Mutation: keep pauses in the process alone.
    """
    await slack(running).direct(ANN, "can I use ChatGPT?")
    await settled(running.bot)
    asked = [message for message in running.stand_ins.slack.messages if message.blocks][-1]
    running.stand_ins.slack.faults.add("chat.postMessage", RATELIMITED)
    await slack(running).direct(BEN, QUESTION)
    await came_to_rest(running)
    begun, posts = time.monotonic(), [method for method, _ in running.stand_ins.slack.calls].count("chat.postMessage")

    async with build(settings_for(running.stand_ins, sqlite_url)) as other:
        while time.monotonic() - begun < 1.5:
            await other.delivery.round()
            await other.delivery.drain()
            await asyncio.sleep(0.1)
        assert [method for method, _ in running.stand_ins.slack.calls].count("chat.postMessage") == posts
        await slack(running).press(ANN, asked, "settle:4")
        await came_to_rest(running)
        assert asked.text.startswith("No")
    await asyncio.sleep(max(0, 2.1 - (time.monotonic() - begun)))
    await settled(running.bot)
    assert any(message.text.startswith("No") for message in running.stand_ins.slack.messages if message.channel == BEN.direct)


async def test_messages_keep_each_platforms_pace(running: Running) -> None:
    """S29: 4 answers to one channel on Slack are a second apart; 10 on Teams keep 7 in one and 8 in two seconds; none is lost.

    Mutation: drop the call of `reserve`.
    """
    running.bot.delivery.pacing = Pacing({"slack": SLACK_LIMITS, "teams": TEAMS_LIMITS})  # stand-ins on this machine have no limits
    seen: dict[str, list[float]] = {"slack": [], "teams": []}

    def slack_posts() -> int:
        return [method for method, _ in running.stand_ins.slack.calls].count("chat.postMessage")

    def teams_posts() -> int:
        return [method for method, _ in running.stand_ins.teams.calls].count("send")

    async def watch() -> None:
        while (len(seen["slack"]), len(seen["teams"])) != (4, 10):
            for name, count in (("slack", slack_posts()), ("teams", teams_posts())):
                seen[name] += [time.monotonic()] * (count - len(seen[name]))
            await asyncio.sleep(0.005)

    async with asyncio.timeout(20):
        watching = asyncio.create_task(watch())
        for _ in range(4):
            await slack(running).direct(ANN, QUESTION)
        for _ in range(10):
            await teams(running).says(BEN, QUESTION)
        await watching
    await settled(running.bot)

    gaps = [later - earlier for earlier, later in zip(seen["slack"], seen["slack"][1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) > 0.9
    at = seen["teams"]
    assert at[7] - at[0] > 0.9
    assert at[8] - at[0] > 1.9


async def test_an_outage_costs_no_card_and_few_calls(running: Running) -> None:
    """S33, S28: Slack answers 503 to everything for some seconds; the cards wait, only one is tried at a time, and all arrive.

    n = 12 cards. Mutation: count failures while nothing works (then a card is given up in the end).
    """
    away = OUTAGE_AFTER + 1
    running.stand_ins.slack.faults.add("chat.postMessage", *[Fault(status=503, body="<html>away</html>")] * away)
    for number in range(12):
        await slack(running).direct(ANN if number % 2 else BEN, QUESTION)
    await came_to_rest(running)
    calls = [method for method, _ in running.stand_ins.slack.calls].count("chat.postMessage")
    outage = running.bot.delivery._outages["slack"]
    assert outage.lasts
    assert calls <= OUTAGE_AFTER + 1

    for _ in range(600):
        await asyncio.sleep(0.05)
        if not await undelivered(running.bot.store.database):
            break

    assert await undelivered(running.bot.store.database) == []
    answers = [m for m in running.stand_ins.slack.messages if m.blocks and m.text.startswith("No")]
    assert len(answers) == 12
    assert not outage.lasts


async def test_a_long_outage_gives_no_card_up(running: Running) -> None:
    """S33: more failures in a row than a single card is allowed; each card is still due. n = 30 failures of one card."""
    running.stand_ins.slack.faults.add("chat.postMessage", *[Fault(status=503, body="away")] * (OUTAGE_AFTER + GIVE_UP_AFTER + 5))
    delivery = running.bot.delivery
    await slack(running).direct(ANN, QUESTION)
    await came_to_rest(running)
    for _ in range(OUTAGE_AFTER + GIVE_UP_AFTER + 4):
        (leased,) = await running.bot.store.claim_due(["slack"], datetime.now(UTC), datetime.max.replace(tzinfo=UTC))
        delivery._outages["slack"]._until = None  # as if its pause were over
        await delivery._show(leased)
        await running.bot.store.keeper.settle()

    (held,) = await undelivered(running.bot.store.database)
    assert (held.state, held.failures < GIVE_UP_AFTER) == ("due", True)


async def test_every_copy_shows_the_decision_once_the_platform_is_well(chat: Harness) -> None:
    """S32: changing old cards fails twice; in the end every copy names who decided and no button is left."""
    await meets(chat)
    await files(chat)
    chat.stand_ins.slack.faults.add("chat.update", *[Fault(status=503, body={"ok": False, "error": "fatal_error"})] * 2)
    chat.stand_ins.teams.faults.add("update", *[Fault(status=412, body={"error": {"code": "PreconditionFailed"}})] * 2)
    old = chat.pressable(CYD, "Approve")

    await chat.presses(CYD, "Approve")
    for _ in range(300):
        if not await undelivered(chat.bot.store.database):
            break
        await asyncio.sleep(0.05)

    for person in (ANN, CYD):
        assert "Cyd Marsh" in about(chat, person, "Decided by").text
        assert not {"Approve", "Deny"} & set(about(chat, person, "Decided by").buttons)
    before = await chat.bot.store.versions()
    await chat.presses_again(CYD, old)
    assert await chat.bot.store.versions() == before
