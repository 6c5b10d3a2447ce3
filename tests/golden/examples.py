"""One example of every card the bot can show; golden files and the checks of both platforms use them."""

from collections.abc import Iterator

from bot.answers.answer import answer
from bot.answers.cards import handover_card, person_card, shared_card
from bot.answers.receipts import Record, why_card
from bot.desk.desk import choose_card
from bot.desk.prepared import answer_card
from bot.engine.world import World, build_world
from bot.policy.load import PACKAGED, load_content
from bot.ui.card import Card

RECEIPT = "RCP-7K3M9QXA"
QUESTIONS = {
    "yes": "can I put our blog posts into ChatGPT?",
    "only_if": "can I put the roadmap into Claude Enterprise?",
    "only_if_self_check": "wiki pages in Grammarly?",
    "no": "can I put customer emails into ChatGPT?",
    "no_input": "can I put passwords into Claude Enterprise?",
    "no_use": "may Claude decide whom we hire?",
    "no_unregistered": "can I put a press release into Flurbinator?",
    "several": "can I put blog posts and customer data into Claude and ChatGPT Enterprise?",
    "secret": "can chatgpt enterprise debug AKIAIOSFODNN7EXAMPLE?",
    "anonymised": "may I use anonymised customer emails in ChatGPT?",
    "ask_data": "can I use ChatGPT?",
    "ask_tool": "can I put customer data into an AI tool?",
    "ask_which": "copilot for blog posts?",
    "ask_unknown": "can I put blog posts and flurbs into ChatGPT?",
    "tool_status": "is Gamma approved?",
    "tool_status_no": "is DeepSeek approved?",
    "tool_unregistered": "is Flurbinator approved?",
    "register": "which tools are approved?",
    "data_rule": "where can customer data go?",
    "data_rule_tier": "what may I put into tier 2 tools?",
    "data_rule_no": "where can passwords go?",
    "policy": "do I have to label AI text?",
    "policy_whole": "where is the AI policy?",
    "request": "how do I get Perplexity approved?",
    "use_case": "register our new scoring model",
    "exception": "I need an exception for customer data",
    "incident": "I pasted a client contract into chatgpt, was that ok?",
    "ack": "I want to sign the policy",
    "training": "where is my training?",
    "status": "what happened to my request?",
    "help": "hi",
    "out_of_scope": "how many vacation days do I have?",
}


def world() -> World:
    """The shipped content."""
    content = load_content(PACKAGED)
    return build_world(content.policy, content.tools, content.languages, {}, content.process)


def examples() -> Iterator[tuple[str, Card]]:
    """Name and card of every example."""
    here = world()
    say, policy = here.say(), here.policy
    for name, question in QUESTIONS.items():
        yield name, answer_card(here, answer(policy, here.tools, here.read(question)), RECEIPT)
    given = answer(policy, here.tools, here.read(QUESTIONS["no"]))
    shown = answer_card(here, given, "")
    yield "shared", shared_card(say, "Ann Lee", QUESTIONS["no"], shown)
    yield "person", person_card(say, policy, RECEIPT, "ask_person")
    yield "handover", handover_card(say, "disputed_title", "Ann Lee", RECEIPT, QUESTIONS["no"], "No")
    yield "choose", choose_card(here)
    from bot.answers.receipts import load_record, load_words, record_of, with_text, words_of

    record: Record = load_record(record_of(given))
    words = load_words(with_text(words_of(given.reading), QUESTIONS["no"]))
    yield "why", why_card(say, policy, here.tools, RECEIPT, "2026-11-21 09:00 UTC", record, words, given.verdict)
