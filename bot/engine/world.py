"""What every turn starts from: the policy in force, the register, and the vocabulary compiled from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bot.answers.alternatives import Alternatives
from bot.answers.understand import Understanding
from bot.answers.wording import Wording
from bot.engine.ports import Work
from bot.policy.language import Language
from bot.policy.model import Policy, Tool


@dataclass(frozen=True, slots=True)
class World:
    """One consistent state; `versions` says which, and a commit refuses a turn that rests on an older one."""

    policy: Policy
    tools: tuple[Tool, ...]
    understanding: Understanding
    wording: Wording
    alternatives: Alternatives
    versions: Mapping[str, int]

    @property
    def register_version(self) -> int:
        """Which state of the register this is."""
        return self.versions.get("register", 0)


def build_world(policy: Policy, tools: Sequence[Tool], languages: Sequence[Language], versions: Mapping[str, int]) -> World:
    """A world from its parts."""
    language = next((language for language in languages if language.code == policy.organization.language), languages[0])
    return World(policy, tuple(tools), Understanding(policy, tools, language), Wording(language), Alternatives(policy, tools), versions)


class NoPolicy(Exception):
    """The database holds no policy yet."""


class Worlds:
    """The current world, built again only when its versions have moved on."""

    def __init__(self, work: Work, languages: Sequence[Language]) -> None:
        self._work, self._languages = work, languages
        self._current: World | None = None

    async def current(self) -> World:
        """The world as last seen."""
        return self._current or await self.refresh()

    async def refresh(self) -> World:
        """The world as it is now."""
        versions = await self._work.versions()
        if self._current is None or self._current.versions != versions:
            on_record = await self._work.policy_at(None)
            if on_record is None:
                raise NoPolicy
            self._current = build_world(on_record.policy, await self._work.tools_at(None), self._languages, versions)
        return self._current

    async def as_of(self, day: date) -> World | None:
        """The world at the end of a day; None before the first policy on record."""
        moment = datetime.combine(day, time.max, UTC)
        on_record = await self._work.policy_at(moment)
        if on_record is None:
            return None
        return build_world(on_record.policy, await self._work.tools_at(moment), self._languages, {})

    async def first_day(self) -> tuple[str, date] | None:
        """The first policy version on record and its day."""
        first = await self._work.first_policy()
        return (first.policy.version, first.recorded_at.date()) if first else None
