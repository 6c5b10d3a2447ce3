"""Working time: which days count, until when something is due, and when somebody may be disturbed.

Everything is a pure function of its arguments. Days are calendar days in a site's time zone, instants are aware UTC
datetimes; the two never mix. A local time that a change of the clocks leaves out becomes the first valid instant after
it; one that comes twice is its first occurrence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SEARCH = 3660  # days; a calendar without any working day ends here


@dataclass(frozen=True, slots=True)
class Calendar:
    """One site's working time."""

    zone: str = "UTC"
    working_days: tuple[str, ...] = DAYS[:5]
    holidays: frozenset[date] = frozenset()
    opens: time = time(9)
    closes: time = time(17)

    def works_on(self, day: date) -> bool:
        """Whether this is a working day."""
        return DAYS[day.weekday()] in self.working_days and day not in self.holidays

    def day_of(self, moment: datetime) -> date:
        """The site's calendar day at a moment."""
        return moment.astimezone(zone_of(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Calendars:
    """The organization's own calendar, and those of its sites by name."""

    own: Calendar = field(default_factory=Calendar)
    sites: Mapping[str, Calendar] = field(default_factory=dict)

    def of(self, location: str) -> Calendar:
        """The calendar of a site; the organization's own where the site has none."""
        return self.sites.get(location.casefold(), self.own)


@lru_cache(64)
def zone_of(name: str) -> ZoneInfo:
    """The zone's rules."""
    return ZoneInfo(name)


def instant(zone: str, day: date, at: time) -> datetime:
    """The moment of a local time: the first of two, and the first valid one after a gap."""
    place = zone_of(zone)
    local = datetime.combine(day, at, place)
    if local.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local.replace(tzinfo=None):
        before = local.replace(fold=0).utcoffset() or timedelta()
        after = local.replace(fold=1).utcoffset() or timedelta()
        gap = abs(before - after)
        low = local.astimezone(UTC) - gap
        # The gap ends where the offset changes: the smallest minute at which the later rule holds.
        moment = low
        while (moment.astimezone(place).utcoffset() or timedelta()) == (low.astimezone(place).utcoffset() or timedelta()):
            moment += timedelta(minutes=1)
        return moment
    return local.astimezone(UTC)


def working_day_after(calendar: Calendar, day: date, count: int) -> date:
    """The working day that comes `count` working days after this day; 0 gives the day itself or the next that works."""
    found = day
    for _ in range(LONGEST_SEARCH):
        if calendar.works_on(found):
            break
        found += timedelta(days=1)
    else:
        return day + timedelta(days=count)
    while count > 0:
        found += timedelta(days=1)
        if calendar.works_on(found):
            count -= 1
    return found


def due_after(calendar: Calendar, since: datetime, days: int) -> datetime:
    """The end of the working day that lies `days` working days after a moment."""
    return instant(calendar.zone, working_day_after(calendar, calendar.day_of(since), days), calendar.closes)


def morning_after(calendar: Calendar, since: datetime, days: int) -> datetime:
    """The opening of the working day that lies `days` working days after a moment."""
    return instant(calendar.zone, working_day_after(calendar, calendar.day_of(since), days), calendar.opens)


def not_before_opening(calendar: Calendar, moment: datetime) -> datetime:
    """The moment itself within working time, else the next opening: nobody is disturbed in quiet hours."""
    day = calendar.day_of(moment)
    if calendar.works_on(day):
        opens, closes = instant(calendar.zone, day, calendar.opens), instant(calendar.zone, day, calendar.closes)
        if moment < opens:
            return opens
        if moment < closes:
            return moment
    return instant(calendar.zone, working_day_after(calendar, day + timedelta(days=1), 0), calendar.opens)


def working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """How many working days lie after the first day, up to and including the last."""
    day, count = first, 0
    while day < last:
        day += timedelta(days=1)
        count += calendar.works_on(day)
    return count
