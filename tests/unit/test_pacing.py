"""The pace at which platforms are written to (S29)."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.messenger import LIMITS as SLACK
from adapters.teams.messenger import LIMITS as TEAMS
from bot.delivery.pacing import LONGEST_PAUSE, OUTAGE_AFTER, Limits, Outage, Pacing, Window

PATIENCE = 40.0
TIGHT = Limits(((1, 1.0), (3, 5.0)), ((2, 1.0),), ((3, 1.0),))
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SENDS = st.lists(st.tuples(st.floats(0, 0.3), st.sampled_from(("a", "b", "c")), st.booleans()), min_size=1, max_size=150)


def within(times: list[float], window: Window) -> bool:
    """Whether a window was kept at every moment."""
    count, seconds = window
    ordered = sorted(times)
    return all(ordered[place + count] - ordered[place] >= seconds - 1e-6 for place in range(len(ordered) - count))


@settings(max_examples=150, deadline=None)
@given(SENDS, st.sampled_from((("slack", SLACK), ("teams", TEAMS), ("tight", TIGHT))))
def test_every_limit_is_kept_whatever_comes(sends: list[tuple[float, str, bool]], platform: tuple[str, Limits]) -> None:
    """S29: one message a second and channel; 7, 8, 60 and 30 on Teams. Mutation: count from the request instead of the reserved moment."""
    name, limits = platform
    pacing, now = Pacing({name: limits}), 100.0
    posts: dict[str, list[float]] = defaultdict(list)
    in_all: list[float] = []
    changed: list[float] = []
    for gap, place, changes in sends:
        now += gap
        wait = pacing.reserve(name, place, now, changes=changes, patience=PATIENCE)
        if wait > PATIENCE:
            continue
        in_all.append(now + wait)
        (changed if changes else posts[place]).append(now + wait)

    assert all(within(times, window) for times in posts.values() for window in limits.post_to_a_place)
    assert all(within(in_all, window) for window in limits.in_all)
    assert all(within(changed, window) for window in limits.changes)


def test_nobody_waits_without_need_and_places_do_not_wait_for_each_other() -> None:
    """The first message goes at once, also to the next channel, and again after a second."""
    pacing = Pacing({"slack": SLACK})

    assert [pacing.reserve("slack", place, 5.0, changes=False, patience=9) for place in ("a", "b", "a", "a")] == [0, 0, 1, 2]
    assert pacing.reserve("slack", "a", 9.0, changes=False, patience=9) == 0
    assert pacing.reserve("slack", "", 9.0, changes=False, patience=9) == 0
    assert pacing.reserve("slack", "a", 9.0, changes=False, patience=0.5) == 1  # too long: not reserved
    assert pacing.reserve("slack", "a", 10.0, changes=False, patience=9) == 0


def test_an_outage_is_left_alone_for_longer_each_time_and_forgotten_at_the_first_success() -> None:
    """S33: 1, 2, 4 … 30 seconds; what fails meanwhile was under way before and does not count."""
    outage, now = Outage(), NOW
    for _ in range(OUTAGE_AFTER - 1):
        outage.failed(now)
    assert (outage.lasts, outage.pause(now), outage.may_try(now)) == (False, 0, False)
    waits = []
    for _ in range(7):
        for _ in range(20):
            outage.failed(now)
        waits.append(outage.pause(now))
        now += timedelta(seconds=waits[-1])

    assert waits == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]
    assert [outage.may_try(now), outage.may_try(now)] == [True, False]  # one at a time
    outage.tried()
    assert outage.may_try(now)
    outage.worked()
    assert (outage.lasts, outage.pause(now), outage.may_try(now)) == (False, 0, False)
