"""Working time: skipped and repeated local times, odd zones, holidays, quiet hours (S34, R75)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Calendar, due_after, instant, morning_after, not_before_opening, working_day_after, working_days_between, zone_of

BERLIN = Calendar("Europe/Berlin", holidays=frozenset((date(2026, 12, 25), date(2027, 1, 1))))
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Atlantic/Azores", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Halifax", "America/St_Johns", "America/Sao_Paulo", "America/Santiago",
    "America/Asuncion", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Asia/Jerusalem", "Asia/Beirut", "Asia/Tehran", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Perth", "Australia/Eucla",
    "Australia/Adelaide", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati",
)  # fmt: skip
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
times = st.times().map(lambda t: t.replace(microsecond=0))


@given(st.sampled_from(ZONES), days, times)
def test_every_local_time_is_one_instant(zone: str, day: date, at: time) -> None:
    """S34: 38 zones, every hour of seven years drawn from: the first of two, the first valid one after a gap; never before its day."""
    found = instant(zone, day, at)

    local = found.astimezone(zone_of(zone))
    assert found.tzinfo is UTC
    assert local.replace(tzinfo=None) >= datetime.combine(day, at)
    assert local.replace(tzinfo=None) - datetime.combine(day, at) < timedelta(hours=25)
    earlier = (found - timedelta(hours=1)).astimezone(zone_of(zone))
    assert earlier.replace(tzinfo=None) != datetime.combine(day, at), "the first of two was meant"


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # left out: the first valid one
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice: the first
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),  # a gap of half an hour
        ("Asia/Kathmandu", date(2026, 2, 28), time(9), datetime(2026, 2, 28, 3, 15, tzinfo=UTC)),
        ("America/New_York", date(2028, 2, 29), time(9), datetime(2028, 2, 29, 14, tzinfo=UTC)),
    ],
)
def test_changes_of_the_clocks(zone: str, day: date, at: time, expected: datetime) -> None:
    """S34: the documented rule at the known hard places."""
    assert instant(zone, day, at) == expected


def test_the_day_after_christmas_is_skipped_with_the_weekend() -> None:
    """R75: holidays and weekends do not count."""
    asked = datetime(2026, 12, 24, 10, tzinfo=UTC)  # a Thursday

    assert morning_after(BERLIN, asked, 1) == datetime(2026, 12, 28, 8, tzinfo=UTC)
    assert due_after(BERLIN, asked, 5) == datetime(2027, 1, 4, 16, tzinfo=UTC)
    assert working_days_between(BERLIN, date(2026, 12, 24), date(2027, 1, 4)) == 5


@given(days, st.integers(0, 40))
def test_promises_lie_on_working_days_and_grow(day: date, count: int) -> None:
    """The more days, the later; and always a day that counts."""
    found = working_day_after(BERLIN, day, count)

    assert BERLIN.works_on(found)
    assert found >= day + timedelta(days=count)
    assert working_day_after(BERLIN, day, count + 1) > found


@given(st.sampled_from(ZONES), st.integers(1_735_689_600, 1_861_920_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_nobody_is_disturbed_outside_working_hours(zone: str, moment: datetime) -> None:
    """S35: the moment itself within working hours, else the next opening."""
    calendar = Calendar(zone)
    found = not_before_opening(calendar, moment)

    local = found.astimezone(zone_of(zone))
    assert found >= moment
    assert calendar.works_on(local.date())
    assert calendar.opens <= local.time() < calendar.closes
    assert found - moment < timedelta(days=4)


def test_a_calendar_without_working_days_still_ends() -> None:
    """Bad content must not hang anything."""
    assert working_day_after(Calendar(working_days=()), date(2026, 1, 1), 3) == date(2026, 1, 4)
