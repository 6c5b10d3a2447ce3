"""policy_content/ → a frozen, validated Policy, the tools known on day one, and the languages.

`load_content` reads every file, collects every fault, and returns either the whole content or raises
ContentFaults with all of them.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from bot.policy.document import ContentFaults, Fault, Reader, read_document, read_text
from bot.policy.language import Language, load_languages
from bot.policy.load_process import load_process
from bot.policy.matrix import Matrix, load_matrix
from bot.policy.model import Organization, Policy, Section, Tool, Verdict, WhereToAsk
from bot.policy.process import Process
from bot.policy.register import load_tools

PACKAGED = Path(__file__).resolve().parents[2] / "policy_content"
ANYONE = "manager"  # the one role that is built in: the asker's own manager

# Plain words and at most six hashes on one line: linear in the length of the line.
HEADING = re.compile(r"^## (§\d{1,3}) (.{1,200})$")


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a content folder says. `digest` changes whenever any of the policy's own files does."""

    policy: Policy
    tools: tuple[Tool, ...]
    languages: tuple[Language, ...]
    process: Process
    digest: str
    #: The files the policy is made of, as they were read: a receipt can be replayed from them.
    files: Mapping[str, str]


POLICY_FILES = ("policy.md", "matrix.yaml", "roles.yaml", "organization.yaml")


def load_content(folder: Path) -> Content:
    """The content of this folder.

    Errors   ContentFaults, with every fault of every file.
    """
    faults: list[Fault] = []
    files = {name: (folder / name).read_text("utf-8", "replace") for name in POLICY_FILES if (folder / name).is_file()}
    policy = build_policy(folder, faults)
    seeds = read_document(folder, "register.yaml", faults, "the register")
    tools = load_tools(seeds, policy.tiers if policy else ()) if seeds else ()
    languages = load_languages(folder if (folder / "languages").is_dir() else PACKAGED, PACKAGED, faults)
    process = load_process(folder, PACKAGED, policy, faults) if policy else None
    if policy is not None:
        check_likeness(policy, languages, files.get("matrix.yaml", ""), faults)
    if policy is None or process is None or faults:
        raise ContentFaults(sorted(set(faults)))
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(files.items())).encode()).hexdigest()
    return Content(policy, tools, languages, process, digest, files)


def check_likeness(policy: Policy, languages: tuple[Language, ...], matrix: str, faults: list[Fault]) -> None:
    """Report each `like` that names no id of the language files, or one that already means something else here."""
    known = {id for language in languages for id in language.says}
    entries = (*policy.data.values(), *policy.purposes.values())
    taken = {entry.id: entry.id for entry in entries}
    for entry in entries:
        for id in entry.like:
            line = line_of(matrix, entry.id)
            if id not in known:
                faults.append(
                    Fault("matrix.yaml", line, f"“{entry.id}” is like “{id}”, which no language file has; use one of {', '.join(sorted(known))}")
                )
            elif (owner := taken.setdefault(id, entry.id)) != entry.id:
                faults.append(
                    Fault("matrix.yaml", line, f"the words of “{id}” already mean “{owner}” here; take “{id}” out of `like` of “{entry.id}”")
                )


def line_of(matrix: str, id: str) -> int:
    """The number of the line where an id is given in matrix.yaml; 1 where it is not found."""
    wanted = re.compile(rf"\bid:\s*[\"']?{re.escape(id)}[\"']?\s*(?:[,}}#]|$)")
    return next((number for number, text in enumerate(matrix.splitlines(), 1) if wanted.search(text)), 1)


def own_phrases(policy: Policy) -> frozenset[tuple[str, str]]:
    """What a matrix itself calls its kinds of data, with their ids."""
    return frozenset((entry.id, phrase.casefold()) for entry in policy.data.values() for phrase in (*entry.says, *entry.examples))


