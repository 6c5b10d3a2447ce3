"""What is taken away is told to whoever it concerns, and the ledger proves it (R65, R66)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.policy.model import Status
from bot.register.case import is_downgrade
from tests.contract.test_clock import time_is
from tests.contract.test_decisions import about
from tests.contract.test_requests import meets
from tests.harness import ANN, BEN, CYD, Harness, put_tools, settled

TOOL = "Grammarly Free"


async def test_an_import_that_lowers_a_tool_tells_everybody_who_asked_about_it(chat: Harness) -> None:
    """R65, R66: told within five working days, one line a person in the ledger. Mutation: let `put` call nothing a downgrade."""
    await meets(chat)
    await chat.says(ANN, f"can I put a blog post into {TOOL}?")
    await chat.says(BEN, "can I put a blog post into DeepL?")
    store = chat.bot.store
    tool = next(tool for tool in await store.tools_at(None) if tool.name == TOOL)
    now = datetime.now(UTC)

    await put_tools(store, replace(tool, tier="tier3"), replace(tool, name="Brand New Thing", aliases=(), domains=()))
    await time_is(chat, now + timedelta(minutes=1))

    assert f"{TOOL} is now Under Evaluation" in about(chat, ANN, "Under Evaluation").text
    assert not any("Under Evaluation" in seen.text for person in (BEN, CYD) for seen in chat.sees(person))
    ((_, person, why, due, told, problem, card),) = await store.notices()
    assert (person, why, problem, card) == (ANN.email, "ToolChanged", "", "shown")
    assert told is not None
    assert told < due <= now + timedelta(days=9)


async def test_an_import_that_changes_nothing_or_allows_more_tells_nobody(chat: Harness) -> None:
    """Good news waits for the next question."""
    await meets(chat)
    await chat.says(ANN, f"can I put a blog post into {TOOL}?")
    store = chat.bot.store
    tool = next(tool for tool in await store.tools_at(None) if tool.name == TOOL)
    before = await store.versions()

    await put_tools(store, tool)
    assert await store.versions() == before
    await put_tools(store, replace(tool, tier="tier1"))
    await time_is(chat, datetime.now(UTC) + timedelta(minutes=1))
    await settled(chat.bot)

    assert await store.notices() == []
    assert (await store.versions())["register"] == before["register"] + 1
    recorded = await store.policy_at(None)
    assert recorded is not None
    assert is_downgrade(recorded.policy, tool, replace(tool, status=Status.SUSPENDED))
