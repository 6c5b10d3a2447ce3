"""Conversations, the same on both platforms: nobody here asks which one it is."""

import json

import pytest

from adapters.playground.people import ASK_CHANNEL
from bot.engine.ports import Reason
from tests.harness import ANN, BEN, GUS, Harness

NO_CUSTOMER = "can I put customer emails into chatgpt?"


async def test_a_question_is_answered_with_verdict_section_version_and_next_step(chat: Harness) -> None:
    """R41, R28: the answer names tool, tier, data class, section, version and what to do next."""
    await chat.says(ANN, NO_CUSTOMER)

    (seen,) = chat.sees(ANN)
    assert seen.summary.startswith("No")
    for part in ("ChatGPT Free", "Approved General", "Customer data", "§5", "version 1.0", "Next step", "Not that, but this", "ChatGPT Enterprise"):
        assert part in seen.summary
        assert part in seen.text
    assert seen.buttons == ("Share", "Ask a person", "Wrong answer", "Request an exception")


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("can I put our blog posts into ChatGPT?", "Yes"),
        ("can I put the roadmap into Claude Enterprise?", "Only if"),
        ("can I put passwords into ChatGPT Enterprise?", "No"),
        ("Darf ich die Kundenliste in ChatGPT hochladen?", "Nein"),
        ("Je peux mettre un communiqué de presse publié dans DeepL ?", "Oui"),
        ("¿Puedo usar Claude Enterprise con el roadmap?", "Solo si"),
        ("Posso colocar a lista de clientes no ChatGPT?", "Não"),
        ("公開済みのプレスリリースをDeepLで翻訳してもいいですか？", "はい"),
    ],
)
async def test_the_first_word_is_the_verdict(chat: Harness, question: str, first: str) -> None:
    """CONTRACT: the fallback text that a screen reader reads begins with the verdict's word, in the language of the question."""
    await chat.says(ANN, question)

    assert chat.sees(ANN)[-1].summary.startswith(first)


async def test_a_question_back_is_settled_by_a_button_and_the_card_becomes_the_answer(chat: Harness) -> None:
    """R41: one tap settles it; the old card shows the answer and loses its options."""
    await chat.says(ANN, "can I use ChatGPT?")
    (asked,) = chat.sees(ANN)
    assert asked.summary.endswith("?")
    assert asked.buttons[:5] == ("Public", "Internal", "Confidential", "Restricted", "Customer data")

    await chat.presses(ANN, "Customer data")

    (settled,) = chat.sees(ANN)
    assert settled.summary.startswith("No")
    assert "Customer data" not in settled.buttons


async def test_a_question_back_is_settled_by_typing(chat: Harness) -> None:
    """A typed answer completes the question before it."""
    await chat.says(ANN, "can I use ChatGPT?")

    await chat.says(ANN, "customer data")

    assert chat.sees(ANN)[-1].summary.startswith("No: ChatGPT Free")


async def test_a_follow_up_refers_to_the_question_before(chat: Harness) -> None:
    """ "and with Claude Enterprise?" keeps the data that was asked about."""
    await chat.says(ANN, "can I put the roadmap into ChatGPT?")

    await chat.says(ANN, "and with Claude Enterprise?")

    assert chat.sees(ANN)[-1].summary.startswith(
        "Only if written approval (from policy owner): Claude Enterprise (Approved Enterprise) with Confidential"
    )


async def test_follow_ups_of_two_people_do_not_mix(chat: Harness) -> None:
    """What Ann asked says nothing about what Ben means."""
    await chat.says(ANN, "can I put our blog posts into ChatGPT?")

    await chat.says(BEN, "and with Claude Enterprise?")

    assert chat.sees(BEN)[-1].summary.endswith("?")


async def test_an_ambiguous_name_asks_which_one_and_then_for_the_data(chat: Harness) -> None:
    """ "copilot" stands in several entries and is nobody's alias."""
    await chat.says(ANN, "can I use copilot for meeting notes?")
    assert chat.sees(ANN)[-1].summary == "Which copilot do you mean?"

    await chat.presses(ANN, "Submit", {"option": "GitHub Copilot Business"})

    assert chat.sees(ANN)[-1].summary.startswith("Yes: GitHub Copilot Business")


async def test_a_mention_is_answered_in_its_thread_without_a_share_button(chat: Harness) -> None:
    """What everybody sees already need not be shared."""
    await chat.says_in_channel(ANN, NO_CUSTOMER)

    (seen,) = chat.sees_in_channel()
    assert seen.summary.startswith("No")
    assert seen.buttons == ("Ask a person", "Wrong answer", "Request an exception")
    assert chat.sees(ANN) == []


