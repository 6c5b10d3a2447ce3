"""Phrases with choices: the few that are made and the many that are followed along the text are heard alike (S75)."""

from itertools import product
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from bot.policy.language import Language
from bot.policy.load import PACKAGED, load_content
from bot.understanding.understand import Understanding
from bot.understanding.words.phrases import Choices, Kind, Meaning, Phrases, options

MEANING = Meaning(Kind.DATA, "internal")
WORDS = st.sampled_from(("a", "b", "c", "d"))
CHOICE = st.lists(WORDS, max_size=2).map(tuple)
PARTS = st.lists(st.lists(CHOICE, min_size=1, max_size=3), min_size=1, max_size=3)


@given(PARTS, st.lists(WORDS, min_size=1, max_size=8).map(tuple))
def test_following_a_phrase_finds_what_making_all_its_phrases_finds(parts: list[list[tuple[str, ...]]], text: tuple[str, ...]) -> None:
    made = Phrases()
    for words in {sum(chosen, ()) for chosen in product(*parts)}:
        if words:
            made.add(words, MEANING)
    followed = {end - 1 for end in Choices(parts, MEANING).ends(text, 0)}
    assert followed == {heard.last for heard in made.at(text, 0)}


def test_a_choice_with_a_question_mark_may_be_left_out() -> None:
    assert options("(the|our)? price list") == [("the", "our", ""), (" price list",)]


def test_a_phrase_with_choices_for_millions_costs_no_more_than_its_choices() -> None:
    """R36, S75: one line of content, written in good faith, must not stop the bot for minutes."""
    content = load_content(PACKAGED)
    english: Language = content.languages[0]
    many = " ".join("(" + "|".join(f"{letter}{number}x" for number in range(30)) + ")" for letter in "qwzvk")
    assert content.policy is not None
    reader = Understanding(content.policy, content.tools, english)
    reader.lexicon.vocabulary.teach(reader.lexicon.vocabulary.exact, None, many, Meaning(Kind.DATA, "internal"))
    before = process_time()
    reading = reader.read("may Claude Enterprise have the q1x w2x z3x v4x k5x")
    assert process_time() - before < 5  # 24 million phrases would take minutes; this bound is no measure of speed
    assert [data.heard for data in reading.data] == ["q1x w2x z3x v4x k5x"]
