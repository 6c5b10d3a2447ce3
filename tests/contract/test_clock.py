"""A clock people believe: reminders, warnings, escalation, expiry, ends of grants, at working hours and once (R75, R76, C4)."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from bot.calendar import Calendar, instant, working_day_after
from bot.engine.codecs import REQUESTS
from bot.requests.state import Request
from store.tables import EVENT
from tests.contract.test_decisions import APPROVAL, SOON, about, request_id
from tests.contract.test_requests import files, meets
from tests.harness import ANN, CYD, ELI, HAL, Harness, settled

BERLIN = "Europe/Berlin"


async def time_is(chat: Harness, moment: datetime) -> None:
    """Everything that is due at a moment happens."""
    chat.bot.timers.due_by = lambda: moment
    while await chat.bot.timers.round():
        await settled(chat.bot)
    await settled(chat.bot)


async def events(chat: Harness, kind: str) -> int:
    """How often something happened."""
    statement = select(func.count()).select_from(EVENT).where(EVENT.c.kind == kind)
    return int(await chat.bot.store.database.read(lambda connection: connection.execute(statement).scalar_one()))


async def request_of(chat: Harness) -> Request:
    """Ann's request as it is stored."""
    stored = await chat.bot.store.case(await request_id(chat))
    assert stored is not None
    found = REQUESTS.load(stored.state)
    assert isinstance(found, Request)
    return found


def morning(calendar: Calendar, working_days: int) -> datetime:
    """A bit after the opening, so many working days from today."""
    today = calendar.day_of(datetime.now(UTC))
    return instant(calendar.zone, working_day_after(calendar, today, working_days), time(9, 5))


def noon(chat: Harness, day: date) -> datetime:
    """Noon of a day, or of the next working day."""
    calendar = chat.bot.content.process.calendars.own
    return instant(calendar.zone, working_day_after(calendar, day, 0), time(12))


async def test_a_request_is_promised_reminded_warned_and_escalated(chat: Harness) -> None:
    """R75, R76: five working days; reminders, an early warning, then the policy owner is asked as well and the asker told."""
    await meets(chat)
    await chat.says(HAL, "help")
    await files(chat)
    calendar = chat.bot.content.process.calendars.own
    request = await request_of(chat)
    today = calendar.day_of(datetime.now(UTC))
    assert calendar.day_of(request.terms.due_at) == working_day_after(calendar, today, 5)
    assert f"You have a decision by {calendar.day_of(request.terms.due_at)}" in about(chat, ANN, "decision by").text

    await time_is(chat, morning(calendar, 2))
    assert "still waits for your decision" in about(chat, CYD, "still waits").summary
    assert await events(chat, "RequestReminded") == 1
    await time_is(chat, morning(calendar, 3))
    assert await events(chat, "RequestReminded") == 3
    assert any("that is soon" in seen.summary for seen in chat.sees(CYD))
    assert not any("should have been decided" in seen.text for seen in chat.sees(HAL))

    await time_is(chat, morning(calendar, 6))

    assert "You are asked as well now" in about(chat, HAL, "should have been decided").text
    assert "Approve" in about(chat, HAL, "should have been decided").buttons
    assert "are late" in about(chat, ANN, "are late").text
    await chat.presses(HAL, "Approve")
    assert (await request_of(chat)).phase == "approved"
    await time_is(chat, morning(calendar, 60))
    assert await events(chat, "RequestExpired") == 0


async def test_what_was_missed_is_caught_up_once_and_not_at_night(chat: Harness) -> None:
    """S35: everything was down for days: one reminder, the others on record as left out, nothing outside working hours."""
    await meets(chat)
    await files(chat)
    calendar = chat.bot.content.process.calendars.own
    night = instant(BERLIN, working_day_after(calendar, calendar.day_of(datetime.now(UTC)), 4), time(22))

    await time_is(chat, night)

    assert await events(chat, "RequestReminded") == 0
    assert await events(chat, "ReminderLeftOut") == 2
    # In the morning one reminder comes, with the early warning that was due as well.
    await time_is(chat, morning(calendar, 5))
    assert await events(chat, "RequestReminded") == 2


