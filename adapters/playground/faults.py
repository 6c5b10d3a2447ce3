"""Faults on order: what a stand-in does to the next calls instead of answering well."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong. `after` says that the call takes effect although its answer is lost."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_seconds: float = 0.0
    reset: bool = False
    after: bool = False


class Faults:
    """The faults in store, by method."""

    def __init__(self) -> None:
        self._next: dict[str, list[Fault]] = defaultdict(list)

    def add(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method go wrong, in this order."""
        self._next[method].extend(faults)

    def take(self, method: str) -> Fault | None:
        """The fault that is due for a call of this method."""
        return self._next[method].pop(0) if self._next[method] else None


async def suffer(fault: Fault, request: web.Request) -> web.Response:
    """Answer as the fault says."""
    if fault.hang_seconds:
        await asyncio.sleep(fault.hang_seconds)
    if fault.reset:
        assert request.transport is not None
        request.transport.abort()
    if isinstance(fault.body, str):
        return web.Response(status=fault.status, text=fault.body, headers=fault.headers, content_type="text/html")
    return web.json_response(fault.body if fault.body is not None else {}, status=fault.status, headers=fault.headers)
