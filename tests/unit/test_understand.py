"""English questions, as people type them: what is heard, what is wanted, what it comes to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.answer import answer
from bot.answers.played import played
from bot.policy.load import PACKAGED, Content, load_content
from bot.policy.model import STRICTNESS, Verdict
from bot.policy.scenarios import Scenario, load_scenarios
from bot.understanding.reading import Intent
from bot.understanding.understand import Understanding

CONTENT = load_content(PACKAGED)
READER = Understanding(CONTENT.policy, CONTENT.tools, CONTENT.languages[0])

P, C, N, A = Verdict.PERMITTED, Verdict.CONDITIONAL, Verdict.PROHIBITED, Verdict.ASK_BACK

QUESTIONS = [
    # plain, fragments, aliases, typos
    ("can I put our blog posts into ChatGPT?", P),
    ("grammarly on a press release ok", P),
    ("m365 copilot for meeting minutes?", P),
    ("may I paste customer emials into chatgtp", N),
    ("is it ok to use claude enterprise on the source code", C),
    # several tools or data, strictest wins
    ("can I put blog posts and customer data into ChatGPT?", N),
    ("wiki pages in Claude Enterprise and Claude?", C),
    # negation and exclusion
    ("can I put this into ChatGPT, it has no customer data, only a published press release", P),
    ("is non-public text ok in chatgpt?", A),
    ("can I paste code into Claude Enterprise, without any passwords or api keys in it", C),
    ("can I not put customer data into ChatGPT?", N),
    # corrections
    ("can I put the roadmap into ChatGPT, sorry, I mean Claude Enterprise?", C),
    # anonymised, synthetic, pseudonymised
    ("may I use anonymised customer emails in ChatGPT?", C),
    ("can I put synthetic customer records into Claude Enterprise?", P),
    ("pseudonymised customer records in ChatGPT?", N),
    ("can I put anonymised passwords into ChatGPT Enterprise?", N),
    # ambiguous names, unregistered tools
    ("copilot for blog posts?", A),
    ("can I put passwords into copilot?", N),
    ("can I paste a press release into Flurbinator?", N),
    ("may I use Zorbo AI with wiki pages", N),
    # products on the market that no register has: small, in mid-sentence, built into something else
    ("planning to let tl;dv take notes in the weekly logistics sync", N),
    ("my intern swears by scite.ai, can she give it the study we published last spring", N),
    ("the AI in Airtable offers to tidy our list of team meetings, may I?", N),
    ("the AI in Zoom for the team minutes?", P),
    ("may our team use Bedrock for the wiki pages?", P),
    ("can I put a press release with mails like bob@flurb.io into Claude?", P),
    # a bare no, titles, what was made public, what was said to be impossible
    ("the support tickets no, the team wiki pages into Notion AI ok?", C),
    ("can Rovo shorten the wiki guide “announcing a diagnosis”?", P),
    ("can Rovo shorten the list “diagnosis”?", N),
    ("my boss presented the roadmap at a conference last week, can I give it to notebooklm?", P),
    ("my boss will present the roadmap at a conference, can I give it to notebooklm?", N),
    ("the construction drawings the council has put on display, gemini free", P),
    ("support tickets rolled up to counts per topic, no names, no way back to a single client: ChatGPT Enterprise?", P),
    ("support tickets rolled up to counts per topic, and the names of a client: ChatGPT Enterprise?", C),
    # prohibited inputs without a tool, uses
    ("can I give AI a copy of a passport?", N),
    ("may Claude decide whom we hire?", N),
    ("can ChatGPT Enterprise rank applicants from public profiles?", N),
    ("may I use Claude Enterprise to draft a press release and send it to the client?", C),
    # missing things are asked back, unknown data is never assumed public
    ("can I use ChatGPT?", A),
    ("can I put the flurbs into Claude?", A),
    ("can I put blog posts and flurbs into ChatGPT?", A),
    ("can I put blog posts and everything else into ChatGPT?", A),
    ("can I put customer data into an AI tool?", A),
    # suspended, retired, tier 4
    ("can I put a press release into Wordtune?", N),
    ("can I use DeepSeek?", N),
    # pasted secrets
    ("can chatgpt enterprise debug this AKIAIOSFODNN7EXAMPLE for me?", N),
]


@pytest.mark.parametrize(("question", "verdict"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_the_verdict_on_a_question(question: str, verdict: Verdict) -> None:
    """R28, R37, R41, R42 and CONTRACT's decided readings."""
    reading = READER.read(question)

    assert reading.intent is Intent.ASK
    assert answer(CONTENT.policy, CONTENT.tools, reading).verdict is verdict


