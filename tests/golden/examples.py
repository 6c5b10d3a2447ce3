"""One example of every card the bot can show; golden files and the checks of both platforms use them."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.answers.answer import answer
from bot.answers.cards import handover_card, person_card, shared_card
from bot.answers.info import entry_card
from bot.answers.receipts import Record, why_card
from bot.case.base import Actor
from bot.desk.desk import choose_card
from bot.desk.form_cards import answered_card, offer_card, question_card, review_card
from bot.desk.lists import openers
from bot.desk.prepared import answer_card
from bot.engine.casework import facts_of, judged_by, seen_of
from bot.engine.notices import notice_card
from bot.engine.records import Draft
from bot.engine.world import World, build_world
from bot.people.model import Known, Person
from bot.policy.load import PACKAGED, load_content
from bot.requests.cards import request_card, requests_card
from bot.requests.commands import TellAffected
from bot.requests.events import ApprovalGiven, Denied, Granted, MoreAsked, Submitted, evolve
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
    yield from request_examples(here)


def request_examples(here: World) -> Iterator[tuple[str, Card]]:
    """The cards of a request in its phases and parts, of forms in chat, and of lists."""
    say, at = here.say(), datetime(2026, 11, 23, 9, tzinfo=UTC)
    people = {"ann@example.com": "Ann Lee", "security@example.com": "Cyd Marsh", "privacy@example.com": "Eli Novak", "ciso@example.com": "Hal Ito"}
    known = Known({email: Person(email, name, "dana@example.com", "Support") for email, name in people.items()}, {}, frozenset(people))
    answers: dict[str, tuple[str, ...]] = {
        "tool": ("Flurbinator",), "purpose": ("Drafting answers to support tickets",), "data": ("customer",), "plan": ("professional",),
        "affects": ("own_work",), "documents": ("https://flurbinator.example/security",), "rules": ("accepted",),
    }  # fmt: skip
    ann, cyd = Actor("ann@example.com", "slack:T:U"), Actor("security@example.com", "teams:T:V")
    terms = judged_by("tool", answers, here, here.process.calendars.own, at)
    opened = evolve(None, Submitted(ann, at, "REQ-7K3M9QXA", "tool", ann.person, "Flurbinator", tuple(answers.items()), "prohibited", "RCP-1", terms))
    half = evolve(opened, ApprovalGiven(cyd, at, ("1.security",), 1, "history is off", "", None, ""))
    granted = evolve(half, Granted(Actor("privacy@example.com", "slack:T:W"), at, "tier2", None, "tier4"))
    paused = evolve(opened, MoreAsked(cyd, at, "Which team?"))
    denied = evolve(opened, Denied(cyd, at, 1, "The vendor trains on inputs"))
    facts = facts_of(opened, None, known, here, at, None)
    views = {
        "request_asker": (opened, "asker", ann.person, ""),
        "request_approver": (opened, "approver", cyd.person, ""),
        "request_reminder": (half, "approver", "privacy@example.com", "req_nudge_reminder"),
        "request_paused": (paused, "asker", ann.person, "req_nudge_more"),
        "request_granted": (granted, "asker", ann.person, "req_nudge_approved"),
        "request_denied": (denied, "asker", ann.person, "req_nudge_denied"),
        "request_denied_approver": (denied, "approver", cyd.person, ""),
    }
    for name, (request, part, viewer, nudge) in views.items():
        yield name, request_card(say, request, seen_of(request, facts, here, 3), part, viewer, nudge)
    rows = [(request, "Ann Lee") for request in (opened, paused, denied)]
    yield "request_inbox", requests_card(say, "inbox_title", rows, here.process.calendars.own, 40, openers([opened]))
    yield "request_inbox_empty", requests_card(say, "inbox_title", [], here.process.calendars.own, 0)
    form = here.form("tool")
    draft = Draft("DRF-1", "slack:T:U", ann.person, "tool", "", (("tool", ("Flurbinator",)),), at)
    yield "form_offer", offer_card(say, form, draft, resumed=False)
    for question in form.questions[1:5]:
        yield f"form_{question.id}", question_card(say, form, draft, question, "form_required" if question.id == "plan" else "")
    yield "form_review", review_card(say, form, Draft("DRF-1", "slack:T:U", ann.person, "tool", "", tuple(answers.items()), at))
    yield "form_answered", answered_card(say, form.questions[2], ("customer",))
    tool = next(tool for tool in here.tools if tool.name == "Claude Enterprise")
    yield "register_entry", entry_card(say, here.policy, tool, [(at, tool)])
    yield "notice", notice_card(here, TellAffected(cyd, "Claude Enterprise", "TierAssigned", at))
