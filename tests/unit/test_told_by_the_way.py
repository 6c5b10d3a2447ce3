"""What is told by the way and what is meant, each with its twin that must stay strict (R36, S1–S3)."""

import pytest

from bot.answers.answer import answer
from bot.policy.load import PACKAGED, load_content
from bot.policy.model import Verdict
from bot.understanding.understand import Understanding

CONTENT = load_content(PACKAGED)
READERS = {language.code: Understanding(CONTENT.policy, CONTENT.tools, language) for language in CONTENT.languages}

P, C, N = Verdict.PERMITTED, Verdict.CONDITIONAL, Verdict.PROHIBITED

TOLD = [
    # a tool that was used before; an edition put right; a colleague with a tool's name
    ("en", "We used to use Otter, now it is Claude Enterprise. May it shorten our wiki page?", P),
    ("en", "We used to use Claude Enterprise, now it is Otter. May it shorten our wiki page?", N),
    ("de", "Wir sind umgestiegen von QuillBot, jetzt mit DeepL Pro: unsere Wikiseite übersetzen, ok?", P),
    ("en", "We used to use Otter for client calls. Can we still use it next to Zoom AI Companion?", N),
    ("de", "Frau Meier hat gekündigt, darf ich ihr Zeugnis mit DeepSeek oder Claude Enterprise schreiben?", N),
    ("en", "Otter, our team loves it. Can we use it for customer calls, or must it be Zoom AI?", N),
    ("pt", "não é o ChatGPT gratuito, é o Enterprise: posso pôr lá a página da wiki?", P),
    ("de", "Ich meinte nicht die Enterprise-Version, sondern ChatGPT Free: darf der Mietvertrag da rein?", N),
    ("es", "Jasper, el de contabilidad, pregunta si puede resumir con Claude Enterprise la página del wiki", P),
    ("es", "no solo los datos de clientes sino la página del wiki, en ChatGPT Free?", N),
    # a story told before, and one that the question is about after all
    ("en", "My boss decides on the promotions today. On a different note, may Claude read the published press release?", P),
    ("en", "Can I put the customer tickets into ChatGPT? Another question: can Gemini read the press release?", N),
    ("en", "Can ChatGPT decide whom to hire? Something else: may Claude read the wiki page?", N),
    ("en", "Here is the salary list. On a different note, can Claude Enterprise read it and the wiki page?", C),
    # a part that was taken out, and one that was not
    ("en", "the press release without the page on salaries into ChatGPT?", P),
    ("en", "the press release with the page on salaries into ChatGPT?", N),
    ("en", "I removed everything but the page with salaries, can ChatGPT read the rest of the minutes", N),
    # rules about something sensitive, with and without some of it inside
    ("en", "the wiki page with our password rules, not a real password in it, can Rovo shorten it?", P),
    ("en", "the wiki page with our passwords, no customer passwords in it, can Rovo shorten it?", N),
    # chapters of what is published, and of what will be
    ("en", "our published annual report, above all the part on profit, in ChatGPT?", P),
    ("en", "our soon to be published annual report, above all the part on profit, in ChatGPT?", N),
    ("en", "Our blog post is published. Now can ChatGPT summarise the chapter on salaries?", N),
    ("en", "The published report, chapter on profit and our salary list, into ChatGPT?", N),
    # quotation marks are no title by themselves
    ("de", "Darf ChatGPT die „Gehaltsliste“ nach unserer Anleitung sortieren?", N),
    ("en", "Could ChatGPT turn the brochure into “fake reviews”?", N),
    # what is taken back, and what is only added
    ("en", "Can ChatGPT take the customer list, I mean all of it, plus the press release?", N),
    ("en", "Can ChatGPT summarise the price calculation, sorry, the roadmap for our enterprise plan?", N),
    # that code, that contract
    ("en", "Our SDK is open source on GitHub. May ChatGPT explain that code?", P),
    ("en", "Our SDK is open source on GitHub. May ChatGPT explain that contract?", N),
    ("en", "React is open source. May ChatGPT explain that code?", N),
    ("en", "The docs are published on GitHub. Our backend isn't. May ChatGPT explain that code?", N),
    # a published paper beside other data makes only itself public
    ("en", "our roadmap, BBC article, into ChatGPT?", N),
    ("en", "our roadmap & public docs into ChatGPT?", N),
    ("de", "unsere Roadmap, SPIEGEL-Artikel, in ChatGPT?", N),
    # nobody can be found, said once and clearly; names alone are not enough
    ("en", "customer complaints, nobody can be identified in them any more, into Claude Enterprise?", P),
    ("en", "customer complaints with no names left, into ChatGPT?", N),
    ("en", "Can ChatGPT rewrite the customer tickets so that nobody can be identified?", N),
    ("de", "Niemand kann mehr den Überblick über die Kundenmails behalten, darf ChatGPT sie sortieren?", N),
    # names before AI that no register knows, web addresses
    ("de", "hat wer was dagegen wenn ich blauwal ai auf unsere Wikiseite loslasse", N),
    ("es", "una compañera me pasó resumelotodo.ai, meto el acta del comité de fiestas?", N),
]


@pytest.mark.parametrize(("code", "question", "verdict"), TOLD, ids=[question for _, question, _ in TOLD])
def test_what_is_told_by_the_way_is_not_what_is_asked(code: str, question: str, verdict: Verdict) -> None:
    assert answer(CONTENT.policy, CONTENT.tools, READERS[code].read(question)).verdict is verdict
