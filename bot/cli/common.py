"""What every command shares: one sentence for what went wrong, tables for people, JSON for programs."""

import asyncio
import json
import sys
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import typer

T = TypeVar("T")
FINDING, MISUSE = 1, 2


def complain(sentence: str, code: int = FINDING) -> NoReturn:
    """Say what is wrong on standard error and end."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run this to its end, with whatever it may meet turned into a sentence."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  only commands that use the database pay for it

    from adapters.web import PlatformUnavailable  # noqa: PLC0415
    from bot.config import BadSettings  # noqa: PLC0415
    from bot.engine.ports import NotSaved  # noqa: PLC0415
    from bot.policy.document import ContentFaults  # noqa: PLC0415
    from bot.wiring import NotReady  # noqa: PLC0415
    from store.engine import BadDatabaseUrl  # noqa: PLC0415
    from store.queries import ChangedContent  # noqa: PLC0415

    try:
        return asyncio.run(work)
    except ContentFaults as faults:
        for fault in faults.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(FINDING) from None
    except (BadSettings, BadDatabaseUrl) as error:
        complain(f"{error}.", MISUSE)
    except (NotReady, PlatformUnavailable) as error:
        complain(f"{error}.")
    except ChangedContent as error:
        complain(f"The policy content has changed but is still version {error}; give policy.md a new version.")
    except SQLAlchemyError as error:
        complain(f"The database cannot be used ({type(error).__name__}); check DATABASE_URL and that the server runs.")
    except (ConnectionError, NotSaved, TimeoutError) as error:
        complain(f"The database cannot be reached, or is busy ({type(error).__name__}); nothing was changed. Check DATABASE_URL, and try again.")
    except OSError as error:
        complain(f"{error.strerror or error}; choose another file, port or address.")
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def listing(rows: Sequence[Mapping[str, object]], *, as_json: bool, empty: str) -> None:
    """Print rows as a table, or as a JSON array."""
    if as_json:
        typer.echo(json.dumps(list(rows), ensure_ascii=False, indent=1, default=str))
        return
    if not rows:
        typer.echo(empty)
        return
    from rich.console import Console  # noqa: PLC0415  drawing a table is the only use of it
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*rows[0].keys(), box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    Console(soft_wrap=False, width=None if sys.stdout.isatty() else 200).print(table)
