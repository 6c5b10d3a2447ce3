"""Forms: a dialog and a chat give the same answers, and no answer stays whose condition has gone."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from bot.policy.load import PACKAGED, load_content
from bot.ui.form import Form, Kind, Question, accept, applies, next_question, previous_question, problems, pruned, visible
from tests.golden.examples import world

WORLD = world()
FORMS = [WORLD.form(id) for id in load_content(PACKAGED).process.forms]
texts = st.sampled_from(
    ["Canva", "x", "", "  ", "2027-03-31", "nonsense", "ann@example.com", "https://a.example/b", "1", "2, 3", "Internal", "yes", "a" * 3000]
)


def answers_for(question: Question) -> st.SearchStrategy[tuple[str, ...]]:
    """Good and bad answers."""
    ids = [option.id for option in question.options]
    picks = st.lists(st.sampled_from(ids), max_size=3, unique=True).map(tuple) if ids else st.nothing()
    return st.one_of(picks, texts.map(lambda text: (text,)), st.just(()))


@given(st.sampled_from(FORMS), st.data())
def test_a_dialog_and_a_chat_end_in_the_same_answers(form: Form, data: st.DataObject) -> None:
    """R70, R71: the same inputs, page by page or one question at a time. Mutation: forget to prune in one of them."""
    inputs: Mapping[str, tuple[str, ...]] = {question.id: data.draw(answers_for(question)) for question in form.questions}
    chat: dict[str, tuple[str, ...]] = {}
    while question := next_question(form, chat):
        values, problem = accept(question, inputs[question.id])
        if problem:
            break
        chat = pruned(form, {**chat, question.id: values})
    dialog: dict[str, tuple[str, ...]] = {}
    wrong = False
    while not wrong and (page := [question for question in visible(form, dialog) if question.id not in dialog]):
        for question in page:
            values, problem = accept(question, inputs[question.id])
            wrong = wrong or bool(problem)
            if not problem:
                dialog[question.id] = values
        dialog = pruned(form, dialog)

    if not wrong:
        assert chat == dialog
        assert problems(form, dialog) == {}
    else:
        assert next_question(form, chat) is not None


@given(st.sampled_from(FORMS), st.data())
def test_pruning_is_idempotent_and_leaves_no_orphans(form: Form, data: st.DataObject) -> None:
    """No answer survives whose condition is false; what is accepted once is accepted again."""
    answers = {question.id: data.draw(answers_for(question)) for question in form.questions}

    kept = pruned(form, answers)

    assert pruned(form, kept) == kept
    for question in form.questions:
        if question.id in kept:
            assert applies(question, kept)
            values, problem = accept(question, kept[question.id])
            assert problem or accept(question, values) == (values, "")


@given(st.sampled_from(FORMS), st.data())
def test_back_goes_to_the_question_before(form: Form, data: st.DataObject) -> None:
    """From any question back to one that applies and stands before it; from the first one nowhere."""
    answers = {question.id: data.draw(answers_for(question)) for question in form.questions}
    shown = visible(form, answers)

    for number, question in enumerate(shown):
        before = previous_question(form, answers, question.id)
        assert before == (shown[number - 1] if number else None)


def test_typed_choices_are_taken_by_label_number_and_beginning() -> None:
    """What people type for a choice; what fits nothing, or several, is asked again."""
    question = next(question for question in WORLD.form("tool").questions if question.id == "data")
    assert question.kind is Kind.CHOICES

    assert accept(question, ("internal, Customer data",)) == (("internal", "customer"), "")
    assert accept(question, ("1; 5",)) == (("public", "customer"), "")
    assert accept(question, ("restr",)) == (("restricted",), "")
    assert accept(question, ("florbs",)) == ((), "form_pick_some")
    assert accept(question, ("internal, florbs",)) == ((), "form_pick_some")