async def test_nobody_decided_is_expired_and_never_a_no(chat: Harness) -> None:
    """R75: its own state, said as such, filed again with one press."""
    await meets(chat)
    await files(chat)
    calendar = chat.bot.content.process.calendars.own

    await time_is(chat, morning(calendar, 31))

    card = about(chat, ANN, "has expired")
    assert "That is not a no" in card.text
    assert "Edit" in card.buttons
    assert (await request_of(chat)).decided_by == ""
    assert not {"Approve", "Deny"} & set(chat.sees(CYD)[-1].buttons)


async def test_a_pause_moves_the_promise_by_as_long_as_it_took(chat: Harness) -> None:
    """R75: while the asker is asked, the clock stops; no reminder goes out."""
    await meets(chat)
    await files(chat)
    before = (await request_of(chat)).terms.due_at
    await chat.presses(CYD, "Ask for more")
    await chat.fills(CYD, {"What do you need to know?": "Which team?"})
    calendar = chat.bot.content.process.calendars.own

    await time_is(chat, morning(calendar, 3))
    assert await events(chat, "RequestReminded") == 0
    await chat.presses(ANN, "Answer")
    await chat.fills(ANN, {"Your answer": "Support"})

    assert (await request_of(chat)).terms.due_at > before


async def test_a_grant_warns_ends_and_the_answer_changes_with_it(chat: Harness) -> None:
    """R88, R129: ten days before the end a warning, at the end a word, and no Yes a day longer."""
    for person in (ELI, HAL):
        await chat.says(person, "help")
    await chat.says(ANN, "approval")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, APPROVAL | {"Until when?": SOON})
    await chat.presses(ELI, "Approve")
    await chat.presses(HAL, "Approve")
    end = date.fromisoformat(SOON)

    await time_is(chat, noon(chat, end - timedelta(days=5)))
    assert f"ends on {SOON}" in about(chat, ANN, "ends on").text
    await time_is(chat, noon(chat, end + timedelta(days=6)))

    assert "has ended" in about(chat, ANN, "has ended").text
    await chat.says(ANN, "can I put the roadmap into Claude Enterprise?")
    assert chat.sees(ANN)[-1].summary.startswith("Only if written approval")


async def test_safeguards_are_confirmed_again_or_the_exception_rests(chat: Harness) -> None:
    """R91, R131: their owner is asked; without an answer the exception is suspended; the answer brings it back."""
    from tests.harness import DANA

    for person in (HAL, DANA):
        await chat.says(person, "help")
    until = (datetime.now(UTC).date() + timedelta(days=200)).isoformat()
    await chat.says(ANN, "exception")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, {"Which tool?": "ChatGPT Free", "Which data?": "Customer data", "Why is it needed, and why is there no other way?": "Pilot",
                           "Which safeguards make up for it?": "names are replaced first", "Who keeps those safeguards?": "dana@example.com",
                           "Who shall be covered?": "Only me", "Until when?": until})  # fmt: skip
    await chat.presses(HAL, "Approve")
    question = "can I put customer emails into ChatGPT?"
    today = datetime.now(UTC).date()

    await time_is(chat, noon(chat, today + timedelta(days=94)))
    assert "safeguards for ChatGPT Free are still kept" in about(chat, DANA, "safeguards").text
    await time_is(chat, noon(chat, today + timedelta(days=110)))
    assert "does not hold for now" in about(chat, ANN, "does not hold").text
    await chat.says(ANN, question)
    assert chat.sees(ANN)[-1].summary.startswith("No")

    await chat.presses(DANA, "Confirm safeguards")
    await chat.says(ANN, question)
    assert chat.sees(ANN)[-1].summary.startswith("Only if names are replaced first")


