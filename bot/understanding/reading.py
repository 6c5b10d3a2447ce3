"""What was understood of a question: a frozen value, ready to be judged, stored and shown."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.policy.model import Tool


class Intent(StrEnum):
    """What somebody wants of the bot."""

    ASK = "ask"
    TOOL_STATUS = "tool_status"
    DATA_RULE = "data_rule"
    POLICY_LOOKUP = "policy_lookup"
    REQUEST = "request"
    USE_CASE = "use_case"
    EXCEPTION = "exception"
    INCIDENT = "incident"
    ACK = "ack"
    TRAINING = "training"
    STATUS = "status"
    HELP = "help"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class HeardTool:
    """A tool that was named. Several `candidates` mean that the name fits several entries and none was meant for sure."""

    heard: str
    tool: Tool | None
    candidates: tuple[Tool, ...] = ()
    corrected: bool = False
    #: The numbers of its first and last word in the text.
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class HeardData:
    """A kind of data that was named. `judged_as` differs from `id` where it was said to be anonymised or synthetic."""

    id: str
    heard: str
    judged_as: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as understood. `text` and everything heard are redacted."""

    text: str
    language: str
    intent: Intent
    tools: tuple[HeardTool, ...] = ()
    data: tuple[HeardData, ...] = ()
    uses: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    #: Words that stand where data stands and mean nothing we know; a Yes must not rest on the rest alone.
    unknown_data: tuple[str, ...] = ()
    #: Words anywhere in the text that mean nothing to us; a Yes without any condition must not pass over them.
    unheard: tuple[str, ...] = ()
    #: Kinds of secrets that were in the message itself.
    secrets: tuple[str, ...] = ()
    as_of: date | None = None
    #: Whether "as of" was said with something that is no date.
    as_of_unreadable: bool = False
    #: Whether this only makes sense after an earlier question.
    follows: bool = False
    too_long: bool = False
    #: How many words the text has.
    length: int = 0
