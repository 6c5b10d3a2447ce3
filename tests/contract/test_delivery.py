"""What the platforms may do to a message on its way out, and what becomes of it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from adapters.playground.faults import Fault
from adapters.playground.slack_client import SlackClient
from adapters.playground.teams_client import TeamsClient
from store.outbox import undelivered
from tests.conftest import Running
from tests.harness import ANN, put_tools, settled

QUESTION = "can I put customer emails into chatgpt?"


def slack(running: Running) -> SlackClient:
    """Slack."""
    return SlackClient(running.stand_ins.slack, running.session, f"{running.base}/slack/events", running.stand_ins.secret)


def teams(running: Running) -> TeamsClient:
    """Teams."""
    return TeamsClient(running.stand_ins.teams, running.session, f"{running.base}/api/messages")


async def came_to_rest(running: Running) -> None:
    """Wait for what is delivered now; what waits for later stays."""
    await asyncio.sleep(0.05)
    await running.bot.delivery.drain()
    await running.bot.store.keeper.settle()


async def test_a_pause_that_slack_asks_for_is_kept_exactly(running: Running) -> None:
    """S27: 429 with Retry-After 30; nothing is sent before, the card arrives after. Mutation: ignore `after_seconds`."""
    await slack(running).direct(ANN, "hi")
    await settled(running.bot)
    running.stand_ins.slack.faults.add(
        "chat.postMessage", Fault(status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "30"})
    )
    await slack(running).direct(ANN, QUESTION)
    await came_to_rest(running)

    (held,) = await undelivered(running.bot.store.database)
    now = datetime.now(UTC)
    assert await running.bot.store.claim_due(["slack"], now, now + timedelta(seconds=28)) == []
    posts = [method for method, _ in running.stand_ins.slack.calls if method == "chat.postMessage"]
    assert (held.state, len(posts)) == ("due", 2)
    later = now + timedelta(seconds=31)
    assert await running.bot.store.claim_due(["slack"], later, later) != []


async def test_a_failure_that_may_pass_is_tried_again(running: Running) -> None:
    """Resets, 5xx, half answers: the card arrives. n = 5 kinds."""
    faults = [
        Fault(reset=True),
        Fault(status=502, body="<html>bad gateway</html>"),
        Fault(status=200, body="<html>not JSON</html>"),
        Fault(status=200, body={"ok": True}),
        Fault(status=200, body={"ok": False, "error": "internal_error"}),
    ]
    for fault in faults:
        running.stand_ins.slack.faults.add("chat.postMessage", fault)
        await slack(running).direct(ANN, QUESTION)
        await came_to_rest(running)
    running.bot.delivery.due_by = lambda: datetime.now(UTC) + timedelta(minutes=5)
    await settled(running.bot)

    answers = [message for message in running.stand_ins.slack.messages if message.blocks]
    assert len(answers) == len(faults)


async def test_what_cannot_be_delivered_is_listed_with_its_reason(running: Running) -> None:
    """S28: one attempt, a named reason, no silent drop."""
    running.stand_ins.slack.faults.add("chat.postMessage", Fault(body={"ok": False, "error": "account_inactive"}))
    running.stand_ins.teams.faults.add("send", Fault(status=403, body={"error": {"code": "BotDisabledByAdmin"}}))
    await slack(running).direct(ANN, QUESTION)
    await teams(running).says(ANN, QUESTION)
    await came_to_rest(running)

    held = {card.platform: (card.state, card.problem) for card in await undelivered(running.bot.store.database)}
    assert held == {
        "slack": ("undeliverable", "Slack: account_inactive"),
        "teams": ("undeliverable", "Teams: 403 BotDisabledByAdmin"),
    }


async def test_an_old_response_url_gives_way_to_a_direct_message(running: Running) -> None:
    """CONTRACT: replaced through `response_url`, by direct message when that has run out."""
    client = slack(running)
    await client.command(ANN, "can I use ChatGPT?")
    asked = [message for message in running.stand_ins.slack.messages if message.blocks][-1]
    running.stand_ins.slack.faults.add("response_url", Fault(status=404, body={"ok": False, "error": "used_url"}))

    assert (await client.press(ANN, asked, "settle:4")).status == 200
    await settled(running.bot)

    direct = [message for message in running.stand_ins.slack.messages if message.channel == ANN.direct]
    assert [message.text[:2] for message in direct] == ["No"]


async def test_a_press_in_an_ephemeral_answer_replaces_it(running: Running) -> None:
    """The options are gone once they have been used."""
    client = slack(running)
    await client.command(ANN, "can I use ChatGPT?")
    asked = [message for message in running.stand_ins.slack.messages if message.blocks][-1]

    await client.press(ANN, asked, "settle:4")
    await settled(running.bot)

    assert asked.edited
    assert asked.text.startswith("No")


async def test_share_posts_to_the_channel_where_the_command_was_given(running: Running) -> None:
    """Private until shared; then everybody in the channel sees it."""
    client = slack(running)
    await client.command(ANN, QUESTION)
    answer = [message for message in running.stand_ins.slack.messages if message.blocks][-1]

    await client.press(ANN, answer, "share:0")
    await settled(running.bot)

    shared = running.stand_ins.slack.messages[-1]
    assert (shared.only_for, shared.channel) == (None, answer.channel)
    assert "Ann Lee shares an answer" in shared.text


async def test_a_press_before_our_own_post_has_returned_is_handled(running: Running) -> None:
    """S20: Slack shows the card, its answer to us hangs; the press comes first and still wins.

    Fault: chat.postMessage takes effect and answers 0.4 s late. Mutation: give `Leased` rows to a second deliverer.
    """
    fault = Fault(hang_seconds=0.4, after=True, body={"ok": True, "channel": ANN.direct, "ts": "1.000001"})
    running.stand_ins.slack.faults.add("chat.postMessage", fault)
    client = slack(running)
    await client.direct(ANN, "can I use ChatGPT?")
    for _ in range(100):
        await asyncio.sleep(0.01)
        shown = [message for message in running.stand_ins.slack.messages if message.blocks]
        if shown:
            break
    shown[0].ts = "1.000001"

    assert (await client.press(ANN, shown[0], "settle:4")).status == 200
    await asyncio.sleep(0.6)
    await settled(running.bot)

    assert shown[0].text.startswith("No")
    assert len([message for message in running.stand_ins.slack.messages if message.blocks]) == 1


async def test_a_card_whose_message_was_deleted_is_posted_anew(running: Running) -> None:
    """S20: the answer is not lost with the message it would have replaced."""
    client = slack(running)
    await client.direct(ANN, "can I use ChatGPT?")
    await settled(running.bot)
    asked = [message for message in running.stand_ins.slack.messages if message.blocks][-1]
    asked.deleted = True

    await client.press(ANN, asked, "settle:4")
    await settled(running.bot)

    assert running.stand_ins.slack.messages[-1].text.startswith("No")
    assert not running.stand_ins.slack.messages[-1].deleted


async def test_a_hung_platform_does_not_stop_the_other(running: Running) -> None:
    """S30: Teams accepts and never answers; Slack's answers go on. n = 10 hung sends."""
    running.stand_ins.teams.faults.add("send", *[Fault(hang_seconds=3)] * 10)
    for _ in range(10):
        await teams(running).says(ANN, QUESTION)
    begun = asyncio.get_running_loop().time()

    await slack(running).direct(ANN, QUESTION)
    for _ in range(100):
        if any(message.blocks for message in running.stand_ins.slack.messages):
            break
        await asyncio.sleep(0.02)

    assert asyncio.get_running_loop().time() - begun < 1.5
    running.bot.delivery._slots["teams"] = asyncio.Semaphore(100)


