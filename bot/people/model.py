"""People as the workflows know them: one person, whatever the platform. The id of a person is their e-mail address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the directory. Who has left keeps their entry, for the record, and no authority."""

    email: str
    name: str = ""
    manager: str = ""
    department: str = ""
    location: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody decides for somebody else, from one day until another, both included."""

    person: str
    stand_in: str
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some people at one moment: directory entries, who stands in, and who can be reached."""

    people: Mapping[str, Person] = field(default_factory=dict)
    stand_ins: Mapping[str, StandIn] = field(default_factory=dict)
    #: Who has an account on a platform that is set up, as a member of our own workspace or tenant.
    reachable: frozenset[str] = frozenset()
    #: How people are called who have no entry: the name their platform knows, by the id of their account.
    names: Mapping[str, str] = field(default_factory=dict)

    def active(self, email: str) -> bool:
        """Whether somebody is in the directory and has not left."""
        person = self.people.get(email)
        return person is not None and not person.left

    def name(self, email: str) -> str:
        """How somebody is called; the address where no name is known."""
        person = self.people.get(email)
        return person.name if person and person.name else self.names.get(email, email)


def same_person(one: str, other: str) -> bool:
    """Whether two addresses are one person's: case and plus-addresses make no difference."""
    return canonical(one) == canonical(other)


def canonical(email: str) -> str:
    """An address without case and plus part."""
    local, at, domain = email.strip().lower().partition("@")
    return f"{local.partition('+')[0]}{at}{domain}" if at else email