@cache
def shipped_phrases() -> frozenset[tuple[str, str]]:
    """What the shipped matrix calls its kinds of data."""
    policy = build_policy(PACKAGED, [])
    return own_phrases(policy) if policy else frozenset()


def policy_from_files(files: Mapping[str, str], folder: Path) -> Policy:
    """The policy of an earlier version, from its stored files; `folder` is a scratch place for nothing but reading."""
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    faults: list[Fault] = []
    policy = build_policy(folder, faults)
    if policy is None or faults:
        raise ContentFaults(faults)
    return policy


def build_policy(folder: Path, faults: list[Fault]) -> Policy | None:
    """The policy in this folder; None, with faults noted, where a whole file is missing."""
    roles = load_roles(folder, faults)
    organization = load_organization(folder, faults)
    head, sections = load_text(folder, faults)
    reader = read_document(folder, "matrix.yaml", faults, "the matrix")
    if reader is None or head is None:
        return None
    matrix = load_matrix(reader, frozenset({*roles, ANYONE}))
    check_citations(matrix, sections, reader)
    policy = Policy(
        version=head.text("version"),
        effective=head.day("effective", required=True) or date.min,
        owner=head.text("owner", "policy_owner"),
        sponsor=head.text("sponsor", "executive_sponsor"),
        review_months=head.number("review_months", 12),
        organization=organization,
        sections=sections,
        data_classes=matrix.data_classes,
        prohibited_inputs=matrix.prohibited_inputs,
        uses=matrix.uses,
        tiers=matrix.tiers,
        unregistered=matrix.unregistered,
        anonymised_counts_as=matrix.anonymised_counts_as,
        roles=roles,
        data={**{data.id: data for data in matrix.data_classes}, **{input.id: input for input in matrix.prohibited_inputs}},
        purposes={use.id: use for use in matrix.uses},
    )
    for key in ("owner", "sponsor"):
        if (name := head.text(key, "policy_owner" if key == "owner" else "executive_sponsor")) not in roles and "@" not in name:
            head.fault(f"the {key} “{name}” is no role in roles.yaml; add the role or name another", head.at(key))
    return policy


def load_text(folder: Path, faults: list[Fault]) -> tuple[Reader | None, tuple[Section, ...]]:
    """The front matter and the sections of policy.md."""
    name = "policy.md"
    try:
        lines = (folder / name).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        faults.append(Fault(name, 1, "the file is missing or not UTF-8; add it"))
        return None, ()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        faults.append(Fault(name, 1, "the file must begin with front matter between two lines of ---"))
        return None, ()
    end = next(at for at, line in enumerate(lines[1:], 1) if line.strip() == "---")
    head = read_text("\n".join(["", *lines[1:end]]), name, faults, "the front matter")
    sections: dict[str, Section] = {}
    for at, line in enumerate(lines[end:], end):
        if line.startswith("## "):
            found = HEADING.match(line)
            if found is None:
                faults.append(Fault(name, at + 1, "a section heading must look like “## §4 Title”"))
                continue
            if found[1] in sections:
                faults.append(Fault(name, at + 1, f"{found[1]} stands here twice; number the sections once each"))
            body = "\n".join(lines[at + 1 : next((n for n in range(at + 1, len(lines)) if lines[n].startswith("## ")), None)])
            sections[found[1]] = Section(found[1], found[2].strip(), body.strip())
    if not sections:
        faults.append(Fault(name, 1, "the policy has no sections; add headings like “## §1 Purpose”"))
    return head, tuple(sections.values())


