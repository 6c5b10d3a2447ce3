"""What our figures are measured against: the same SDKs and drivers with nothing of ours. Each is a process of its own.

Expected on two cores of 2020s servers, server pinned to one, sixteen connections: bolt command with a committed row
1,500–4,500/s; bolt event with a row and a post 900–2,500/s; stock CloudAdapter echo 50–160/s; thin Teams 900–3,000/s.
"""

import asyncio
import gc
import json
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
from aiohttp import web

Commit = Callable[[str], Awaitable[None]]


async def open_database(url: str) -> Commit:
    """A function that commits one row through the driver that MayI uses."""
    if url.startswith("sqlite"):
        loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS bare (key TEXT PRIMARY KEY)")

        async def commit_sqlite(key: str) -> None:
            await loop.run_in_executor(thread, connection.execute, "INSERT INTO bare VALUES (?)", (key,))

        return commit_sqlite
    import asyncpg

    name, _, host = url.removeprefix("postgresql://postgres@/").partition("?host=")
    pool = await asyncpg.create_pool(host=host, user="postgres", database=name, min_size=4, max_size=10)
    await pool.execute("CREATE TABLE IF NOT EXISTS bare (key TEXT PRIMARY KEY)")

    async def commit_postgres(key: str) -> None:
        await pool.execute("INSERT INTO bare VALUES ($1)", key)

    return commit_postgres


ROWS_OF_A_DECISION, CARDS_OF_A_DECISION = 12, 3  # what one approval of ours writes and shows, see decisions.py


async def open_transactions(url: str) -> Commit:
    """A function that commits as many rows as a decision writes, in one transaction."""
    if url.startswith("sqlite"):
        loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS decided (key TEXT PRIMARY KEY)")

        def write(key: str) -> None:
            connection.execute("BEGIN IMMEDIATE")
            for number in range(ROWS_OF_A_DECISION):
                connection.execute("INSERT INTO decided VALUES (?)", (f"{key}/{number}",))
            connection.execute("COMMIT")

        async def commit_sqlite(key: str) -> None:
            await loop.run_in_executor(thread, write, key)

        return commit_sqlite
    import asyncpg

    name, _, host = url.removeprefix("postgresql://postgres@/").partition("?host=")
    pool = await asyncpg.create_pool(host=host, user="postgres", database=name, min_size=4, max_size=10)
    await pool.execute("CREATE TABLE IF NOT EXISTS decided (key TEXT PRIMARY KEY)")

    async def commit_postgres(key: str) -> None:
        async with pool.acquire() as connection, connection.transaction():
            for number in range(ROWS_OF_A_DECISION):
                await connection.execute("INSERT INTO decided VALUES ($1)", f"{key}/{number}")

    return commit_postgres


async def bolt_application(url: str, slack: str, token: str, secret: str) -> web.Application:
    """Bolt with `process_before_response`: a command acks a constant, an event posts; each commits one row.

    An action commits as many rows as a decision of ours, in one transaction; `told` also shows as many people what became of it.
    """
    from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    commit = await open_database(url)
    client = AsyncWebClient(token, base_url=slack, session=aiohttp.ClientSession())
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)

    @app.command("/ai")
    async def on_command(ack: Any, command: dict[str, Any]) -> None:
        await commit(command["trigger_id"])
        await ack("Yes")

    @app.event("message")
    async def on_message(event: dict[str, Any], body: dict[str, Any]) -> None:
        await commit(body["event_id"])
        await client.chat_postMessage(channel=event["channel"], text="Yes")

    decide = await open_transactions(url)

    @app.action("approve:0")
    async def on_approve(ack: Any, body: dict[str, Any]) -> None:
        await decide(body["trigger_id"])
        await ack()

    @app.action("told:0")
    async def on_told(ack: Any, body: dict[str, Any]) -> None:
        await decide(body["trigger_id"])
        await ack()
        channel = body["channel"]["id"]
        await client.chat_update(channel=channel, ts=body["message"]["ts"], text="Approved", blocks=[])
        for _ in range(CARDS_OF_A_DECISION - 1):
            await client.chat_postMessage(channel=channel, text="Approved", blocks=[])

    async def endpoint(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", endpoint)
    return application


async def stock_application(_url: str, connector: str) -> web.Application:
    """botbuilder's own CloudAdapter that echoes; without tokens, which only makes it faster."""
    from botbuilder.core import ActivityHandler, TurnContext
    from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

    class Configuration:
        APP_ID, APP_PASSWORD, APP_TYPE = "", "", "MultiTenant"

    class Echo(ActivityHandler):  # type: ignore[misc]
        async def on_message_activity(self, turn_context: TurnContext) -> None:
            await turn_context.send_activity(turn_context.activity.text)

    adapter, bot = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration())), Echo()

    async def endpoint(request: web.Request) -> web.Response:
        answer = await adapter.process(request, bot)
        return answer if isinstance(answer, web.Response) else web.Response(status=201)

    application = web.Application()
    application.router.add_post("/api/messages", endpoint)
    return application


async def thin_application(url: str, base: str, token_form: str) -> web.Application:
    """A thin handler: verify the token, commit one row, post with one shared session."""
    import jwt

    commit = await open_database(url)
    session = aiohttp.ClientSession()
    async with session.get(f"{base}/keys") as answer:
        keys = {entry["kid"]: jwt.algorithms.RSAAlgorithm.from_jwk(entry) for entry in (await answer.json())["keys"]}
    async with session.post(f"{base}/token", data=json.loads(token_form)) as answer:
        headers = {"Authorization": "Bearer " + (await answer.json())["access_token"]}
    audience = json.loads(token_form)["client_id"]

    async def endpoint(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        kid = jwt.get_unverified_header(token)["kid"]
        jwt.decode(token, keys[kid], algorithms=["RS256"], audience=audience, issuer="https://api.botframework.com")  # type: ignore[arg-type]
        activity = json.loads(await request.read())
        await commit(activity["id"])
        url = f"{activity['serviceUrl']}v3/conversations/{activity['conversation']['id']}/activities"
        async with session.post(url, json={"type": "message", "text": "Yes"}, headers=headers) as posted:
            await posted.read()
        return web.Response()

    application = web.Application()
    application.router.add_post("/api/messages", endpoint)
    return application


async def main(name: str, port: int, core: int, *arguments: str) -> None:
    """Serve one baseline until killed."""
    os.sched_setaffinity(0, {core})
    make: Callable[..., Awaitable[web.Application]] = {"bolt": bolt_application, "stock": stock_application, "thin": thin_application}[name]  # type: ignore[assignment]
    runner = web.AppRunner(await make(*arguments), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]))
