"""From “I want this tool” to a changed register, the same on both platforms and across them."""

import shutil
from dataclasses import replace
from pathlib import Path

import aiohttp

from adapters.playground.people import SAMPLE_PEOPLE
from adapters.playground.stand_ins import StandIns
from bot.policy.load import PACKAGED
from bot.wiring import build, serving
from tests.conftest import Running, settings_for
from tests.harness import ANN, BEN, CYD, ELI, Harness, SlackHarness, TeamsHarness, settled

ANSWERS = {
    "Which tool?": "Flurbinator",
    "What do you want to use it for?": "Drafting answers to support tickets",
    "Which data will it see?": "Internal",
    "Which plan or subscription?": "Professional",
    "Whom can its results affect?": "Only our own work",
    "The rules for AI tools": "I have read and keep them",
}


async def files(chat: Harness, tool: str = "Flurbinator", data: str = "Internal", **more: str) -> None:
    """Ann files a tool request through the dialog."""
    await chat.says(ANN, "request")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, ANSWERS | {"Which tool?": tool, "Which data will it see?": data} | more)


async def meets(*chats: Harness) -> None:
    """The people who decide have used the bot once, so that it can reach them."""
    for chat in chats:
        for person in (CYD, ELI):
            await chat.says(person, "help")


async def test_a_tool_is_requested_in_a_dialog_approved_and_the_answer_changes(chat: Harness) -> None:
    """R70, R77, R78, R10: form, route, decision, register, and the same question answered by the new tier."""
    await meets(chat)
    await chat.says(ANN, "can I put wiki pages into Flurbinator?")
    assert chat.sees(ANN)[-1].summary.startswith("No")
    await files(chat)
    assert chat.dialog(ANN) is None
    card = chat.sees(CYD)[-1]
    assert card.summary.startswith("Please decide: Flurbinator")
    assert "You are asked as security" in card.text
    assert "Approve" in card.buttons

    await chat.presses(CYD, "Approve")

    decided = chat.sees(CYD)[-1]
    assert not set(decided.buttons) & {"Approve", "Deny"}
    assert "Cyd Marsh" in decided.text
    assert any("approved" in seen.summary for seen in chat.sees(ANN))
    await chat.says(ANN, "can I put wiki pages into Flurbinator?")
    assert chat.sees(ANN)[-1].summary.startswith("Only if it is not sensitive: Flurbinator (Approved General)")


async def test_the_form_is_answered_in_chat_one_question_at_a_time(chat: Harness) -> None:
    """R70: buttons for choices, typed answers, Back and Skip; the outcome is that of the dialog."""
    await meets(chat)
    await chat.says(ANN, "request Flurbinator")
    await chat.presses(ANN, "Answer here")
    assert "What do you want to use it for?" in chat.sees(ANN)[-1].text
    await chat.says(ANN, "Drafting answers to support tickets")
    await chat.presses(ANN, "Submit", {"option": "Internal"})
    assert "Which plan" in chat.sees(ANN)[-1].text
    await chat.presses(ANN, "Back")
    assert "Which data will it see?" in chat.sees(ANN)[-1].text
    await chat.says(ANN, "internal")
    await chat.says(ANN, "Professional")
    await chat.says(ANN, "Only our own work")
    await chat.presses(ANN, "Skip")
    await chat.says(ANN, "skip")
    await chat.presses(ANN, "I have read and keep them")
    assert "Flurbinator" in chat.sees(ANN)[-1].text
    await chat.presses(ANN, "Submit")

    assert chat.sees(CYD)[-1].summary.startswith("Please decide: Flurbinator")
    assert chat.sees(ANN)[-1].summary.startswith(("Request an AI tool: Flurbinator", "Your request"))


async def test_asked_on_slack_decided_on_teams_and_slack_every_card_tells_the_same(running: Running) -> None:
    """R72, R73: customer data takes privacy and security; each decides where they are, all copies show both."""
    slack = SlackHarness(running.stand_ins, running.bot, running.session, running.base)
    teams = TeamsHarness(running.stand_ins, running.bot, running.session, running.base)
    await teams.says(ELI, "help")
    await slack.says(CYD, "help")
    await files(slack, data="Customer data")
    assert teams.sees(ELI)[-1].summary.startswith("Please decide: Flurbinator")

    await teams.presses(ELI, "Approve")
    assert "Eli Novak" in slack.sees(CYD)[-1].text
    await slack.presses(CYD, "Due diligence")
    await slack.fills(CYD, {
        "What is confirmed?": "Vendor assessed, terms fit our use;Data processing agreement signed;Enterprise plan confirmed;Security review complete"
    })  # fmt: skip
    await slack.presses(CYD, "Approve")

    assert "Approved Enterprise" in slack.sees(CYD)[-1].text
    for seen in (teams.sees(ELI)[-1], slack.sees(CYD)[-1], slack.sees(ANN)[-1]):
        assert "Cyd Marsh" in seen.text
        assert "Slack" in seen.text
    assert running.stand_ins.slack.refused == []
    assert running.stand_ins.teams.refused == []
    await slack.says(ANN, "can I put customer emails into Flurbinator?")
    assert slack.sees(ANN)[-1].summary.startswith("Only if a data processing agreement")


