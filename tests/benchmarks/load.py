"""A lean HTTP load: prepared requests over kept-alive connections, each answer timed.

Lean because it shares a core with the stand-ins: a client that takes longer than the server would measure itself.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run came to."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int


class Connection(asyncio.Protocol):
    """One kept-alive connection that sends its share of the requests one after the other."""

    def __init__(self, requests: list[bytes], done: "asyncio.Future[None]") -> None:
        self.requests, self.done = requests, done
        self.times: list[float] = []
        self.failed = 0
        self._next = 0
        self._buffer = b""
        self._begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        if self._next >= len(self.requests):
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self._begun = time.perf_counter()
        self._transport.write(self.requests[self._next])
        self._next += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lowered = head.lower()
        at = lowered.find(b"content-length:")
        length = int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        self.times.append(time.perf_counter() - self._begun)
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.1 202")):
            self.failed += 1
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.failed += len(self.requests) - self._next + 1
            self.done.set_result(None)


async def fire(port: int, requests: Sequence[bytes], connections: int) -> Measured:
    """Send all requests over this many connections."""
    loop = asyncio.get_running_loop()
    lanes: list[Connection] = []
    begun = time.perf_counter()
    for lane in range(connections):
        connection = Connection(list(requests[lane::connections]), loop.create_future())
        lanes.append(connection)
        await loop.create_connection(lambda connection=connection: connection, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(lane.done for lane in lanes))
    elapsed = time.perf_counter() - begun
    times = sorted(t for lane in lanes for t in lane.times) or [0.0]
    failed = sum(lane.failed for lane in lanes)
    return Measured(len(times) / elapsed, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000, failed)


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A POST as bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *(f"{key}: {value}" for key, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
