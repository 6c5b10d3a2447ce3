"""forms/*.yaml, routes.yaml, schedules.yaml and the calendar of organization.yaml → a Process; every fault named.

A folder without one of these files gets the packaged one, so that a policy can be tried before its workflow is written.
"""

from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.calendar import DAYS, Calendar, Calendars
from bot.policy.document import Fault, Reader, plain, read_document
from bot.policy.model import Organization, Policy
from bot.policy.process import Clock, Fact, Process, Route, Rule, Seat, ServiceClass
from bot.ui.card import Option
from bot.ui.form import Form, Kind, Question

REQUEST_KINDS = ("tool", "use_case", "data", "exception", "change", "retire")
DECISION_FORMS = ("conditions", "deny", "more", "delegate", "answer", "comment", "facts", "break_glass", "undo", "stand_in")
LISTS = ("tools", "data", "uses", "tiers", "facts")


def load_process(folder: Path, packaged: Path, policy: Policy, faults: list[Fault]) -> Process | None:
    """How this folder handles requests; None, with faults noted, where that cannot be told."""

    def where(name: str) -> Path:
        return folder if (folder / name).exists() else packaged

    forms = load_forms(where("forms"), faults)
    routes = read_document(where("routes.yaml"), "routes.yaml", faults, "the routes")
    schedules = read_document(where("schedules.yaml"), "schedules.yaml", faults, "the schedules")
    if routes is None or schedules is None:
        return None
    # Roles of the packaged routes that an organization does not have fall to its policy owner; its own must exist.
    strict = where("routes.yaml") == folder
    roles = frozenset(policy.roles) | {"manager"}
    levels = routes.texts("levels") or ("low", "medium", "high")
    facts = tuple(Fact(item.text("id"), item.text("label"), item.text("section", "§3")) for item in routes.each("facts", "a fact"))
    classes = {
        item.text("id"): ServiceClass(item.text("id"), item.number("days"), item.number("warn")) for item in routes.each("service_classes", "a class")
    }
    process = Process(
        forms=forms,
        levels=levels,
        impact=rules(routes, "impact", levels),
        service=rules(routes, "service", tuple(classes)),
        classes=classes,
        routes=tuple(load_route(item, levels, roles, policy.owner, strict=strict) for item in routes.each("routes", "a route")),
        facts=facts,
        tier_needs=tier_needs(routes, policy, {fact.id for fact in facts}, strict=strict),
        evaluation_tier=routes.text("evaluation_tier", ""),
        fallback_role=role_of(routes, "fallback_role", routes.text("fallback_role", "policy_owner"), roles, policy.owner, strict=strict),
        break_glass_roles=tuple(
            role_of(routes, "break_glass", role, roles, policy.owner, strict=strict) for role in routes.texts("break_glass") or ("policy_owner",)
        ),
        calendars=load_calendars(where("organization.yaml") if (folder / "organization.yaml").exists() else None, policy.organization, faults),
        clock=load_clock(schedules, roles, policy.owner, strict=strict),
    )
    routes.close()
    schedules.close()
    for kind in REQUEST_KINDS:
        for level in levels:
            if not any(kind in route.kinds and level in route.impact for route in process.routes):
                routes.fault(f"no route takes a request of kind “{kind}” with {level} impact; add one", routes.at("routes"))
    for id in (*REQUEST_KINDS, *DECISION_FORMS):
        if id not in forms:
            faults.append(Fault("forms", 1, f"there is no form “{id}”; take it over from the packaged forms"))
    return process


def load_forms(folder: Path, faults: list[Fault]) -> dict[str, Form]:
    """Every form of the folder, by its id."""
    forms: dict[str, Form] = {}
    for path in sorted((folder / "forms").glob("*.yaml")):
        document = read_document(folder, f"forms/{path.name}", faults, "the forms")
        for item in document.each("forms", "a form") if document else ():
            form = load_form(item)
            if form.id in forms:
                item.fault(f"the form “{form.id}” stands in two places; keep one", item.at("id"))
            forms[form.id] = form
        if document:
            document.close()
    return forms