INTENTS = [
    ("screenshots of tickets in chatgpt?", Intent.ASK),
    ("is Gamma approved?", Intent.TOOL_STATUS),
    ("what tier is Notion AI", Intent.TOOL_STATUS),
    ("is Flurbinator allowed?", Intent.TOOL_STATUS),
    ("what may I put into tier 2 tools?", Intent.DATA_RULE),
    ("where can customer data go?", Intent.DATA_RULE),
    ("where is the AI policy?", Intent.POLICY_LOOKUP),
    ("do I have to label AI text?", Intent.POLICY_LOOKUP),
    ("how do I get Perplexity approved?", Intent.REQUEST),
    ("register our new scoring model", Intent.USE_CASE),
    ("I need an exception for customer data in ChatGPT", Intent.EXCEPTION),
    ("I pasted a client contract into chatgpt, was that ok?", Intent.INCIDENT),
    ("I want to sign the policy", Intent.ACK),
    ("where is my training?", Intent.TRAINING),
    ("what happened to my request?", Intent.STATUS),
    ("hi", Intent.HELP),
    ("what can you do?", Intent.HELP),
    ("how many vacation days do I have?", Intent.OUT_OF_SCOPE),
]


@pytest.mark.parametrize(("question", "intent"), INTENTS, ids=[question for question, _ in INTENTS])
def test_every_intent_of_the_contract_is_told_apart(question: str, intent: Intent) -> None:
    """CONTRACT's table of intents, with its own examples."""
    assert READER.read(question).intent is intent


VERDICTS_OF_RULES = [
    ("is DeepSeek approved?", N),
    ("is Gamma approved?", None),
    ("where can passwords go?", N),
    ("where can customer data go?", None),
    ("what may I put into tier 4 tools?", N),
    ("what may I put into tier 2 tools?", None),
    ("where is the AI policy?", None),
]


@pytest.mark.parametrize(("question", "verdict"), VERDICTS_OF_RULES, ids=[question for question, _ in VERDICTS_OF_RULES])
def test_rules_and_standings_have_a_verdict_only_where_one_is_settled(question: str, verdict: Verdict | None) -> None:
    """CONTRACT: prohibited where nothing is allowed, else none."""
    assert answer(CONTENT.policy, CONTENT.tools, READER.read(question)).verdict is verdict


@pytest.mark.parametrize("scenario", load_scenarios(PACKAGED, []), ids=lambda scenario: scenario.turns[0].ask)
def test_the_policy_owners_scenarios(scenario: Scenario) -> None:
    """The tests that ship with the policy come out as their owner expects, turn after turn."""
    language = next(language for language in CONTENT.languages if language.code == scenario.language)
    for turn, answered in played(CONTENT.policy, CONTENT.tools, Understanding(CONTENT.policy, CONTENT.tools, language), scenario):
        assert turn.verdict in ("", answered.verdict.value if answered.verdict else "none"), turn.ask
        assert turn.intent in ("", answered.reading.intent.value), turn.ask


def test_a_date_at_the_end_is_taken_out() -> None:
    """CONTRACT: a question may end in `as of DATE`."""
    assert str(READER.read("can I put customer emails into chatgpt as of 2026-03-01").as_of) == "2026-03-01"
    assert READER.read("can I use chatgpt as of 2026-99-01").as_of_unreadable


def test_a_text_too_long_to_read_whole_is_asked_back_not_judged_by_its_part() -> None:
    """S74: the part that is left out could be what matters."""
    given = answer(CONTENT.policy, CONTENT.tools, READER.read("can I put blog posts into ChatGPT? " + "word " * 5000))

    assert given.verdict is A


PUBLIC = "can I put our blog posts into {tool}?"


@given(
    st.sampled_from(sorted(tool.name for tool in CONTENT.tools)), st.sampled_from(["passwords", "customer data", "salary lists", "the source code"])
)
def test_naming_more_sensitive_data_never_loosens(tool: str, more: str) -> None:
    """Adding a more sensitive kind to the list cannot make the answer milder."""
    before = answer(CONTENT.policy, CONTENT.tools, READER.read(PUBLIC.format(tool=tool))).verdict
    after = answer(CONTENT.policy, CONTENT.tools, READER.read(f"can I put our blog posts and {more} into {tool}?")).verdict

    assert before is not None
    assert after is not None
    assert STRICTNESS.index(after) >= STRICTNESS.index(before)


