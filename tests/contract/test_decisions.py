"""Deciding, on both platforms: conditions, a No with its reason, questions, delegation, corrections, emergencies."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.test_requests import ANSWERS, files, meets
from tests.harness import ANN, BEN, CYD, DANA, ELI, FAY, HAL, Harness, Seen

SOON = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
APPROVAL = {"Which tool?": "Claude Enterprise", "Which data?": "Confidential", "What for?": "Planning", "Who shall be covered?": "Only me"}
DECIDING = {"Approve", "Approve with conditions", "Deny", "Ask for more", "Delegate"}


async def request_id(chat: Harness) -> str:
    """The id of Ann's newest request."""
    await chat.says(ANN, "status")
    return next(word for word in chat.sees(ANN)[-1].text.split() if word.startswith("REQ-"))


def about(chat: Harness, person: object, words: str) -> Seen:
    """The newest card that this person sees with these words."""
    return next(seen for seen in reversed(chat.sees(person)) if words in seen.summary or words in seen.text)  # type: ignore[arg-type]


async def test_a_no_needs_a_reason_and_the_asker_reads_it(chat: Harness) -> None:
    """R89: the denial and its rationale are kept and told; every copy loses its buttons."""
    await meets(chat)
    await files(chat)
    await chat.presses(CYD, "Deny")
    await chat.fills(CYD, {"Why?": ""})
    dialog = chat.dialog(CYD)
    assert dialog is not None
    assert any("I need an answer here" in problem for problem in dialog.problems)

    await chat.fills(CYD, {"Why?": "The vendor trains on inputs; use Claude Enterprise"})

    assert about(chat, ANN, "not approved").summary.startswith("Your request for Flurbinator is not approved: The vendor trains")
    assert not DECIDING & set(chat.sees(CYD)[-1].buttons)
    await chat.says(ANN, "can I put wiki pages into Flurbinator?")
    assert chat.sees(ANN)[-1].summary.startswith("No")


async def test_conditions_become_part_of_every_later_answer(chat: Harness) -> None:
    """R78, R137: what was approved on conditions is never a plain Yes."""
    await meets(chat)
    await files(chat, data="Public")
    await chat.presses(CYD, "Approve with conditions")
    await chat.fills(CYD, {"On which conditions?": "history is switched off"})

    await chat.says(BEN, "can I put blog posts into Flurbinator?")

    assert chat.sees(BEN)[-1].summary.startswith("Only if history is switched off: Flurbinator (Approved General)")


async def test_no_tier_above_what_the_facts_allow(chat: Harness) -> None:
    """R30, R31, R140: Approved Enterprise takes its facts; without them the dialog says so and nothing is lost."""
    await meets(chat)
    await files(chat)
    await chat.presses(CYD, "Approve with conditions")
    await chat.fills(CYD, {"On which conditions?": "none", "Which tier at most?": "Approved Enterprise"})

    dialog = chat.dialog(CYD)
    assert dialog is not None
    assert any("The confirmed facts allow Approved General at most" in problem for problem in dialog.problems)
    await chat.fills(CYD, {"Which tier at most?": "Approved General", "On which conditions?": "none"})
    assert "Approved General" in about(chat, CYD, "Decided by").text


async def test_a_question_stops_the_clock_and_its_answer_starts_it_again(chat: Harness) -> None:
    """R75: paused while the asker is asked; while it is, nobody decides."""
    await meets(chat)
    await files(chat)
    await chat.presses(CYD, "Ask for more")
    await chat.fills(CYD, {"What do you need to know?": "Which team?"})
    assert about(chat, ANN, "Which team?").buttons[0] == "Answer"
    assert not DECIDING & set(chat.sees(CYD)[-1].buttons)

    await chat.presses(ANN, "Answer")
    await chat.fills(ANN, {"Your answer": "Support, five people"})

    card = about(chat, CYD, "has answered")
    assert "Support, five people" in card.text
    assert "Approve" in card.buttons