async def test_who_somebody_is_cannot_be_told_while_the_directory_is_down(running: Running) -> None:
    """S55: an unknown person is not answered on trust; Slack is asked to bring the event again."""
    running.stand_ins.slack.faults.add("users.info", Fault(status=500, body="oops"))

    assert (await slack(running).direct(ANN, QUESTION)).status == 503
    assert (await slack(running).direct(ANN, QUESTION)).status == 200


async def test_a_register_change_reaches_the_next_answer(running: Running) -> None:
    """The register has a version: no process answers from yesterday's. Mutation: drop `expects` in `Engine._prepare`."""
    from dataclasses import replace

    from bot.policy.model import Status

    await slack(running).command(ANN, "can I put a blog post into Grammarly?")
    before = running.stand_ins.slack.messages[-1]
    tool = next(tool for tool in await running.bot.store.tools_at(None) if tool.name == "Grammarly Free")
    await put_tools(running.bot.store, replace(tool, status=Status.SUSPENDED))

    await slack(running).command(ANN, "can I put a blog post into Grammarly?")

    assert before.text.startswith("Yes")
    assert running.stand_ins.slack.messages[-1].text.startswith("No")
    assert "suspended" in running.stand_ins.slack.messages[-1].text


async def test_health_readiness_and_metrics_answer_and_nothing_else(running: Running) -> None:
    """S86 as corrected: the same port, without personal data; every other path is 404."""
    await slack(running).command(ANN, QUESTION)

    async def get(path: str) -> tuple[int, str]:
        async with running.session.get(f"{running.base}{path}") as answer:
            return answer.status, await answer.text()

    assert await get("/healthz") == (200, "alive")
    status, ready = await get("/readyz")
    assert (status, json.loads(ready)["ready"]) == (200, True)
    status, metrics = await get("/metrics")
    assert status == 200
    assert 'mayi_requests_total{endpoint="/slack/events",status="200"} 1.0' in metrics
    assert not any(secret in metrics for secret in (ANN.slack, ANN.email, ANN.name, "customer"))
    for path in ("/", "/slack/install", "/api", "/admin", "/metrics/", "/../etc/passwd"):
        assert (await get(path))[0] == 404
    running.bot.clock = lambda: datetime.now(UTC) + timedelta(minutes=5)
    status, ready = await get("/readyz")
    assert (status, json.loads(ready)["problems"]) == (503, {"delivery": "delivery does not run"})


