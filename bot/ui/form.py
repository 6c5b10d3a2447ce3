"""Forms, free of any platform: declared once, run as a dialog or question by question in chat, with equal results.

    Question     one input, with the rule that matters for it and the condition under which it is asked
    Form         questions in order
    page         what a dialog shows next; next_question what the chat asks next
    accept       what somebody typed or picked → the answer, or the name of the reply that says what is wrong
    pruned       answers without those whose condition is no longer true

Answers are texts by question id: a tuple, as some questions take several; empty for a question that was skipped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.ui.card import Option, Span

LINK = re.compile(r"^https?://[^\s<>\"'|]{3,500}$")
EMAIL = re.compile(r"^[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,255}$")
SHORT, LONG = 200, 2000
MOST_LINKS = 10

Answers = Mapping[str, tuple[str, ...]]


class Kind(StrEnum):
    """What a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    LINKS = "links"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Question:
    """One input. It is asked only while each question of `when` has one of these answers."""

    id: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    hint: str = ""
    options: tuple[Option, ...] = ()
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: Filled from the organization's own lists when the form is shown: tools, data, uses, tiers, facts.
    options_from: str = ""

    @property
    def longest(self) -> int:
        """How many characters a typed answer may have."""
        return LONG if self.kind in (Kind.LONG_TEXT, Kind.LINKS) else SHORT


@dataclass(frozen=True, slots=True)
class Form:
    """A set of questions with a purpose."""

    id: str
    title: str
    questions: tuple[Question, ...]
    lead: str = ""
    #: Label of the button that sends it.
    submit: str = ""


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form as a platform's dialog shows it: these questions, with what is answered and what was wrong."""

    ref: str
    title: str
    lead: tuple[tuple[Span, ...], ...]
    questions: tuple[Question, ...]
    answers: Answers
    problems: Mapping[str, str]
    submit: str
    cancel: str
    #: Whether it shows other inputs than those just sent off; else it stays open with what was wrong.
    new_page: bool = True


def applies(question: Question, answers: Answers) -> bool:
    """Whether a question is asked, given the answers so far."""
    return all(any(value in answers.get(other, ()) for value in values) for other, values in question.when)


def visible(form: Form, answers: Answers) -> tuple[Question, ...]:
    """The questions that apply, in order. A condition may only look back, so one pass settles it."""
    shown: list[Question] = []
    kept: dict[str, tuple[str, ...]] = {}
    for question in form.questions:
        if applies(question, kept):
            shown.append(question)
            if question.id in answers:
                kept[question.id] = answers[question.id]
    return tuple(shown)


def pruned(form: Form, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers to questions that apply; idempotent."""
    return {question.id: answers[question.id] for question in visible(form, answers) if question.id in answers}


def next_question(form: Form, answers: Answers) -> Question | None:
    """The first question that applies and has not been answered or skipped."""
    return next((question for question in visible(form, answers) if question.id not in answers), None)


def previous_question(form: Form, answers: Answers, here: str) -> Question | None:
    """The question before this one, among those that apply."""
    shown = visible(form, answers)
    places = [question.id for question in shown]
    at = places.index(here) if here in places else len(places)
    return shown[at - 1] if at > 0 else None


def page(form: Form, answers: Answers) -> tuple[Question, ...]:
    """What a dialog shows next: every question that applies and is not yet answered; all of them at the start."""
    return tuple(question for question in visible(form, answers) if question.id not in answers)


def accept(question: Question, given: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The answer, or else the name of the reply that says what is wrong ("" when all is well).

    Shapes   given: option ids or what was typed; a typed choice may be its label or its number.
    """
    values = tuple(value.strip() for value in given if value.strip())
    if not values:
        return (), "form_required" if question.required else ""
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            parts = (
                values
                if all(is_option(question, value) for value in values)
                else tuple(part for v in values for part in re.split(r"[,;\n、，；]", v))
            )
            picked = tuple(dict.fromkeys(option for part in parts if part.strip() and (option := option_of(question, part))))
            if len(picked) < len([part for part in parts if part.strip()]) or not picked:
                return (), "form_pick_one" if question.kind is Kind.CHOICE else "form_pick_some"
            if question.kind is Kind.CHOICE and len(picked) > 1:
                return (), "form_pick_one"
            return picked, ""
        case Kind.DATE:
            try:
                return (date.fromisoformat(values[0]).isoformat(),), ""
            except ValueError:
                return (), "form_date"
        case Kind.LINKS:
            links = tuple(dict.fromkeys(part for value in values for part in value.split()))[:MOST_LINKS]
            return (links, "") if all(LINK.match(link) for link in links) else ((), "form_links")
        case Kind.PERSON:
            email = values[0].removeprefix("mailto:").lower()
            return ((email,), "") if EMAIL.match(email) else ((), "form_person")
        case Kind.TEXT | Kind.LONG_TEXT:
            text = " ".join(values) if question.kind is Kind.TEXT else "\n".join(values)
            return ((text,), "") if len(text) <= question.longest else ((), "form_too_long")


def is_option(question: Question, value: str) -> bool:
    """Whether this is the id of an option."""
    return any(option.id == value for option in question.options)


def option_of(question: Question, typed: str) -> str:
    """The option that somebody means by its id, its label or its number; "" for none."""
    wanted = typed.strip().rstrip(".").casefold()
    for number, option in enumerate(question.options, 1):
        if wanted in (option.id.casefold(), option.label.casefold(), str(number)):
            return option.id
    starting = [option.id for option in question.options if len(wanted) > 2 and option.label.casefold().startswith(wanted)]
    return starting[0] if len(starting) == 1 else ""


def problems(form: Form, answers: Answers) -> dict[str, str]:
    """What is wrong with a whole set of answers, by question."""
    found: dict[str, str] = {}
    for question in visible(form, answers):
        if question.id not in answers:
            if question.required:
                found[question.id] = "form_required"
            continue
        _, wrong = accept(question, answers[question.id])
        if wrong:
            found[question.id] = wrong
    return found


def shown_answer(question: Question, values: tuple[str, ...]) -> str:
    """An answer as people read it."""
    labels = {option.id: option.label for option in question.options}
    return ", ".join(labels.get(value, value) for value in values)