async def test_an_edit_in_between_refreshes_instead_of_deciding(chat: Harness) -> None:
    """S14: what was shown is what is signed. The press on the old revision approves nothing. Mutation: drop the comparison of `seen`."""
    await meets(chat)
    await files(chat)
    id = await request_id(chat)
    stale = chat.pressable(CYD, "Approve")
    await chat.presses(ANN, "Edit")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, ANSWERS | {"What do you want to use it for?": "Reading customer contracts"})

    await chat.presses_again(CYD, stale)

    assert "The request has changed since this card was shown" in chat.sees(CYD)[-1].text
    assert "Approve" in about(chat, CYD, "Reading customer contracts").buttons
    stored = await chat.bot.store.case(id)
    assert stored is not None
    assert stored.phase == "open"


async def test_nobody_decides_their_own_request(chat: Harness) -> None:
    """S59: not even with the role, and not in the name of somebody else they filed it for. Mutation: drop `barred`."""
    await meets(chat)
    for person in (HAL, DANA):
        await chat.says(person, "help")
    await chat.says(CYD, "request")
    await chat.presses(CYD, "Open form")
    await chat.fills(CYD, ANSWERS)

    assert not DECIDING & {label for seen in chat.sees(CYD) for label in seen.buttons}
    # Nobody else holds the role: the manager of its holder is asked, and told why.
    assert "You are asked as the manager of Cyd Marsh" in chat.sees(HAL)[-1].text
    await chat.presses_again(CYD, chat.pressable(HAL, "Approve"))  # somebody else's button, forwarded
    assert any("your own request" in seen.text for person in (CYD, HAL) for seen in chat.sees(person))


async def test_who_types_approve_sees_what_there_is_to_sign_first(chat: Harness) -> None:
    """S14: a typed word decides nothing; it shows the request as it stands, with the buttons. Mutation: let `approve` be an order."""
    await meets(chat)
    await files(chat)
    id = await request_id(chat)

    await chat.says(CYD, f"approve {id}")
    assert set(chat.sees(CYD)[-1].buttons) >= DECIDING
    stored = await chat.bot.store.case(id)
    assert stored is not None
    assert stored.phase == "open"

    await chat.presses(CYD, "Approve")
    assert "Approved" in chat.sees(CYD)[-1].text


async def test_a_decision_can_be_handed_on_once(chat: Harness) -> None:
    """S60: the delegate decides, cannot hand it on, and never is the asker. Mutation: let a delegate delegate."""
    await meets(chat)
    await chat.says(BEN, "help")
    await files(chat)
    await chat.presses(CYD, "Delegate")
    await chat.fills(CYD, {"Who decides instead of you?": "ann@example.com"})
    dialog = chat.dialog(CYD)
    assert dialog is not None
    assert any("cannot decide it either" in problem for problem in dialog.problems)
    await chat.fills(CYD, {"Who decides instead of you?": "ben@example.com"})
    assert "Cyd Marsh handed this decision to you" in chat.sees(BEN)[-1].text

    await chat.presses(BEN, "Delegate")
    await chat.fills(BEN, {"Who decides instead of you?": "dana@example.com"})
    dialog = chat.dialog(BEN)
    assert dialog is not None
    assert any("you cannot hand it on" in problem for problem in dialog.problems)
    await chat.presses(BEN, "Approve")
    assert "Ben Okafor" in about(chat, ANN, "Decided by").text


async def test_a_second_request_for_the_same_tool_joins_the_first(chat: Harness) -> None:
    """R69: one decision for everybody who wants it, and everybody hears of it."""
    await meets(chat)
    await files(chat)
    await chat.says(BEN, "request")
    await chat.presses(BEN, "Open form")
    await chat.fills(BEN, ANSWERS | {"Which tool?": "flurbinator"})
    assert "asked for Flurbinator already" in about(chat, BEN, "already").text

    await chat.presses(CYD, "Approve")

    assert any("approved" in seen.summary for seen in chat.sees(BEN))


async def test_a_wrong_decision_is_corrected_by_a_new_one(chat: Harness) -> None:
    """R81: the first stays on record, its consequence is taken back, and it is decided again."""
    await meets(chat)
    await files(chat)
    id = await request_id(chat)
    await chat.presses(CYD, "Approve")
    await chat.says(CYD, f"undo {id} wrong edition")

    await chat.says(ANN, "can I put wiki pages into Flurbinator?")
    assert chat.sees(ANN)[-1].summary.startswith("No")
    assert "Approve" in about(chat, CYD, "taken back").buttons
    await chat.presses(CYD, "Deny")
    await chat.fills(CYD, {"Why?": "The free edition was meant"})
    assert about(chat, ANN, "not approved").summary.startswith("Your request for Flurbinator is not approved")


