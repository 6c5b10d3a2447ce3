"""How fast a platform may be written to, and what to do while it does not answer at all.

A send gets the next moment at which every limit is kept; reserving it makes the next one come later. A platform that
fails time after time is left alone for a while, then tried with one card.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

OUTAGE_AFTER = 5  # failures one after the other
LONGEST_PAUSE = 30  # seconds: once the platform is back, everything moves again within a minute
FORGET_EVERY, LONGEST_WINDOW = 1_000, 3_600  # places; seconds

#: So many messages within so many seconds.
Window = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes: posts to one place, changes of what was posted, and both together.

    Units    seconds.
    """

    post_to_a_place: tuple[Window, ...] = ()
    changes: tuple[Window, ...] = ()
    in_all: tuple[Window, ...] = ()


class Pacing:
    """Gives every send its moment, within this process."""

    def __init__(self, limits: Mapping[str, Limits]) -> None:
        self._limits = limits
        #: The moments of each limit, in order; some lie a little ahead.
        self._sent: dict[tuple[str, str], list[float]] = {}

    def reserve(self, platform: str, place: str, now: float, *, changes: bool, patience: float) -> float:
        """How long to wait for a send to keep every limit; the moment is reserved where that is within one's patience.

        Shapes   place: where it goes, as the platform counts it; "" for one without a limit of its own.
        Units    seconds; now: on any steady clock.
        """
        limits = self._limits.get(platform, Limits())
        held = [((platform, "in all"), limits.in_all)]
        if changes:
            held.append(((platform, "changes"), limits.changes))
        elif place:
            held.append(((platform, f"to {place}"), limits.post_to_a_place))
        at = now
        for key, windows in held:
            at = max([at, *(free_at(self._sent.get(key, ()), window) for window in windows)])
        if at - now <= patience:
            for key, windows in held:
                if windows:
                    self._keep(key, at, windows, now)
        return at - now

    def _keep(self, key: tuple[str, str], at: float, windows: tuple[Window, ...], now: float) -> None:
        longest = max(seconds for _, seconds in windows)
        sent = self._sent.setdefault(key, [])
        del sent[: bisect_right(sent, now - longest)]
        insort(sent, at)
        if len(self._sent) > FORGET_EVERY and len(self._sent) % FORGET_EVERY == 0:
            self._sent = {other: times for other, times in self._sent.items() if times[-1] > now - LONGEST_WINDOW}


def free_at(sent: Sequence[float], window: Window) -> float:
    """When one more send keeps a window, whatever is reserved already."""
    count, seconds = window
    return sent[-count] + seconds if len(sent) >= count else 0.0


class Outage:
    """Whether a platform answers: after some failures in a row it is left alone, for longer each time."""

    def __init__(self) -> None:
        self._failures = 0
        self._until: datetime | None = None
        self._trying = False

    @property
    def lasts(self) -> bool:
        """Whether nothing has worked for a while: then one card at a time is tried."""
        return self._failures >= OUTAGE_AFTER

    def pause(self, now: datetime) -> float:
        """For how many seconds the platform is left alone."""
        return max(0.0, (self._until - now).total_seconds()) if self._until else 0.0

    def may_try(self, now: datetime) -> bool:
        """Whether one card may be tried now, while nothing works; the next one when it has ended."""
        if not self.lasts or self._trying or self.pause(now):
            return False
        self._trying = True
        return True

    def tried(self) -> None:
        """A card has come to its end, whatever that was."""
        self._trying = False

    def failed(self, now: datetime) -> None:
        """The platform did not answer properly; what was under way before the pause tells nothing new."""
        if self.pause(now):
            return
        self._failures += 1
        if self.lasts:
            self._until = now + timedelta(seconds=min(LONGEST_PAUSE, 2 ** (self._failures - OUTAGE_AFTER)))

    def worked(self) -> None:
        """The platform answered."""
        self._failures, self._until = 0, None
