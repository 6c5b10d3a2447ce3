"""The command line: `mayi …` or `python -m bot …`."""

import gc
import sys

# Importing makes hundreds of thousands of objects that stay; looking through them again and again takes a tenth of the start.
gc.set_threshold(50_000, 20, 100)

import typer  # noqa: E402

from bot.cli import app  # noqa: E402


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