async def test_an_emergency_is_decided_alone_and_reviewed_by_somebody_else(chat: Harness) -> None:
    """R122: forced reason, an end, everybody told, and a review by another person."""
    await meets(chat)
    for person in (HAL, FAY):
        await chat.says(person, "help")
    await files(chat, data="Customer data")
    id = await request_id(chat)
    await chat.says(HAL, f"emergency {id}")
    await chat.says(HAL, "Our ticket system is down")
    await chat.says(HAL, SOON)
    await chat.presses(HAL, "Submit")

    assert "approved in an emergency by Hal Ito" in about(chat, ANN, "emergency").text
    await chat.says(HAL, f"review {id}")
    assert "Somebody else who could have decided" in chat.sees(HAL)[-1].text
    await chat.presses(ELI, "Confirm the emergency")
    assert "Eli Novak has looked at it" in about(chat, ANN, "Review of the emergency").text


async def test_a_data_approval_changes_exactly_the_answer_it_covers(chat: Harness) -> None:
    """R88: this person, this tool, this data, until its end; another person's answer stays what it was."""
    for person in (ELI, HAL, BEN):
        await chat.says(person, "help")
    await chat.says(ANN, "can I put the roadmap into Claude Enterprise?")
    assert chat.sees(ANN)[-1].summary.startswith("Only if written approval")
    await chat.presses(ANN, "Request approval")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, APPROVAL | {"Until when?": SOON})
    await chat.presses(ELI, "Approve")
    await chat.presses(HAL, "Approve")

    await chat.says(ANN, "can I put the roadmap into Claude Enterprise?")
    assert chat.sees(ANN)[-1].summary.startswith("Yes: Claude Enterprise (Approved Enterprise) is permitted with Confidential")
    assert f"holds until {SOON}" in chat.sees(ANN)[-1].text
    await chat.says(BEN, "can I put the roadmap into Claude Enterprise?")
    assert chat.sees(BEN)[-1].summary.startswith("Only if written approval")
    await chat.says(ANN, "can I put the roadmap into ChatGPT Enterprise?")
    assert chat.sees(ANN)[-1].summary.startswith("Only if")
    await chat.says(ANN, "can I put passwords into Claude Enterprise?")
    assert chat.sees(ANN)[-1].summary.startswith("No")
    (use,) = await chat.bot.store.grant_uses()
    assert use.used == 1


async def test_an_exception_keeps_its_safeguards_in_the_answer(chat: Harness) -> None:
    """R88, R89: the compensating controls are the condition of every answer that rests on it."""
    await chat.says(HAL, "help")
    await chat.says(ANN, "can I put customer emails into ChatGPT?")
    await chat.presses(ANN, "Request an exception")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, {"Which tool?": "ChatGPT Free", "Which data?": "Customer data", "Why is it needed, and why is there no other way?": "Pilot",
                           "Which safeguards make up for it?": "names are replaced first", "Who keeps those safeguards?": "dana@example.com",
                           "Who shall be covered?": "Only me", "Until when?": SOON})  # fmt: skip
    await chat.presses(HAL, "Approve")

    await chat.says(ANN, "can I put customer emails into ChatGPT?")

    assert chat.sees(ANN)[-1].summary.startswith("Only if names are replaced first: ChatGPT Free (Approved General) with Customer data")


@pytest.mark.parametrize("until", ["2020-01-01", "2099-01-01", "next week"])
async def test_an_end_that_cannot_be_is_said_at_its_own_input(chat: Harness, until: str) -> None:
    """Bad input gets one clear sentence and loses nothing."""
    await chat.says(ANN, "approval")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, APPROVAL | {"Until when?": until})

    dialog = chat.dialog(ANN)
    assert dialog is not None
    assert any("future" in p or "longest" in p or "date like" in p for p in dialog.problems)


async def test_secrets_in_a_form_are_not_kept(chat: Harness) -> None:
    """S67, R36: a key pasted into a form is nowhere in the database."""
    key = "AKIAIOSFODNN7EXAMPLE"
    await meets(chat)
    await files(chat, **{"What do you want to use it for?": f"Testing with {key}"})

    assert "Testing with" in chat.sees(CYD)[-1].text
    assert key not in chat.sees(CYD)[-1].text
    from sqlalchemy import text

    for table in ("case", "draft", "event_detail", "outbox", "delivery"):
        rows = await chat.bot.store.database.read(lambda c, t=table: c.execute(text(f'SELECT * FROM "{t}"')).all())  # type: ignore[misc]
        assert key not in str(rows)