def load_form(item: Reader) -> Form:
    """One form; a condition may only name a question before it."""
    questions: list[Question] = []
    for inner in item.each("questions", "a question"):
        question = load_question(inner)
        if any(question.id == other.id for other in questions):
            inner.fault(f"the question “{question.id}” stands here twice; give each its own id", inner.at("id"))
        for other, values in question.when:
            before = next((known for known in questions if known.id == other), None)
            if before is None:
                inner.fault(f"“when” names “{other}”, which is no question before this one", inner.at("when"))
            elif before.options and (unknown := [value for value in values if value not in {option.id for option in before.options}]):
                inner.fault(f"“{unknown[0]}” is no answer of “{other}”", inner.at("when"))
        questions.append(question)
    form = Form(item.text("id"), item.text("title"), tuple(questions), item.text("lead", ""), item.text("submit", ""))
    if not questions:
        item.fault("a form needs questions; add at least one", item.line)
    item.close()
    return form


def load_question(item: Reader) -> Question:
    """One question."""
    kind = item.choice("type", Kind, Kind.TEXT) or Kind.TEXT
    source = item.text("options_from", "")
    options = tuple(Option(option.text("id"), option.text("label")) for option in item.each("options", "an option"))
    if kind in (Kind.CHOICE, Kind.CHOICES) and not options and not source:
        item.fault(f"“{item.text('id', '')}” is a choice without options; add `options` or `options_from`", item.at("type"))
    if source and source not in LISTS:
        item.fault(f"“options_from” must be one of {', '.join(LISTS)}, not “{source}”", item.at("options_from"))
    question = Question(
        id=item.text("id"),
        label=item.text("label"),
        kind=kind,
        required=item.text("required", "true").lower() != "false",
        hint=item.text("hint", ""),
        options=options,
        when=conditions(item),
        options_from=source,
    )
    item.close()
    return question


