"""The playground: its page in a real browser, and its own small door.

The browser tests need a Chromium on the PATH; without one they are not collected, and the API is tested all the same.
"""

import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from adapters.playground.server import playing
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
