"""The orders a request takes: plain values that forms, buttons, words and timers give."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.case.base import Actor

Answered = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Submit:
    """File a request. `asker` is whom it is for, who may be somebody else than who files it."""

    by: Actor
    kind: str
    asker: str
    subject: str
    answers: Answered
    verdict: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Ask for the same: be told how the open request ends. `asker` is whom it is for."""

    by: Actor
    asker: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Change the answers of an open request, or file an ended one again."""

    by: Actor
    subject: str
    answers: Answered


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a request back."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Approve:
    """Say yes to what revision `seen` shows."""

    by: Actor
    seen: int
    conditions: str = ""
    tier: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Deny:
    """Say no, with the reason."""

    by: Actor
    seen: int
    reason: str


@dataclass(frozen=True, slots=True)
class AskMore:
    """Ask the asker something; the clock stops."""

    by: Actor
    question: str


@dataclass(frozen=True, slots=True)
class GiveMore:
    """Answer what was asked; the clock goes on."""

    by: Actor
    answer: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Say something to everybody involved."""

    by: Actor
    text: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """Let somebody else decide in one's place, this once."""

    by: Actor
    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmFacts:
    """State what is on file about tool and vendor."""

    by: Actor
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Start the evaluation of a tool: it enters the register in the tier of tools under evaluation."""

    by: Actor


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Grant alone in an emergency, for a short time, with a review afterwards."""

    by: Actor
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class Review:
    """Confirm that an emergency decision was right."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a decision back: the request is open again, the decision stays on record."""

    by: Actor
    reason: str


@dataclass(frozen=True, slots=True)
class Reattest:
    """Confirm that the compensating controls are kept."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Remind:
    """A timer: remind those who have not decided."""

    by: Actor
    number: int


@dataclass(frozen=True, slots=True)
class Warn:
    """A timer: the promised day comes near."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Escalate:
    """A timer: the promised day has passed."""

    by: Actor


@dataclass(frozen=True, slots=True)
class Expire:
    """A timer: nobody decided, or what was granted has ended."""

    by: Actor


@dataclass(frozen=True, slots=True)
class WarnOfEnd:
    """A timer: what was granted ends soon, or controls are to be confirmed again."""

    by: Actor
    what: str  # end | controls


@dataclass(frozen=True, slots=True)
class TellAffected:
    """A timer: tell everybody affected that a tool lost something. `what` names the event, `number` the round."""

    by: Actor
    tool: str
    what: str
    since: datetime
    number: int = 0


Command = (
    Submit | Join | Edit | Withdraw | Approve | Deny | AskMore | GiveMore | Comment | Delegate | ConfirmFacts | Evaluate | BreakGlass | Review
    | Undo | Reattest | Remind | Warn | Escalate | Expire | WarnOfEnd
)  # fmt: skip