async def test_a_form_begun_on_one_platform_goes_on_on_the_other(running: Running) -> None:
    """Drafts survive: two questions answered on Slack, the rest on Teams, where the first card of Slack still leads to the same form."""
    slack = SlackHarness(running.stand_ins, running.bot, running.session, running.base)
    teams = TeamsHarness(running.stand_ins, running.bot, running.session, running.base)
    await meets(slack, teams)
    await slack.says(ANN, "request Flurbinator")
    await slack.presses(ANN, "Answer here")
    for typed in ("Drafting answers", "Internal"):
        await slack.says(ANN, typed)

    await teams.says(BEN, "resume")
    assert "Answer here" not in teams.sees(BEN)[-1].buttons
    await teams.says(ANN, "resume")
    await teams.presses(ANN, "Answer here")
    assert "Which plan" in teams.sees(ANN)[-1].text
    for typed in ("Professional", "Only our own work", "skip", "skip", "1"):
        await teams.says(ANN, typed)
    await teams.presses(ANN, "Submit")

    assert any("Flurbinator" in seen.text and "Drafting answers" in seen.text for seen in teams.sees(CYD) + slack.sees(CYD))


async def test_the_home_page_shows_what_waits_and_opens_it(running: Running) -> None:
    """The App Home of Slack and the home card of Teams: what waits for me, what I asked for, one press to open it."""
    slack = SlackHarness(running.stand_ins, running.bot, running.session, running.base)
    teams = TeamsHarness(running.stand_ins, running.bot, running.session, running.base)
    await meets(slack)
    await files(slack)
    event = {"type": "app_home_opened", "user": CYD.slack, "channel": CYD.direct, "tab": "home", "event_ts": "1.1"}
    assert (await slack.client.event(event)).status == 200
    await settled(running.bot)
    home = running.stand_ins.slack.homes[CYD.slack]
    assert "Flurbinator" in str(home["blocks"])
    button = next(e for block in home["blocks"] if block["type"] == "actions" for e in block["elements"] if e["action_id"].startswith("show_case"))
    press = {
        "type": "block_actions",
        "team": {"id": "T0NORTHWND"},
        "user": {"id": CYD.slack, "team_id": "T0NORTHWND"},
        "container": {"type": "view", "view_id": "V1"},
        "trigger_id": running.stand_ins.slack.trigger(CYD.slack),
        "actions": [{"type": "button", "action_id": button["action_id"], "block_id": "b", "value": button["value"]}],
    }
    before = len(slack.sees(CYD))

    assert (await slack.client.interaction(press)).status == 200
    await settled(running.bot)

    assert len(slack.sees(CYD)) == before + 1
    assert "Approve" in slack.sees(CYD)[-1].buttons
    await teams.says(CYD, "home")
    assert "Flurbinator" in teams.sees(CYD)[-1].text
    await slack.presses(CYD, "Approve")
    await slack.says(ANN, "register Flurbinator")
    assert "Rests on" in slack.sees(ANN)[-1].text
    assert "History" in slack.sees(ANN)[-1].text
    assert running.stand_ins.slack.refused == []


async def test_an_organization_of_another_language_reads_no_english(stand_ins: StandIns, tmp_path: Path) -> None:
    """Forms, cards, refusals and reasons are content: a German organization gets them in German, and may answer in German."""
    folder = tmp_path / "content"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("__pycache__"))
    organization = (folder / "organization.yaml").read_text("utf-8")
    (folder / "organization.yaml").write_text(organization.replace("language: en", "language: de"), "utf-8")
    settings = replace(settings_for(stand_ins, f"sqlite:///{tmp_path / 'de.db'}"), content=folder)
    async with aiohttp.ClientSession() as session, build(settings) as bot, serving(bot, "127.0.0.1", 0) as port:
        await bot.know([person.entry for person in SAMPLE_PEOPLE if not person.guest])
        teams = TeamsHarness(stand_ins, bot, session, f"http://127.0.0.1:{port}")
        await meets(teams)
        await teams.says(ANN, "request Flurbinator")
        await teams.presses(ANN, "Hier antworten")
        for typed in ("Antworten entwerfen", "Kundendaten", "Kostenlos", "Nur auf unsere eigene Arbeit", "skip", "skip", "1"):
            await teams.says(ANN, typed)
        await teams.presses(ANN, "Absenden")
        await teams.says(CYD, "inbox")
        decide = next(seen for seen in teams.sees(CYD) if "Bitte entscheide" in seen.summary)
        shown = "\n".join((decide.text, *decide.buttons, *(seen.text for seen in teams.sees(ANN)[1:])))

    english = [word for word in (" the ", "Which ", "Asked", "Approve", "customer", "Customer", " is ", "security", "privacy") if word in shown]
    assert english == []
    assert stand_ins.teams.refused == []


async def test_everyday_questions_are_not_taken_for_words(chat: Harness) -> None:
    """ "change my password" is a question, "change Claude Pro" and "request Flurbinator" are words."""
    for typed, begins in (("change my password", False), ("retire early", False), ("change Claude Pro", True), ("request Flurbinator", True)):
        await chat.says(ANN, typed)
        assert ("Open form" in chat.sees(ANN)[-1].buttons) is begins, typed
