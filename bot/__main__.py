"""The command line: `mayi …` or `python -m bot …`."""

import sys

import typer

from bot.cli import app


def main() -> None:
    """Run the command."""
    try:
        app()
    except BrokenPipeError:  # somebody reads no further: `mayi register list | head`
        sys.stderr.close()
        raise SystemExit(0) from None
    except typer.Abort:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
