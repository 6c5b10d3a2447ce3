"""Forms in chat: one question a card, with buttons for choices, and the card that sums up what was answered."""

from bot.answers.wording import Wording
from bot.engine.records import Draft
from bot.ui.card import Block, Button, Card, Choice, Facts, Heading, Note, Option, Paragraph, Span, plain
from bot.ui.form import Dialog, Form, Kind, Question, previous_question, shown_answer, visible

MOST_BUTTONS = 5
REVIEW = "·submit"  # where a draft is when everything is answered


def offer_card(say: Wording, form: Form, draft: Draft, *, resumed: bool) -> Card:
    """A form offered: as a dialog, or question by question here."""
    title = form.title
    lines = [say.spans("form_resume" if resumed else "form_start")]
    if form.lead:
        lines.append((Span(form.lead),))
    known = tuple((question_label(q), shown_answer(q, values)) for q in form.questions if (values := dict(draft.answers).get(q.id)))
    blocks: list[Block] = [Heading(title), *(Paragraph(line) for line in lines)]
    if known:
        blocks.append(Facts(known))
    buttons = (
        Button(say.button("open_form"), "form_open", draft.id, primary=True, opens=True),
        Button(say.button("answer_here"), "form_chat", draft.id),
        Button(say.button("cancel"), "form_cancel", draft.id),
    )
    spoken = [title, *(plain(line) for line in lines), *(f"{label}{say.text('colon')}{value}" for label, value in known)]
    return Card("\n".join(spoken), tuple(blocks), buttons)


def question_card(say: Wording, form: Form, draft: Draft, question: Question, problem: str = "", small: str = "") -> Card:
    """One question, with its options, and the ways back and out."""
    answers = dict(draft.answers)
    shown = visible(form, answers)
    number = next((at for at, known in enumerate(shown, 1) if known.id == question.id), 1)
    ref = f"{draft.id}/{question.id}"
    label = question.label
    blocks: list[Block] = [Heading(label)]
    if problem:
        blocks.append(Paragraph((Span(say.text(problem), strong=True),)))
    if number == 1 and form.lead:
        blocks.append(Paragraph((Span(form.lead),)))
    if question.hint:
        blocks.append(Paragraph((Span(question.hint),)))
    buttons: list[Button] = []
    match question.kind:
        case Kind.CHOICE if len(question.options) <= MOST_BUTTONS:
            buttons += [Button(option.label, "form_pick", f"{ref}/{at}") for at, option in enumerate(question.options)]
            hint = "form_hint_pick"
        case Kind.CHOICE:
            blocks.append(Choice("option", label, tuple(Option(str(at), o.label) for at, o in enumerate(question.options[:100]))))
            buttons.append(Button(say.button("submit"), "form_pick", ref, primary=True))
            hint = "form_hint_pick"
        case Kind.CHOICES:
            options = tuple(Option(str(at), o.label) for at, o in enumerate(question.options[:10]))
            blocks.append(Choice("option", label, options, many=True))
            buttons.append(Button(say.button("submit"), "form_pick", ref, primary=True))
            hint = "form_hint_some"
        case _:
            hint = "form_hint_type"
    if previous_question(form, answers, question.id):
        buttons.append(Button(say.button("back"), "form_back", ref))
    if not question.required:
        buttons.append(Button(say.button("skip"), "form_skip", ref))
    buttons.append(Button(say.button("cancel"), "form_cancel", draft.id))
    step = say.text("form_step", number=str(number), count=str(len(shown))) if len(form.questions) > 1 else ""
    ways = [say.text(hint)] + ([] if question.required else [say.text("form_hint_skip")])
    note = " ".join(part for part in (small, f"{step}." if step else "", *ways) if part)
    blocks.append(Note((Span(note),)))
    listed = say.listed(tuple(option.label for option in question.options[:10]), "or")
    asked = f"{label} ({listed})" if listed else label
    summary = "\n".join(part for part in (say.text(problem) if problem else "", asked, question.hint, note) if part)
    return Card(summary, tuple(blocks), tuple(buttons))


def review_card(say: Wording, form: Form, draft: Draft, problem: str = "") -> Card:
    """Everything that was answered, to be looked over and sent off."""
    answers = dict(draft.answers)
    rows = tuple(
        (question_label(question), shown_answer(question, answers.get(question.id, ())) or say.text("form_skipped"))
        for question in visible(form, answers)
    )
    title = form.title
    blocks: list[Block] = [Heading(title)]
    if problem:
        blocks.append(Paragraph((Span(problem, strong=True),)))
    blocks.append(Facts(rows))
    ref = f"{draft.id}/{REVIEW}"
    buttons = (
        Button(say.button("submit"), "form_submit", draft.id, primary=True),
        Button(say.button("back"), "form_back", ref),
        Button(say.button("cancel"), "form_cancel", draft.id),
    )
    summary = "\n".join([title, *([problem] if problem else []), *(f"{label}{say.text('colon')}{value}" for label, value in rows)])
    return Card(summary, tuple(blocks), buttons)


def answered_card(say: Wording, question: Question, values: tuple[str, ...]) -> Card:
    """A question that has been answered: no buttons are left on it."""
    answer = shown_answer(question, values) or say.text("form_skipped")
    label = question.label
    return Card(f"{label} {answer}", (Paragraph((Span(f"{label} "), Span(answer, strong=True))),))


def left_card(form: Form, question: Question | None) -> Card:
    """A question that was left to go back to the one before it; the sum of the answers where it is None."""
    label = question.label if question else form.title
    return Card(label, (Paragraph((Span(label),)),))


def closed_card(say: Wording, wording: str) -> Card:
    """A form that is over."""
    text = say.text(wording)
    return Card(text, (Paragraph((Span(text),)),))


def dialog_of(say: Wording, form: Form, draft: Draft, questions: tuple[Question, ...], problems: dict[str, str], *, new_page: bool) -> Dialog:
    """A form as a dialog shows it; `problems` are sentences, by question."""
    lead = ((Span(form.lead),),) if form.lead else ()
    submit = form.submit if form.submit else say.button("submit")
    return Dialog(draft.id, form.title, lead, questions, dict(draft.answers), problems, submit, say.button("cancel"), new_page)


def question_label(question: Question) -> str:
    """A question as the label of a row: without its marks, in whatever script."""
    return question.label.strip("¿?？\u00a0\u202f ")
