"""The commands, each in the file that bears its name."""

import typer

from bot.cli.ask import ask
from bot.cli.check import check
from bot.cli.manifest import manifest
from bot.cli.operations import db, outbox
from bot.cli.people import people
from bot.cli.register import register
from bot.cli.requests import requests
from bot.cli.serve import playground, serve, work

app = typer.Typer(
    name="mayi",
    help="May I use this AI tool with this data? Answers from your organization's own AI policy, in Slack and Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (ask, serve, work, playground, check, manifest):
    app.command()(command)
for group, name in ((register, "register"), (requests, "requests"), (people, "people"), (outbox, "outbox"), (db, "db")):
    app.add_typer(group, name=name)