async def test_a_repeated_delivery_has_no_second_effect(chat: Harness) -> None:
    """S9: the same bytes again are answered like the first time and change nothing. Mutation: claim the key after the rows."""
    await chat.says(ANN, NO_CUSTOMER)

    assert await chat.redelivers() == 200

    assert len(chat.sees(ANN)) == 1


async def test_a_repeated_press_has_no_second_effect(chat: Harness) -> None:
    """S9, S13: a press that comes twice settles once."""
    await chat.says(ANN, "can I use ChatGPT?")
    await chat.presses(ANN, "Customer data")
    before = chat.sees(ANN)

    assert await chat.redelivers() == 200

    assert chat.sees(ANN) == before


async def test_a_guest_gets_a_polite_word_and_nothing_else(chat: Harness) -> None:
    """S58 as far as questions go: no register, no answers."""
    await chat.says(GUS, "is ChatGPT approved?")

    (seen,) = chat.sees(GUS)
    assert seen.summary.startswith("Hello!")
    assert "ChatGPT" not in seen.summary
    assert seen.buttons == ()


async def test_a_pasted_secret_is_named_by_kind_and_never_shown_again(chat: Harness) -> None:
    """R36, S67: the answer is No, says what was removed, and does not repeat it."""
    await chat.says(ANN, "can chatgpt enterprise fix this? password: hunter2secret!")

    (seen,) = chat.sees(ANN)
    assert seen.summary.startswith("No")
    assert "I removed a secret" in seen.summary
    assert "hunter2" not in seen.summary + seen.text


async def test_what_is_asked_back_is_counted_without_peoples_words(chat: Harness) -> None:
    """Growing: the shape, the words the vocabulary lacks and the unregistered tool; neither names nor secrets."""
    await chat.says(ANN, "can I put the florbs of Gerda Meier into ChatGPT? my password is hunter2secret!")
    await chat.says(ANN, "can I put our florbs into ChatGPT?")
    await chat.says(ANN, "blog posts into Snorkelwriter?")

    counted = await chat.bot.store.unanswered()
    told = " ".join(f"{row.shape} {row.lacking}" for row in counted).lower()
    assert {row.reason for row in counted} == {Reason.ASKED_BACK, Reason.TOOL}
    assert "florbs" in told
    assert "snorkelwriter" in told
    assert "hunter2" not in told
    assert "gerda" not in told


async def test_ask_a_person_names_the_people_and_the_receipt(chat: Harness) -> None:
    """R101: every answer leads to somebody who can help."""
    await chat.says(ANN, NO_CUSTOMER)
    await chat.presses(ANN, "Ask a person")

    answer, person = chat.sees(ANN)
    receipt = answer.summary.split("Receipt ")[1].split()[0]
    assert "AI governance desk" in person.summary
    assert receipt in person.summary


@pytest.mark.parametrize(
    ("button", "title", "done"), [("Ask a person", "asks for help", "passed your question on"), ("Wrong answer", "is wrong", "looks wrong")]
)
async def test_an_answer_is_handed_over_to_the_contact_with_its_receipt(chat: Harness, button: str, title: str, done: str) -> None:
    """The where-to-ask contact gets the question, the verdict and the receipt; pressed twice, they still have one message."""
    await chat.says(ANN, f"{NO_CUSTOMER} password: hunter2x")
    await chat.presses(ANN, button)
    await chat.presses(ANN, button)

    receipt = chat.sees(ANN)[0].summary.split("Receipt ")[1].split()[0]
    (handed,) = [message for message in chat.stand_ins.slack.messages if message.channel == ASK_CHANNEL]
    assert title in handed.text
    for part in ("Ann Lee", receipt, "can I put customer emails into chatgpt", "No"):
        assert part in handed.text
    assert "hunter2x" not in json.dumps(handed.blocks) + handed.text
    assert done in chat.sees(ANN)[-1].summary
    assert chat.refused() == []


async def test_share_shows_the_answer_with_the_name_and_without_buttons(chat: Harness) -> None:
    """The shared copy says who shares it and cannot be pressed."""
    await chat.says(ANN, NO_CUSTOMER)
    await chat.presses(ANN, "Share")

    shared = chat.sees(ANN)[-1]
    assert "Ann Lee shares an answer from May I" in shared.text
    assert shared.buttons == ()