@given(st.sampled_from([question for question, _ in QUESTIONS]), st.sampled_from(["{}", "{} thanks!", "hi, {}", "please: {}", "  {}  ", "{}???"]))
def test_politeness_and_punctuation_change_nothing(question: str, form: str) -> None:
    """Filler and case never change a verdict."""
    plain = answer(CONTENT.policy, CONTENT.tools, READER.read(question)).verdict

    assert answer(CONTENT.policy, CONTENT.tools, READER.read(form.format(question))).verdict is plain


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """Total on arbitrary text; a Yes never comes out of noise."""
    given_answer = answer(CONTENT.policy, CONTENT.tools, READER.read(text))

    assert given_answer.verdict is not Verdict.PERMITTED


def test_another_organizations_matrix_is_understood_by_its_own_words(tmp_path: object, content: Content) -> None:
    """Vocabulary is content: other classes and tiers are heard once they are written."""
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "policy.md").write_text("---\nversion: '3'\neffective: 2026-01-01\n---\n## §1 All\nText.\n", "utf-8")
    (folder / "roles.yaml").write_text("policy_owner: [a@b.c]\nexecutive_sponsor: [d@b.c]\n", "utf-8")
    (folder / "register.yaml").write_text("tools:\n- {name: Brainbox, tier: good}\n", "utf-8")
    (folder / "matrix.yaml").write_text(
        "data_classes:\n- {id: open, name: Open, says: [seed catalogue]}\n- {id: shut, name: Shut, says: [recipe]}\n"
        "prohibited_inputs: []\nuses: []\n"
        "tiers:\n- {id: good, name: Good, cells: {open: permitted, shut: prohibited}}\n"
        "- {id: bad, name: Bad, cells: {open: prohibited, shut: prohibited}}\n"
        "unregistered: bad\n",
        "utf-8",
    )
    other = load_content(folder)
    reader = Understanding(other.policy, other.tools, other.languages[0])

    def verdict(question: str) -> Verdict | None:
        return answer(other.policy, other.tools, reader.read(question)).verdict

    assert verdict("can I put the seed catalogues into Brainbox?") is P
    assert verdict("can I put our recipes into Brainbox?") is N
    assert verdict("can I put the seed catalogue into ChatGPT?") is N


WITH_ROOM = [
    ("May Gemini Enterprise chart what each of my sellers earned in March?", "restricted"),
    ("what my team spends every day on coffee, as a chart from Claude Enterprise", "confidential"),  # taught below
]


@pytest.mark.parametrize(("question", "data"), WITH_ROOM, ids=[data for _, data in WITH_ROOM])
def test_a_phrase_may_have_room_in_it(question: str, data: str) -> None:
    """Data told by a clause is heard, by the language's phrases and by the organization's own."""
    classes = tuple(
        replace(entry, says=(*entry.says, "(what|how much) * (spends|spent) * on coffee")) if entry.id == "confidential" else entry
        for entry in CONTENT.policy.data_classes
    )
    policy = replace(CONTENT.policy, data_classes=classes, data={**CONTENT.policy.data, **{entry.id: entry for entry in classes}})
    reading = Understanding(policy, CONTENT.tools, CONTENT.languages[0]).read(question)

    assert data in {heard.id for heard in reading.data}


def test_a_denial_in_the_room_undoes_what_is_said() -> None:
    """Names that have not been removed lift nothing."""
    removed = answer(CONTENT.policy, CONTENT.tools, READER.read("all names have been removed from the support tickets, ChatGPT Enterprise?"))
    kept = answer(CONTENT.policy, CONTENT.tools, READER.read("all names have not been removed from the support tickets, ChatGPT Enterprise?"))

    assert (removed.verdict, kept.verdict) == (P, C)


OTHER_LANGUAGES = [
    ("fr", "Zoom IA pour le compte rendu de la réunion d'équipe ?", P),
    ("fr", "suggestions de réponse de l'IA Zendesk sur les tickets ?", C),
    ("de", "Zoom-KI fürs Teamprotokoll der Werkstatt?", P),
    ("es", "quiero resumir los tickets de soporte con Notion AI. Uy no, tickets no, las páginas de la wiki de nuestro equipo", C),
    ("es", "La IA de Airtable me ofrece completar el listado de procesos. ¿Acepto?", N),
    ("es", "el historial de pedidos de un cliente con einstein", C),
]


@pytest.mark.parametrize(("code", "question", "verdict"), OTHER_LANGUAGES, ids=[question for _, question, _ in OTHER_LANGUAGES])
def test_the_verdict_in_other_orders_of_words(code: str, question: str, verdict: Verdict) -> None:
    """R28, R41: the AI inside a product and a bare no stand elsewhere in other languages. Mutation: look only behind the word for AI."""
    language = next(language for language in CONTENT.languages if language.code == code)
    reading = Understanding(CONTENT.policy, CONTENT.tools, language).read(question)

    assert answer(CONTENT.policy, CONTENT.tools, reading).verdict is verdict