async def test_withdrawn_is_over_for_everybody(chat: Harness) -> None:
    """S14: a press after the withdrawal approves nothing and says why."""
    await meets(chat)
    await files(chat)
    stale = chat.pressable(CYD, "Approve")
    await chat.presses(ANN, "Withdraw")

    await chat.presses_again(CYD, stale)

    assert "Ann Lee withdrew it" in chat.sees(CYD)[-1].text
    assert not DECIDING & set(about(chat, CYD, "Withdrawn by Ann Lee").buttons)


async def test_a_form_is_left_and_taken_up_again(chat: Harness) -> None:
    """Drafts survive: `resume` goes on where it stopped; a question in between is answered as one."""
    await chat.says(ANN, "request Flurbinator")
    await chat.presses(ANN, "Answer here")
    await chat.says(ANN, "Drafting answers")
    await chat.says(ANN, "can I put blog posts into ChatGPT?")
    assert chat.sees(ANN)[-1].summary.startswith("Yes")
    await chat.says(ANN, "status")

    await chat.says(ANN, "resume")
    assert "Drafting answers" in chat.sees(ANN)[-1].text
    await chat.presses(ANN, "Answer here")
    assert "Which data will it see?" in chat.sees(ANN)[-1].text
    await chat.says(ANN, "cancel")
    assert "Cancelled" in chat.sees(ANN)[-1].text


async def test_filing_changes_no_tier_and_starting_an_evaluation_does(chat: Harness) -> None:
    """R32, R79: under evaluation public data only, on its conditions; a No ends the evaluation as well."""
    await meets(chat)
    await files(chat)
    question = "can I put our blog posts into Flurbinator?"
    await chat.says(ANN, question)
    assert chat.sees(ANN)[-1].summary.startswith("No")

    await chat.presses(CYD, "Start evaluation")

    await chat.says(ANN, question)
    assert chat.sees(ANN)[-1].summary.startswith("Only if your manager's approval and a written authorization")
    assert "is under evaluation" in about(chat, ANN, "under evaluation").text
    await chat.presses(CYD, "Deny")
    await chat.fills(CYD, {"Why?": "It failed"})
    await chat.says(ANN, question)
    assert chat.sees(ANN)[-1].summary.startswith("No")


async def test_who_joined_a_request_does_not_decide_it(chat: Harness) -> None:
    """S59: asking for the same as one more is asking, too; somebody else decides. Mutation: bar the first asker alone."""
    await meets(chat)
    await chat.says(HAL, "help")
    await files(chat)
    stale = chat.pressable(CYD, "Approve")
    await chat.says(CYD, "request")
    await chat.presses(CYD, "Open form")
    await chat.fills(CYD, ANSWERS)

    await chat.presses_again(CYD, stale)

    assert any("your own request" in seen.text for person in (CYD, HAL) for seen in chat.sees(person))
    stored = await chat.bot.store.case(await request_id(chat))
    assert stored is not None
    assert stored.phase == "open"


async def test_taking_a_decision_back_never_revives_what_was_decided_since(chat: Harness) -> None:
    """R65: a tool that was retired after the first decision stays retired when that one is corrected. Mutation: drop `takes_back`."""
    await meets(chat)
    await chat.says(HAL, "help")
    await files(chat)
    id = await request_id(chat)
    await chat.presses(CYD, "Approve")
    await chat.says(ANN, "retire")
    await chat.presses(ANN, "Open form")
    await chat.fills(ANN, {"Which tool?": "Flurbinator", "Why?": "Breach", "Who removes everybody's access?": "security@example.com"})
    await chat.presses(HAL, "Approve")

    await chat.says(CYD, f"undo {id} wrong edition")

    tool = next(tool for tool in await chat.bot.store.tools_at(None) if tool.name == "Flurbinator")
    assert tool.status == "retired"
    await chat.says(ANN, "can I put our blog posts into Flurbinator?")
    assert chat.sees(ANN)[-1].summary.startswith("No")
