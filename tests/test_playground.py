"""The playground: its page in a real browser, and its own small door.

The browser tests need a Chromium on the PATH; without one they are not collected, and the API is tested all the same.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.playground.people import ASK_CHANNEL
from adapters.playground.server import playing
from adapters.playground.teams_client import buttons, opens_dialog
from bot.config import Environment, load_settings
from tests.browser import CHROMIUM, browsing

SAY = """(label, text) => {
  const named = (box) => [box.getAttribute('aria-label') || '', ...[...(box.labels || [])].map(l => l.textContent)].some(t => t.startsWith(label));
  const box = [...document.querySelectorAll('input,textarea')].find(named);
  box.focus();
  box.value = text;
  box.dispatchEvent(new Event('input', {bubbles: true}));
  box.form.requestSubmit();
}"""
PRESS = """(label) => {
  const all = [...document.querySelectorAll('article button')].filter(b => b.textContent.trim() === label && b.offsetParent);
  all[all.length - 1].click();
}"""
FILL = """(label, text) => {
  const named = [...document.querySelectorAll('.form label, .form legend')].find(found => found.textContent.startsWith(label));
  const group = named.tagName === 'LEGEND' && named.parentElement;
  if (group) return [...group.querySelectorAll('label')].find(found => found.textContent === text).click();
  const box = document.getElementById(named.htmlFor);
  box.value = box.options ? [...box.options].find(found => found.textContent === text).value : text;
}"""
ACT_AS = "(id) => document.querySelector(`#persons [value=${id}]`).click()"
SUBMIT = "document.querySelector('.form [type=submit]').click()"
SHOWN = "[...document.querySelectorAll('article')].filter(a => a.offsetParent).map(a => a.innerText).join('\\n')"


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The playground on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = replace(load_settings(Environment()), database_url=f"sqlite:///{tmp_path / 'p.db'}")  # type: ignore[call-arg]
    async with playing(settings, port):
        yield f"http://127.0.0.1:{port}"


async def test_the_page_talks_to_the_real_endpoints(address: str) -> None:
    """A question on each platform and a press, through the page's own API; the delivery log shows both directions."""
    async with aiohttp.ClientSession() as session:

        async def act(path: str, **body: object) -> dict[str, object]:
            async with session.post(f"{address}/api/{path}", json={"person": "ann", **body}) as answer:
                found: dict[str, object] = await answer.json()
                return found

        assert (await act("slack/say", where="slash", text="can I put customer emails into ChatGPT?"))["ok"]
        assert (await act("teams/say", conversation="a:ann", text="can I use ChatGPT?"))["ok"]
        assert not (await act("teams/say", conversation="a:ben", text="hi"))["ok"]
        assert not (await act("slack/press", message="nothing", action_id="x"))["ok"]
        state: dict[str, dict[str, list[dict[str, str]]]] = {}
        for _ in range(100):
            async with session.get(f"{address}/api/state?version=-1") as answer:
                state = json.loads(await answer.text())
            if any(m["from"] == "bot" and "What kind" in json.dumps(m) for m in state["teams"]["messages"]):
                break
        assert any(m["from"] == "bot" and m["text"].startswith("No") for m in state["slack"]["messages"])
        assert {entry["direction"] for entry in state["log"]} == {"in", "out"}  # type: ignore[index]


async def test_forms_are_opened_sent_and_left(address: str) -> None:
    """Each platform's form is in the state of the person who opened it, until it is left; another's channel is refused."""
    async with aiohttp.ClientSession() as session:

        async def act(path: str, **body: object) -> bool:
            async with session.post(f"{address}/api/{path}", json={"person": "ann", **body}) as answer:
                return bool((await answer.json())["ok"])

        async def state() -> Any:
            async with session.get(f"{address}/api/state?version=-1") as answer:
                return await answer.json()

        assert await act("slack/say", where="slash", command="/ai-request", channel=ASK_CHANNEL, text="Flurbinator")
        assert not await act("slack/say", where="slash", command="/ai-request", channel="D0BEN", text="Flurbinator")
        assert not await act("slack/say", where="slash", command="/remind", text="Flurbinator")
        assert await act("slack/submit", values={"purpose": "Drafts"})
        assert list((await state())["slack"]["modals"]) == ["ann"]
        assert (await state())["slack"]["modals"]["ann"]["errors"]
        assert await act("slack/close")
        assert (await state())["slack"]["modals"] == {}
        assert not await act("slack/submit", values={})

        assert await act("teams/say", text="request Flurbinator")
        offers: list[Any] = []
        for _ in range(100):
            offers = [m for m in (await state())["teams"]["messages"] if m["conversation"] == "a:ann" and "task/fetch" in json.dumps(m["card"])]
            if offers:
                break
            await asyncio.sleep(0.05)
        data = next(action["data"] for action in buttons(offers[-1]["card"]) if opens_dialog(action))
        assert await act("teams/press", message=offers[-1]["id"], data=data)
        assert list((await state())["teams"]["dialogs"]) == ["ann"]
        assert await act("teams/close")
        assert (await state())["teams"]["dialogs"] == {}
        assert not await act("teams/submit", values={})