async def test_everybody_affected_by_a_downgrade_is_told_in_time(chat: Harness) -> None:
    """R65, R66, C14: who asked about the tool is told, within five working days; the ledger has a row for each."""
    from sqlalchemy import select

    from store.tables import NOTICE

    await meets(chat)
    await chat.says(ANN, "can I put our blog posts into Canva Magic Studio?")
    await chat.says(ELI, "can I put our blog posts into ChatGPT?")
    await chat.says(CYD, "change")
    await chat.presses(CYD, "Open form")
    changed = {"Which tool?": "Canva Magic Studio", "What changes?": "They train on inputs", "Which data will it see from now on?": "Public"}
    await chat.fills(CYD, changed | {"Whom can its results affect?": "Only our own work"})
    await chat.says(HAL, "help")
    await chat.says(HAL, "inbox")
    id = next(word for word in chat.sees(HAL)[-1].text.split() if word.startswith("REQ-"))
    await chat.says(HAL, f"show {id}")
    await chat.presses(HAL, "Approve with conditions")
    await chat.fills(HAL, {"On which conditions?": "never with customer names", "Which tier at most?": "Approved General"})
    await time_is(chat, datetime.now(UTC) + timedelta(seconds=1))

    assert "never with customer names" in about(chat, ANN, "less is allowed").text
    assert not any("less is allowed" in seen.text for seen in chat.sees(ELI))
    rows = await chat.bot.store.database.read(lambda c: c.execute(select(NOTICE.c.person, NOTICE.c.told_at, NOTICE.c.due_at)).all())
    assert [row[0] for row in rows if row[1]] == ["ann@example.com", "security@example.com"]


async def test_a_tool_is_retired_and_its_access_removed(chat: Harness) -> None:
    """R4: nothing is allowed with it at once; who removes access is asked until they confirm it."""
    await meets(chat)
    await chat.says(HAL, "help")
    await chat.says(ANN, "retire")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, {"Which tool?": "Claude Pro", "Why?": "Nobody uses it", "Who removes everybody's access?": "security@example.com"})
    await chat.presses(HAL, "Approve")

    await chat.says(ELI, "can I put our blog posts into Claude Pro?")
    assert "is retired" in chat.sees(ELI)[-1].summary
    assert "confirm when nobody can use it" in about(chat, CYD, "is retired").text
    before = len(chat.sees(CYD))
    await time_is(chat, morning(chat.bot.content.process.calendars.own, 5))
    assert len(chat.sees(CYD)) == before + 1
    await chat.presses(CYD, "Confirm access removed")
    assert "confirmed by Cyd Marsh" in about(chat, ANN, "Access removed").text
    await time_is(chat, morning(chat.bot.content.process.calendars.own, 20))
    assert not any("Confirm access removed" in seen.buttons for seen in chat.sees(CYD))


async def test_who_has_decided_is_not_reminded(chat: Harness) -> None:
    """S38: the reminder comes due in the very moment of the decision. n = 6 races: whoever wins, in the end there is the decision
    alone, and later rounds remind nobody. Mutation: leave the case's version out of a timer's unit.
    """
    await meets(chat)
    calendar = chat.bot.content.process.calendars.own
    for number in range(6):
        await files(chat, f"Flurbinator{number}")
        button = chat.pressable(CYD, "Approve")
        chat.bot.timers.due_by = lambda: morning(calendar, 3)

        await asyncio.gather(chat.presses_again(CYD, button), chat.bot.timers.round())
        await settled(chat.bot)
        reminded = await events(chat, "RequestReminded")
        await time_is(chat, morning(calendar, 6))

        assert await events(chat, "RequestReminded") == reminded
        assert not any("still waits" in seen.summary and f"Flurbinator{number}" in seen.text for seen in chat.sees(CYD))
        chat.bot.timers.due_by = chat.bot.clock