def conditions(item: Reader) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The `when` of a question or rule."""
    node = item.node("when")
    found = plain(node) if node is not None else {}
    if not isinstance(found, dict):
        item.fault("“when” must be a mapping of question: [answers]", item.at("when"))
        return ()
    return tuple((str(key), tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)) for key, value in found.items())


def rules(reader: Reader, key: str, levels: tuple[str, ...]) -> tuple[Rule, ...]:
    """What raises a request to a level."""
    found: list[Rule] = []
    for item in reader.each(key, "a rule"):
        rule = Rule(item.text("is"), conditions(item), item.text("because"))
        if rule.level not in levels:
            item.fault(f"“{rule.level}” must be one of {', '.join(levels)}", item.at("is"))
        item.close()
        found.append(rule)
    return tuple(found)


def load_route(item: Reader, levels: tuple[str, ...], roles: frozenset[str], owner: str, *, strict: bool) -> Route:
    """One route: stages, each of which asks all of some roles, any of some, or so many people out of a pool."""
    seats: list[Seat] = []
    for stage, inner in enumerate(item.each("stages", "a stage"), 1):

        def known(names: tuple[str, ...], inner: Reader = inner) -> tuple[str, ...]:
            return tuple(dict.fromkeys(role_of(inner, "all", name, roles, owner, strict=strict) for name in names))

        together, one_of, pool = known(inner.texts("all")), known(inner.texts("any")), known(inner.texts("pool"))
        seats += [Seat(f"{stage}.{role}", stage, (role,)) for role in together]
        if one_of:
            seats.append(Seat(f"{stage}.{'-or-'.join(one_of)}", stage, one_of))
        if pool:
            seats.append(Seat(f"{stage}.{'-or-'.join(pool)}", stage, pool, inner.number("need", 1)))
        if not (together or one_of or pool):
            inner.fault("a stage asks `all` of some roles, `any` of some, or a `pool`; name one", inner.line)
        inner.node("need")
        inner.close()
    impact = item.texts("impact") or levels
    for level in impact:
        if level not in levels:
            item.fault(f"“{level}” must be one of {', '.join(levels)}", item.at("impact"))
    kinds = item.texts("kinds")
    for kind in kinds:
        if kind not in REQUEST_KINDS:
            item.fault(f"“{kind}” is no kind of request; use {', '.join(REQUEST_KINDS)}", item.at("kinds"))
    if not seats:
        item.fault("a route without stages would approve everything; add a stage", item.line)
    accepts = item.text("accepts_risk", "")
    route = Route(kinds, impact, tuple(seats), role_of(item, "accepts_risk", accepts, roles, owner, strict=strict) if accepts else "")
    item.close()
    return route


def role_of(reader: Reader, key: str, role: str, roles: frozenset[str], owner: str, *, strict: bool) -> str:
    """The role itself where the organization has it."""
    if role in roles:
        return role
    if strict:
        reader.fault(f"“{role}” is no role in roles.yaml; add it or name another", reader.at(key))
    return owner


def tier_needs(reader: Reader, policy: Policy, facts: set[str], *, strict: bool) -> Mapping[str, tuple[str, ...]]:
    """What each tier takes. A tier that is not named takes nothing.

    Where the packaged needs name none of an organization's own tiers, every tier but the last that can be given takes all
    facts: without its word for it, nobody gets a good tier for nothing.
    """
    inside = reader.inside("tier_needs", "tier_needs")
    found = {tier: inside.texts(tier) for tier in inside.names()} if inside else {}
    for tier, needs in found.items():
        if inside and strict and policy.tier(tier) is None:
            inside.fault(f"“{tier}” is no tier of matrix.yaml", inside.at(tier))
        for need in needs:
            if inside and need not in facts:
                inside.fault(f"“{need}” is no fact; add it under `facts`", inside.at(tier))
    if not strict and not any(policy.tier(tier) for tier in found):
        given = [tier.id for tier in policy.tiers if tier.id != policy.unregistered]
        return {tier: tuple(sorted(facts)) for tier in given[:-1]}
    return found


def load_clock(reader: Reader, roles: frozenset[str], owner: str, *, strict: bool) -> Clock:
    """Reminders, escalation, expiry."""
    reminders = tuple(int(text) for text in reader.texts("reminders") if text.isdecimal())
    usual = Clock()
    return Clock(
        reminders=reminders or usual.reminders,
        escalate_to=role_of(reader, "escalate_to", reader.text("escalate_to", usual.escalate_to), roles, owner, strict=strict),
        expire_after=reader.number("expire_after", usual.expire_after),
        warn_before_end=reader.number("warn_before_end", usual.warn_before_end),
        longest_grant=reader.number("longest_grant", usual.longest_grant),
        reattest_every=reader.number("reattest_every", usual.reattest_every),
        notice_days=reader.number("notice_days", usual.notice_days),
    )


def load_calendars(folder: Path | None, organization: Organization, faults: list[Fault]) -> Calendars:
    """The organization's own calendar, and its sites' (`sites:` of organization.yaml)."""
    own = Calendar(organization.time_zone, organization.working_days, frozenset(organization.holidays))
    reader = read_document(folder, "organization.yaml", faults, "the organization") if folder else None
    if reader is None:
        return Calendars(own)
    hours = time_range(reader, "working_hours", (own.opens, own.closes))
    own = Calendar(own.zone, own.working_days, own.holidays, *hours)
    check_zone(reader, "time_zone", own.zone)
    check_days(reader, own.working_days)
    sites: dict[str, Calendar] = {}
    for item in reader.each("sites", "a site"):
        days = item.texts("working_days") or own.working_days
        holidays: set[date] = set()
        for text in item.texts("holidays"):
            try:
                holidays.add(date.fromisoformat(text))
            except ValueError:
                item.fault(f"“{text}” in “holidays” is not a date like 2026-12-25", item.at("holidays"))
        zone = item.text("time_zone", own.zone)
        check_zone(item, "time_zone", zone)
        check_days(item, days)
        sites[item.text("name").casefold()] = Calendar(zone, days, frozenset(holidays), *time_range(item, "working_hours", hours))
        item.close()
    return Calendars(own, sites)


def check_zone(reader: Reader, key: str, zone: str) -> None:
    """Report a time zone that does not exist."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reader.fault(f"“{zone}” is no time zone; use a name like Europe/Berlin", reader.at(key))


def check_days(reader: Reader, days: tuple[str, ...]) -> None:
    """Report what is no day of the week."""
    if wrong := [day for day in days if day not in DAYS]:
        reader.fault(f"“{wrong[0]}” is no day; use {', '.join(DAYS)}", reader.at("working_days"))


def time_range(reader: Reader, key: str, usual: tuple[time, time]) -> tuple[time, time]:
    """Two times like 09:00-17:00."""
    text = reader.text(key, "")
    if not text:
        return usual
    try:
        opens, _, closes = text.partition("-")
        found = time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        found = (usual[1], usual[0])
    if found[0] >= found[1]:
        reader.fault(f"“{key}” must look like 09:00-17:00, not “{text}”", reader.at(key))
        return usual
    return found
