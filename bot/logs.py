"""Structured logs: one line a fact, an `action` for machines, references instead of contents.

A library's words are never written: they may quote what people wrote (bolt logs bodies, the SDKs log requests). That it
reported something, and of what error, is.
"""

import json
import logging
from datetime import UTC, datetime

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
    "alembic",
)
OURS = ("bot", "adapters", "store", "__main__")
# What a line may carry beside its event: ids and kinds. Anything else that a caller adds is left out.
ALLOWED = ("action", "platform", "endpoint", "error", "problem", "key", "count", "version")


def set_up_logs(level: str, *, as_json: bool) -> None:
    """Send every log line of this process to standard error in one form."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(as_json=as_json))
    # bolt sets its own loggers' levels, so its warnings are held back here.
    handler.addFilter(lambda record: not record.name.startswith("slack_bolt") or record.levelno >= logging.ERROR)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR if name == "apscheduler" else logging.WARNING)


class LineFormatter(logging.Formatter):
    """One line a record, whatever is in it: nobody can forge a second one."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON, or of words."""
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": one_line(record.getMessage()) if record.name.startswith(OURS) else "a library reported a problem",
        }
        line |= {key: one_line(str(record.__dict__[key])) for key in ALLOWED if key in record.__dict__}
        line |= where_it_broke(record)
        if self._as_json:
            return json.dumps(line, ensure_ascii=False)
        rest = " ".join(f"{key}={value}" for key, value in line.items() if key not in ("timestamp", "level", "event"))
        return f"{line['timestamp']} {record.levelname:<7} {line['event']}  {rest}"


def where_it_broke(record: logging.LogRecord) -> dict[str, object]:
    """An exception as its type and the place it came from; its message may quote what people wrote."""
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    trace = record.exc_info[2]
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace is not None else ""
    return {"error": type(record.exc_info[1]).__name__, "where": place}


def one_line(text: str) -> str:
    """The text without line breaks."""
    return text.replace("\r", " ").replace("\n", " ")
