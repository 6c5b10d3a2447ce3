"""The aiohttp application: the two platforms' endpoints, health, readiness, metrics, and limits. No other path answers."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Middleware
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.delivery.messenger import Messenger
from bot.desk.handle import Voice
from bot.desk.handover import Channel
from bot.engine.ports import Directory

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform that is set up: who is who there, how cards get there, how a turn is answered, and where it knocks.

    It knocks at `path`, or (Socket Mode) we listen at its door for as long as `listening` is open.
    """

    name: str
    directory: Directory
    messenger: Messenger
    voice: Voice
    path: str = ""
    endpoint: Handler | None = None
    listening: Callable[[], AbstractAsyncContextManager[None]] | None = None
    #: Where the where-to-ask contact reads. Teams tells a bot a channel's address only when somebody there writes to it.
    channel: Channel | None = None


class PlatformUnavailable(Exception):
    """A platform refused us at the start; the message says what to look at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so before this process takes work; `problem` returns what is wrong, or ""."""

    name: str
    problem: Callable[[], Awaitable[str]]


class Metrics:
    """Counters without personal data: labels are paths and status codes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("mayi_requests", "Requests by endpoint and status", ("endpoint", "status"), registry=self.registry)
        self.seconds = Histogram(
            "mayi_request_seconds",
            "Time until the answer",
            ("endpoint",),
            registry=self.registry,
            buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )
        self._kept: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self.loop_lag = Gauge("mayi_event_loop_lag_seconds", "How late the event loop runs", registry=self.registry)

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one request."""
        key = (endpoint, status)
        if key not in self._kept:
            self._kept[key] = (self.requests.labels(endpoint, str(status)), self.seconds.labels(endpoint))
        counter, histogram = self._kept[key]
        counter.inc()
        histogram.observe(seconds)


def make_application(endpoints: Mapping[str, Handler], checks: tuple[Check, ...], metrics: Metrics) -> web.Application:
    """The application; `endpoints` are the platforms' paths, all POST."""
    application = web.Application(client_max_size=LARGEST_BODY, middlewares=[guarded(metrics)])

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="alive")

    async def ready(_: web.Request) -> web.Response:
        problems = {check.name: problem for check in checks if (problem := await check.problem())}
        return web.json_response({"ready": not problems, "problems": problems}, status=503 if problems else 200)

    async def measured(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    application.router.add_get("/healthz", alive)
    application.router.add_get("/readyz", ready)
    application.router.add_get("/metrics", measured)
    for path, endpoint in endpoints.items():
        application.router.add_post(path, endpoint)
    return application


def guarded(metrics: Metrics) -> Middleware:
    """Middleware: counts requests, and turns a fault of ours into a bare 500 that tells nothing."""

    @web.middleware
    async def middleware(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        resource = request.match_info.route.resource
        endpoint = resource.canonical if resource else "other"
        begun = time.perf_counter()
        status = 500
        try:
            answer = await handler(request)
            status = answer.status
        except web.HTTPException as error:
            status = error.status
            raise
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.exception("A request failed", extra={"action": "request_failed", "endpoint": endpoint, "error": type(error).__name__})
            return web.Response(status=500)
        else:
            return answer
        finally:
            metrics.count(endpoint, status, time.perf_counter() - begun)

    return middleware


async def watch_loop(metrics: Metrics) -> None:
    """Measure how late the event loop runs, until cancelled."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.5)
        metrics.loop_lag.set(max(0.0, time.perf_counter() - before - 0.5))