async def test_other_sites_cannot_play_here(address: str) -> None:
    """A page of another origin, or a rebound name, is refused."""
    async with aiohttp.ClientSession() as session:
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            async with session.post(f"{address}/api/slack/say", json={}, headers=headers) as answer:
                assert answer.status == 403


if CHROMIUM is not None:

    async def test_a_person_asks_on_slack_and_on_teams_in_the_browser(address: str) -> None:
        """Issue: a person asks on both platforms and gets cited verdicts; a button settles a question back; no error in the console."""
        async with browsing(address) as page:
            await page.until("document.querySelectorAll('article').length > 0")
            await page.run(f"({SAY})('Message in Slack', 'can I put customer emails into chatgpt?')")
            await page.until(f"({SHOWN}).includes('§5')")
            await page.run(f"({SAY})('Message in Teams', 'can I use ChatGPT?')")
            await page.until(f"({SHOWN}).includes('What kind of data')")
            await page.run(f"({PRESS})('Confidential')")
            await page.until(f"({SHOWN}).includes('ChatGPT Free (Approved General) with Confidential')")
            await page.run("document.querySelector('[aria-label=\"Show the JSON of this message\"]').click()")
            await page.until("document.querySelector('dialog[open]').innerText.includes('\"type\"')")

            assert "unsupported" not in str(await page.run(SHOWN)).lower()
            assert page.problems == []

    async def test_a_tool_is_requested_in_a_modal_and_denied_in_a_dialog(address: str) -> None:
        """Issue: Ann asks for a tool on Slack, security says no on Teams with a reason; what was typed outlives the errors."""
        async with browsing(address) as page:
            await page.until("document.querySelectorAll('article').length > 0")
            await page.run(f"({SAY})('Message in Slack', 'can I put wiki pages into Flurbinator?')")
            await page.until(f"({SHOWN}).includes('Request this tool')")
            await page.run(f"({PRESS})('Request this tool')")
            await page.until(f"({SHOWN}).includes('Open form')")
            await page.run(f"({PRESS})('Open form')")
            await page.until("document.querySelectorAll('.slack .form').length")
            await page.run(f"({FILL})('What do you want to use it for?', 'Drafting answers to support tickets')")
            await page.run(SUBMIT)
            await page.until("document.querySelectorAll('.slack .form .wrong').length")
            assert await page.run("[...document.querySelectorAll('.form textarea')].some(box => box.value.startsWith('Drafting'))")
            await page.run(f"({FILL})('Which plan or subscription?', 'Professional')")
            await page.run(f"({FILL})('Whom can its results affect?', 'Only our own work')")
            await page.run(f"({FILL})('The rules for AI tools', 'I have read and keep them')")
            await page.run(SUBMIT)
            await page.until("!document.querySelectorAll('.form').length")

            await page.run(f"({ACT_AS})('cyd')")
            await page.until(f"({SHOWN}).includes('Please decide: Flurbinator')")
            await page.run(f"({PRESS})('Deny')")
            await page.until("document.querySelectorAll('.teams .form').length")
            await page.run(SUBMIT)
            await page.until("document.querySelector('.form').innerText.includes('I need an answer here')")
            await page.run(f"({FILL})('Why?', 'The vendor trains on inputs')")
            await page.run(SUBMIT)
            await page.until("!document.querySelectorAll('.form').length")

            await page.run(f"({ACT_AS})('ann')")
            await page.until(f"({SHOWN}).includes('The vendor trains on inputs')")
            assert "not approved" in await page.run(SHOWN)
            assert "unsupported" not in str(await page.run(SHOWN)).lower()
            assert page.problems == []

    async def test_a_conversation_is_played_on_both_platforms(address: str) -> None:
        """Issue: surprising conversations are shown; the follow-up is answered on Slack and on Teams."""
        async with browsing(address) as page:
            await page.until("document.querySelectorAll('article').length > 0")
            await page.run("document.querySelector('#plays').click()")
            await page.run("[...document.querySelectorAll('#titles button')].find(b => b.innerText.includes('Fünf Sachen')).click()")
            for pane in ("slack", "teams"):
                shown = f"[...document.querySelectorAll('.{pane} article')].map(a => a.innerText).join('\\n')"
                await page.until(f"({shown}).includes('Nein')")
                await page.until(f"/\\bJa[.:, ]/.test({shown})")

            assert page.problems == []

    async def test_the_page_fits_a_phone(address: str) -> None:
        """Phone width, dark: nothing sticks out sideways, one pane at a time."""
        async with browsing(address) as page:
            await page.call("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
            await page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
            await page.until("document.querySelectorAll('article').length > 0")

            assert await page.run("document.documentElement.scrollWidth <= 390")
            assert await page.run("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
            assert page.problems == []
