"""The orders that make and end grants; a request gives them when it is decided, ends or is suspended."""

from dataclasses import dataclass

from bot.policy.grants import Grant


@dataclass(frozen=True, slots=True)
class GiveGrant:
    """Let this grant hold from now on."""

    grant: Grant


@dataclass(frozen=True, slots=True)
class EndGrant:
    """Let the grant of this record hold no longer."""

    id: str