def load_roles(folder: Path, faults: list[Fault]) -> dict[str, tuple[str, ...]]:
    """role → e-mail addresses, lower case."""
    reader = read_document(folder, "roles.yaml", faults, "the roles")
    if reader is None:
        return {}
    roles: dict[str, tuple[str, ...]] = {}
    for key in reader.names():
        if key == "raci":
            continue
        emails = tuple(email.lower() for email in reader.texts(key))
        if wrong := [email for email in emails if "@" not in email]:
            reader.fault(f"“{wrong[0]}” is not an e-mail address; write it like name@example.com", reader.at(key))
        if not emails:
            reader.fault(f"nobody holds “{key}”; add an e-mail address or remove the role", reader.at(key))
        roles[key] = emails
    for row in reader.each("raci", "a RACI row"):
        row.text("activity")
        for part in ("responsible", "accountable", "consulted", "informed"):
            for role in row.texts(part):
                if role not in roles and role != ANYONE:
                    row.fault(f"“{role}” is no role in this file; add it or name another", row.at(part))
        row.close()
    return roles


def load_organization(folder: Path, faults: list[Fault]) -> Organization:
    """organization.yaml; sensible defaults where an organization has not written one."""
    if not (folder / "organization.yaml").is_file():
        return Organization(name="our organization", where_to_ask=WhereToAsk("the policy owner"))
    reader = read_document(folder, "organization.yaml", faults, "the organization")
    if reader is None:
        return Organization(name="our organization", where_to_ask=WhereToAsk("the policy owner"))
    ask = reader.inside("where_to_ask", "where_to_ask")
    where = WhereToAsk("the policy owner")
    if ask is not None:
        where = WhereToAsk(ask.text("name"), ask.text("email", ""), ask.text("slack", ""), ask.text("teams", ""))
        ask.close()
    kept = reader.text("questions", "redacted")
    if kept not in ("redacted", "none"):
        reader.fault(f"“questions” must be redacted or none, not “{kept}”", reader.at("questions"))
    counted = reader.text("unanswered", "count")
    if counted not in ("count", "none"):
        reader.fault(f"“unanswered” must be count or none, not “{counted}”", reader.at("unanswered"))
    first = reader.text("enterprise_first", "advise")
    if first not in ("advise", "prohibit"):
        reader.fault(f"“enterprise_first” must be advise or prohibit, not “{first}”", reader.at("enterprise_first"))
    organization = Organization(
        name=reader.text("name"),
        where_to_ask=where,
        time_zone=reader.text("time_zone", "UTC"),
        language=reader.text("language", "en"),
        working_days=reader.texts("working_days") or ("mon", "tue", "wed", "thu", "fri"),
        holidays=days(reader, "holidays"),
        policy_url=reader.text("policy_url", ""),
        keep_questions=kept == "redacted",
        count_unanswered=counted == "count",
        enterprise_first=Verdict.PROHIBITED if first == "prohibit" else Verdict.PERMITTED,
    )
    for key in ("sites", "working_hours"):  # read by load_process
        reader.node(key)
    if retention := reader.inside("retention", "retention"):
        organization = replace(
            organization,
            question_days=retention.number("question_days", 180),
            receipt_days=retention.number("receipt_days", 1095),
            conversation_hours=retention.number("conversation_hours", 24),
        )
        retention.close()
    reader.close()
    return organization


def days(reader: Reader, key: str) -> tuple[date, ...]:
    """A list of ISO dates."""
    found: list[date] = []
    for text in reader.texts(key):
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            reader.fault(f"“{text}” in “{key}” is not a date like 2026-12-25", reader.at(key))
    return tuple(found)


def check_citations(matrix: Matrix, sections: tuple[Section, ...], reader: Reader) -> None:
    """Report the rules that rest on a section which policy.md does not have."""
    known = {section.id for section in sections}
    for use in matrix.uses:
        if known and use.section not in known:
            reader.fault(f"the use “{use.id}” rests on {use.section}, which policy.md does not have", matrix.lines["use", use.id])
    for tier in matrix.tiers:
        for data, cell in tier.cells.items():
            if known and cell.section not in known and (tier.id, data) in matrix.cited:
                reader.fault(f"{tier.id}/{data} rests on {cell.section}, which policy.md does not have", matrix.cited[tier.id, data])
