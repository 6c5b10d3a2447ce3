"""Structured logs: one line a fact, an `action` for machines, references instead of contents.

Libraries that log what people wrote (bolt logs bodies, the SDKs log requests) are held to warnings.
"""

import logging
import logging.config

import structlog
from structlog.typing import Processor

QUIET = (
    "slack_bolt",
    "slack_sdk",
    "msrest",
    "msal",
    "urllib3",
    "requests",
    "aiohttp",
    "botbuilder",
    "botframework",
    "sqlalchemy",
    "apscheduler",
    "asyncio",
    "aiosqlite",
    "alembic",
)
# What a line may carry beside its event: ids and kinds. Anything else that a caller adds is left out.
ALLOWED = frozenset(
    (
        "event",
        "level",
        "logger",
        "timestamp",
        "action",
        "platform",
        "endpoint",
        "error",
        "problem",
        "key",
        "count",
        "seconds",
        "where",
        "version",
        "port",
        "detail",
    )
)


def set_up_logs(level: str, *, as_json: bool) -> None:
    """Send every log line of this process to standard error in one form."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where_it_broke,
        only_ours,
        only_allowed,
    ]
    last: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, one_line, last]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(lambda record: not record.name.startswith("slack_bolt") or record.levelno >= logging.ERROR)  # it sets its own level
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR if name in ("slack_bolt", "apscheduler") else logging.WARNING)


def where_it_broke(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An exception as its type and the place it came from; its message may quote what people wrote."""
    info = line.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        line["error"] = type(info[1]).__name__
        trace = info[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if trace is not None:
            line["where"] = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
    return line


def only_ours(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A library's line without its words: they may quote what people wrote. That it spoke, and of what error, is kept."""
    if not str(line.get("logger", "")).startswith(("bot", "adapters", "store", "__main__")):
        line["event"] = "a library reported a problem"
        line.setdefault("action", "library_reported")
    return line


def only_allowed(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The line without fields that nobody vouched for."""
    return {key: value for key, value in line.items() if key in ALLOWED or key.startswith("_")}


def one_line(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Every text on one line, so that nobody can forge a second one."""
    return {key: value.replace("\r", " ").replace("\n", " ") if isinstance(value, str) else value for key, value in line.items()}