async def test_readiness_fails_when_the_database_does(running: Running) -> None:
    """S86: each condition of /readyz on its own."""
    checks = {check.name: check for check in running.bot.checks()}
    for _ in range(200):  # ready once the first round of delivery has been made
        if (problems := [await check.problem() for check in checks.values()]) == ["", "", ""]:
            break
        await asyncio.sleep(0.05)
    assert problems == ["", "", ""]

    running.bot.clock = lambda: datetime.now(UTC) + timedelta(minutes=5)
    running.bot.worlds._current = None
    await running.bot.store.database.close()

    assert await checks["delivery"].problem() == "delivery does not run"
    assert "not reachable" in await checks["database"].problem()
    assert "no policy" in await checks["content"].problem()


async def test_one_person_on_both_platforms_is_one_person(running: Running) -> None:
    """Accounts are linked by e-mail: what Ann asked on Slack, she can look up on Teams; Ben cannot."""
    from tests.harness import BEN

    await slack(running).command(ANN, QUESTION)
    receipt = running.stand_ins.slack.messages[-1].text.split("Receipt ")[1].split()[0]

    await teams(running).says(ANN, f"why {receipt}")
    await teams(running).says(BEN, f"why {receipt}")
    await settled(running.bot)

    mine, theirs = (running.stand_ins.teams.shown_in(person.chat)[-1].activity["summary"] for person in (ANN, BEN))
    assert mine.startswith(f"Why {receipt}")
    assert "I have no receipt" in theirs


async def test_an_auditor_with_a_directory_entry_reads_every_receipt(running: Running) -> None:
    """Roles need a directory entry with that e-mail; a platform profile alone gives none."""
    from store.people import put_people
    from tests.harness import GUS

    running.stand_ins.slack.users[GUS.slack] |= {"is_restricted": False, "profile": {"real_name": "Gus Vale", "email": "audit@example.com"}}
    await slack(running).command(ANN, QUESTION)
    receipt = running.stand_ins.slack.messages[-1].text.split("Receipt ")[1].split()[0]

    await slack(running).command(GUS, f"why {receipt}")
    assert "I have no receipt" in running.stand_ins.slack.messages[-1].text
    row = dict.fromkeys(("name", "manager", "department", "location", "slack_id", "teams_id"), "") | {"kind": "employee", "start_date": None}
    await put_people(running.bot.store.database, [row | {"email": "audit@example.com"}], datetime.now(UTC))
    await slack(running).command(GUS, f"why {receipt} ")

    assert running.stand_ins.slack.messages[-1].text.startswith(f"Why {receipt}")


async def test_a_hung_platform_does_not_hold_up_the_end(running: Running) -> None:
    """S82: what hangs when the process is told to end is handed back within seconds. n = 10 sends of 3 s to one chat."""
    running.stand_ins.teams.faults.add("send", *[Fault(hang_seconds=3)] * 10)
    for _ in range(10):
        await teams(running).says(ANN, QUESTION)
    begun = asyncio.get_running_loop().time()

    await running.bot.delivery.stop()

    assert asyncio.get_running_loop().time() - begun < 8