async def test_why_replays_a_receipt_for_the_one_who_asked_only(chat: Harness) -> None:
    """The receipt computes the same verdict again and names what lost; others learn nothing of it (S56)."""
    await chat.says(ANN, NO_CUSTOMER)
    receipt = chat.sees(ANN)[0].summary.split("Receipt ")[1].split()[0]

    await chat.says(ANN, f"why {receipt}")
    await chat.says(BEN, f"why {receipt}")

    mine, theirs = chat.sees(ANN)[-1].summary, chat.sees(BEN)[-1].summary
    assert "the same verdict" in mine
    assert "version 1.0" in mine
    assert "Today the answer would be: No" in mine
    assert "I have no receipt" in theirs


async def test_choose_offers_menus_and_answers_what_was_picked(chat: Harness) -> None:
    """`choose` needs no words at all."""
    await chat.says(ANN, "choose")
    assert chat.sees(ANN)[-1].menus == ("AI tool", "Kind of data")

    await chat.presses(ANN, "Submit", {"tool": "Claude Enterprise", "data": "Confidential"})

    assert chat.sees(ANN)[-1].summary.startswith("Only if written approval")


@pytest.mark.parametrize("word", ["help", "hi", "register", "register canva", "policy", "policy incidents"])
async def test_every_word_that_help_names_works(chat: Harness, word: str) -> None:
    """Help texts offer only what works."""
    await chat.says(ANN, word)

    assert len(chat.sees(ANN)) == 1


async def test_a_question_as_of_a_day_is_answered_from_that_day(chat: Harness) -> None:
    """Before the first policy on record there is no answer, and that is said."""
    await chat.says(ANN, "can I put customer emails into chatgpt as of 2020-01-01")
    assert "no policy on record for 2020-01-01" in chat.sees(ANN)[-1].summary

    await chat.says(ANN, "can I put customer emails into chatgpt as of 2030-01-01")
    assert chat.sees(ANN)[-1].summary.startswith("No")


LANGUAGES = [
    ("de", "Darf ich Kundendaten in ChatGPT eingeben?", "Nein", "Kundendaten", "Nächster Schritt"),
    ("de", "Darf ich das Sitzungsprotokoll in Claude Enterprise kopieren?", "Ja", "Claude Enterprise", "Nächster Schritt"),
    ("fr", "Puis-je mettre le code source dans Claude Enterprise ?", "Seulement si", "Claude Enterprise", "Et maintenant"),
    ("es", "¿Puedo pegar las nóminas en ChatGPT?", "No", "ChatGPT Free", "paso"),
    ("pt", "Posso colocar dados de clientes no ChatGPT?", "Não", "ChatGPT Free", "passo"),
    ("ja", "顧客データをChatGPTに入れてもいいですか？", "いいえ", "顧客データ", "次のステップ"),
    ("ja", "公開済みのプレスリリースをChatGPTに入れてもいいですか？", "はい", "ChatGPT Free", "次のステップ"),
]


@pytest.mark.parametrize(("code", "question", "first", "named", "step"), LANGUAGES, ids=[question for _, question, *_ in LANGUAGES])
async def test_a_question_is_answered_in_its_own_language(chat: Harness, code: str, question: str, first: str, named: str, step: str) -> None:
    """CONTRACT: the first word is from the fixed table; nothing of the answer is left in English."""
    await chat.says(ANN, question)

    (seen,) = chat.sees(ANN)
    assert seen.summary.startswith(first)
    assert named in seen.summary
    assert step in seen.summary
    for english in ("Next step", "Policy §", "Customer data", "Approved General", "Sample register", "Receipt"):
        assert english not in seen.summary + seen.text
    assert "Share" not in seen.buttons


async def test_a_question_back_and_its_answer_stay_in_the_language(chat: Harness) -> None:
    """The options are translated, a typed answer in that language settles it, and so does a button."""
    await chat.says(ANN, "Darf ich ChatGPT benutzen?")
    asked = chat.sees(ANN)[-1]
    assert asked.summary.endswith("?")
    assert "Kundendaten" in asked.buttons

    await chat.says(ANN, "Kundendaten")
    assert chat.sees(ANN)[-1].summary.startswith("Nein: ChatGPT Free")

    await chat.says(ANN, "und mit Claude Enterprise?")
    assert chat.sees(ANN)[-1].summary.startswith("Nur wenn")
