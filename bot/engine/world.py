"""What every turn starts from: the policy in force, the register, and the vocabulary compiled from both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property, lru_cache
from threading import Lock

from bot.answers.alternatives import Alternatives
from bot.answers.wording import Wording
from bot.engine.ports import Work
from bot.policy.grants import Grant
from bot.policy.language import Language
from bot.policy.model import Policy, Tool
from bot.policy.process import Process
from bot.redaction.redact import Redacted, Redaction
from bot.ui.card import Option
from bot.ui.form import Form
from bot.understanding.reading import Reading
from bot.understanding.understand import Understanding
from bot.understanding.words.identify import Identification, words_of

GRANTS = "grant"


@dataclass(frozen=True, slots=True)
class World:
    """One consistent state; `versions` says which, and a commit refuses a turn that rests on an older one."""

    policy: Policy
    tools: tuple[Tool, ...]
    tongues: "Tongues"
    alternatives: Alternatives
    versions: Mapping[str, int]
    process: Process
    grants: tuple[Grant, ...] = ()

    def grants_of(self, person: str, team: str, day: date) -> tuple[Grant, ...]:
        """The grants that hold for somebody on a day."""
        return tuple(grant for grant in self.grants if grant.covers(person, team, day))

    def form(self, id: str) -> Form:
        """A form in the organization's language, its options filled in: from the register, the matrix, the facts to confirm."""
        forms = self.tongues.forms
        if id not in forms:
            forms[id] = self._form(id)
        return forms[id]

    def _form(self, id: str) -> Form:
        form, policy, own = self.process.form(id), self.policy, self.say().own
        named = sorted((tool.name for tool in self.tools if tool.status == "active"), key=str.casefold)
        lists = {
            "tools": tuple(Option(name, name) for name in named),
            "data": tuple(Option(data.id, own(data.name)) for data in policy.data_classes),
            "uses": tuple(Option(use.id, own(use.name)) for use in policy.uses),
            "tiers": tuple(Option(tier.id, own(tier.name)) for tier in policy.tiers if tier.id != policy.unregistered),
            "facts": tuple(Option(fact.id, own(fact.label)) for fact in self.process.facts),
        }
        filled = (
            replace(
                question,
                label=own(question.label),
                hint=own(question.hint),
                options=lists[question.options_from] if question.options_from else tuple(Option(o.id, own(o.label)) for o in question.options),
            )
            for question in form.questions
        )
        return replace(form, title=own(form.title), lead=own(form.lead), submit=own(form.submit), questions=tuple(filled))

    @property
    def register_version(self) -> int:
        """Which state of the register this is."""
        return self.versions.get("register", 0)

    def read(self, text: str, spoken: str = "") -> Reading:
        """What a text asks, in whatever shipped language; `spoken` is the one it is likely in."""
        return self.tongues.read(text, spoken)

    def say(self, code: str = "") -> Wording:
        """How a language says things; the organization's own where there is no such language."""
        return self.tongues.wording(code)


class Common:
    """What all languages share, whatever the policy: telling them apart, and the words that announce secrets."""

    def __init__(self, languages: Sequence[Language]) -> None:
        self._languages, self.redaction = languages, Redaction(languages)

    @cached_property
    def identification(self) -> Identification:
        """Telling the languages apart; made beside the first questions, as it takes as long as a vocabulary."""
        return Identification(self._languages)


@lru_cache(8)
def common_of(languages: tuple[Language, ...]) -> Common:
    """What these languages share; made once."""
    return Common(languages)


class Tongues:
    """The languages of one world. Each vocabulary is compiled when it is first needed: most people share one."""

    def __init__(self, policy: Policy, tools: Sequence[Tool], languages: Sequence[Language], common: Common) -> None:
        self._policy, self._tools = policy, tools
        self._languages = {language.code: language for language in languages}
        self._common = common
        own = policy.organization.language
        self.own = own if own in self._languages else languages[0].code
        small = {word for phrase in self._languages[self.own].words["stop"] for word in words_of(phrase)}
        self._names = frozenset(word for tool in tools for name in (tool.name, *tool.aliases) for word in words_of(name)) - small
        self._readers: dict[str, Understanding] = {}
        self._compiling = {code: Lock() for code in self._languages}
        self._wordings: dict[str, Wording] = {}
        #: Forms in this language with the options of this world, made when they are first needed.
        self.forms: dict[str, Form] = {}
        self.reader(self.own)

    def read(self, text: str, spoken: str = "") -> Reading:
        """What a text asks."""
        default = spoken if spoken in self._languages else self.own
        return self.reader(self._common.identification.language(text, default, self._names)).read(text)

    def reader(self, code: str) -> Understanding:
        """The understanding of one language."""
        if code not in self._readers:
            with self._compiling[code]:  # it is made beside the questions at the start, and must not be made twice
                if code not in self._readers:
                    self._readers[code] = Understanding(self._policy, self._tools, self._languages[code], self._common.redaction)
        return self._readers[code]

    def redact(self, text: str) -> Redacted:
        """A text as it may be kept, with the kinds of secrets that were taken out of it."""
        return self._common.redaction.redact(text)

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages, the organization's own first."""
        return tuple(dict.fromkeys((self.own, *self._languages)))

    def warm(self, code: str) -> None:
        """Compile a vocabulary now, so that nobody's first question waits for it."""
        _ = self._common.identification
        self.reader(code).warm()

    def wording(self, code: str = "") -> Wording:
        """How one language says things."""
        code = code if code in self._languages else self.own
        if code not in self._wordings:
            self._wordings[code] = Wording(self._languages[code])
        return self._wordings[code]


def build_world(
    policy: Policy,
    tools: Sequence[Tool],
    languages: Sequence[Language],
    versions: Mapping[str, int],
    process: Process,
    grants: Sequence[Grant] = (),
) -> World:
    """A world from its parts."""
    tongues = Tongues(policy, tools, languages, common_of(tuple(languages)))
    return World(policy, tuple(tools), tongues, Alternatives(policy, tools), versions, process, tuple(grants))


class NoPolicy(Exception):
    """The database holds no policy yet."""


class Worlds:
    """The current world, built again only when its versions have moved on."""

    def __init__(self, work: Work, languages: Sequence[Language], process: Process) -> None:
        self._work, self._languages, self._process = work, languages, process
        self._current: World | None = None

    async def current(self) -> World:
        """The world as last seen."""
        return self._current or await self.refresh()

    async def refresh(self) -> World:
        """The world as it is now."""
        versions = await self._work.versions()
        if self._current is None or self._current.versions != versions:
            grants = await self._work.grants()
            if self._current and {**self._current.versions, GRANTS: 0} == {**versions, GRANTS: 0}:
                self._current = replace(self._current, versions=versions, grants=tuple(grants))
                return self._current
            on_record = await self._work.policy_at(None)
            if on_record is None:
                raise NoPolicy
            self._current = build_world(on_record.policy, await self._work.tools_at(None), self._languages, versions, self._process, grants)
        return self._current

    async def as_of(self, day: date) -> World | None:
        """The world at the end of a day; None before the first policy on record."""
        moment = datetime.combine(day, time.max, UTC)
        on_record = await self._work.policy_at(moment)
        if on_record is None:
            return None
        return build_world(on_record.policy, await self._work.tools_at(moment), self._languages, {}, self._process)

    async def first_day(self) -> tuple[str, date] | None:
        """The first policy version on record and its day."""
        first = await self._work.first_policy()
        return (first.policy.version, first.recorded_at.date()) if first else None
