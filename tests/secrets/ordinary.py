"""Messages that hold no secret at all, many of them near misses."""

import random

from tests.secrets.providers import hex_digits
from tests.secrets.registry import ALNUM, B64URL, DIGITS, HEX, LOWER, UPPER, UPPER_DIGITS, group, mixed, pick, uuid


def _isbn(rng: random.Random) -> str:
    """ISBN-13 with a right check digit."""
    body = "978" + rng.choice("03") + pick(rng, DIGITS, 8)
    check = -sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(body)) % 10
    return f"{body[:3]}-{body[3]}-{body[4:7]}-{body[7:12]}-{check}"


def _phone(rng: random.Random) -> str:
    """Phone number in an international style."""
    return rng.choice(
        (
            f"+49 30 {rng.randint(100000, 999999)}-{rng.randint(10, 99)}",
            f"+1 (212) 555-01{rng.randint(10, 99)}",
            f"+33 1 {group(pick(rng, DIGITS, 8), [2], ' ')}",
            f"+34 91 {rng.randint(100, 999)} {rng.randint(10, 99)} {rng.randint(10, 99)}",
            f"+351 21 {rng.randint(100, 999)} {rng.randint(1000, 9999)}",
            f"+55 11 9{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
            f"+81 3-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
            f"03-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",
            f"020 7946 0{rng.randint(100, 999)}",
        )
    )


def _long_url(rng: random.Random) -> str:
    """Long URL with ids but no secret."""
    return rng.choice(
        (
            f"https://docs.google.com/document/d/1{pick(rng, B64URL, 42)}a/edit#heading=h.{pick(rng, LOWER + DIGITS, 12)}",
            f"https://acme.slack.com/archives/C0{pick(rng, UPPER_DIGITS, 9)}/p17{pick(rng, DIGITS, 14)}",
            f"https://acme.atlassian.net/wiki/spaces/ENG/pages/{rng.randint(10**9, 10**10 - 1)}/Release+Checklist",
            f"https://github.com/acme/shop/commit/{pick(rng, HEX, 40)}",
            f"https://github.com/acme/shop/pull/{rng.randint(100, 9999)}#discussion_r{rng.randint(10**9, 2 * 10**9)}",
            f"https://www.youtube.com/watch?v={mixed(rng, B64URL, 11)}&t={rng.randint(10, 900)}s",
            f"https://www.notion.so/acme/Onboarding-Guide-{pick(rng, HEX, 32)}",
            f"https://www.figma.com/file/{mixed(rng, ALNUM, 22)}/Checkout-Redesign?node-id={rng.randint(1, 99)}-{rng.randint(100, 9999)}",
            f"https://shop.example.com/de/produkte/gartenmoebel/tisch-{rng.randint(10**5, 10**6)}?utm_source=newsletter&utm_campaign=fruehjahr-2026",
            f"https://acme.sharepoint.com/sites/finance/Shared%20Documents/Budget%20{rng.randint(2022, 2027)}.xlsx?web=1",
            f"https://grafana.example.com/d/{mixed(rng, ALNUM, 9)}/api-latency?orgId=1&from=now-6h&to=now",
            f"https://stackoverflow.com/questions/{rng.randint(10**7, 79 * 10**6)}/how-do-i-hash-a-password-in-python",
        )
    )


def _tracking(rng: random.Random) -> str:
    """Parcel tracking number."""
    return rng.choice(
        (
            f"1Z{pick(rng, UPPER_DIGITS, 6)}{pick(rng, DIGITS, 10)}",
            f"00340434{pick(rng, DIGITS, 12)}",
            f"JD0146{pick(rng, DIGITS, 14)}",
            f"RR{pick(rng, DIGITS, 9)}DE",
            f"LX{pick(rng, DIGITS, 9)}PT",
        )
    )


def _fields(rng: random.Random) -> dict[str, str]:
    """Return a fresh set of look-alike values for the templates."""
    year, month, day = rng.randint(2019, 2027), rng.randint(1, 12), rng.randint(1, 28)
    return {
        "order": rng.choice((str(rng.randint(10**6, 10**7)), f"SO-{rng.randint(10**5, 10**6)}", f"{year}-{rng.randint(10**4, 10**5)}")),
        "phone": _phone(rng),
        "date": f"{year}-{month:02d}-{day:02d}",
        "eudate": f"{day:02d}.{month:02d}.{year}",
        "sldate": f"{day:02d}/{month:02d}/{year}",
        "time": f"{rng.randint(7, 19):02d}:{rng.randint(0, 59):02d}",
        "ver": f"{rng.randint(0, 24)}.{rng.randint(0, 30)}.{rng.randint(0, 20)}" + rng.choice(("", "", "-rc.1", "-beta.2")),
        "sha": hex_digits(40)(rng),
        "short": hex_digits(rng.choice((7, 8, 10)))(rng),
        "digest": "sha256:" + hex_digits(64)(rng),
        "uuid": uuid(rng),
        "isbn": _isbn(rng),
        "invoice": rng.choice((f"INV-{year}-{rng.randint(1, 99999):05d}", f"RE{year}{rng.randint(1000, 9999)}", f"F{rng.randint(10**5, 10**6)}")),
        "ip": rng.choice(
            (f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}", f"192.168.{rng.randint(0, 9)}.{rng.randint(1, 254)}")
        ),
        "ip6": f"2001:db8:{pick(rng, HEX, 4)}:{pick(rng, HEX, 4)}::{pick(rng, HEX, 3)}",
        "price": rng.choice((f"{rng.randint(1, 99)},{rng.randint(100, 999)}", str(rng.randint(5, 9999)))) + f".{rng.randint(0, 99):02d}",
        "euprice": f"{rng.randint(1, 99)}.{rng.randint(100, 999)},{rng.randint(0, 99):02d}",
        "yen": f"{rng.randint(1, 999)},{rng.randint(0, 999):03d}円",
        "file": rng.choice(
            (
                f"report_final_v{rng.randint(2, 12)}.xlsx",
                f"IMG_{year}{month:02d}{day:02d}_{rng.randint(10**5, 10**6)}.jpg",
                "id_rsa.pub",
                "password_policy_2026.pdf",
                "secrets-management-guide.docx",
                f"main.{pick(rng, HEX, 8)}.chunk.js",
                "tokenizer_config.json",
                ".env.example",
            )
        ),
        "email": f"{rng.choice(('anna.schmidt', 'kenji.tanaka', 'joao.silva', 'm.dupont', 'support', 'lucia.garcia'))}"
        f"{rng.choice(('', '', str(rng.randint(1, 99))))}@{rng.choice(('example.com', 'acme.example', 'example.co.jp'))}",
        "part": rng.choice(
            (
                f"6ES7{rng.randint(200, 599)}-1AB{rng.randint(10, 99)}-0XB0",
                f"PN-{rng.randint(1000, 9999)}/{pick(rng, UPPER, 2)}",
                f"A{pick(rng, DIGITS, 7)}",
            )
        ),
        "track": _tracking(rng),
        "url": _long_url(rng),
        "ticket": f"{rng.choice(('OPS', 'ENG', 'HR', 'SEC'))}-{rng.randint(10, 9999)}",
        "num": str(rng.randint(2, 999)),
        "big": f"{rng.randint(1, 999)},{rng.randint(0, 999):03d},{rng.randint(0, 999):03d}",
        "epoch": str(rng.randint(1_600_000_000, 1_790_000_000)),
        "colour": "#" + pick(rng, HEX, 6),
        "pod": f"checkout-{pick(rng, 'bcdf2456789', 10)}-{pick(rng, 'bcdf2456789', 5)}",
        "room": f"{rng.choice('ABCD')}{rng.randint(1, 9)}.{rng.randint(1, 40):02d}",
        "name": rng.choice(("Anna", "Kenji", "João", "Marie", "Lucía", "Tom", "Priya", "Bruno")),
        "lang": rng.choice(("Python", "Rust", "Go", "TypeScript", "Kotlin")),
        "model": rng.choice(("Claude", "Claude Sonnet", "Claude Opus", "gpt-4o", "llama-3.1-70b-instruct")),
        "long": rng.choice(
            (
                "Donaudampfschifffahrtsgesellschaftskapitän",
                "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
                "pneumonoultramicroscopicsilicovolcanoconiosis",
                "AbstractSingletonProxyFactoryBeanConfigurationProvider",
                "anticonstitutionnellement",
                "PasswordAuthenticationTokenFilterChainProxy",
            )
        ),
    }


_ORDINARY: dict[str, tuple[str, ...]] = {
    "en": (
        "Is the password policy public?",
        "What is the token limit of {model}?",
        "How many tokens does a page of {num} words need?",
        "The password is wrong again, what can I do?",
        "My password is expired, where do I reset it in {ticket}?",
        "My password is about to expire in {num} days.",
        "Password: see the shared vault, entry {ticket}.",
        "Who has the key to room {room}?",
        "What are the key results for Q3 {date}?",
        "The key is to start early, says {name}.",
        "Where do I rotate an API key, and how often should that be done?",
        "The token is valid for {num} minutes, right?",
        "How do I read API_KEY from the environment in {lang}?",
        'Is `password = os.environ["DB_PASSWORD"]` good style in {lang}?',
        "Should it be postgresql://app:${{DB_PASSWORD}}@db:5432/app or a file?",
        "The docs say `Authorization: Bearer <token>`, what does bearer mean?",
        "Explain the difference between a primary key and a foreign key.",
        "Commit {sha} broke the build, can you say why?",
        "Please revert {short} before release {ver}.",
        "The image digest is {digest}, which tag is that?",
        "Order {order} has not arrived, tracking {track}.",
        "Can you call the customer at {phone} before {time}?",
        "Invoice {invoice} over ${price} is due on {date}.",
        "Ticket {uuid} is still open, who owns it?",
        "I am reading ISBN {isbn}, worth it?",
        "Server {ip} does not answer on port 5432.",
        "Is {ip6} one of ours?",
        "Please open {file} and summarise it.",
        "Mail {email} about part number {part}.",
        "Have a look at {url} and tell me what is new.",
        "What happened at unix time {epoch}?",
        "Pod {pod} restarts every {num} seconds.",
        "Our colour is {colour}, which contrast fits?",
        "We served {big} requests since {date}.",
        "What does {long} mean?",
        "Write a function in {lang} that validates a credit card number with Luhn.",
        "What is an IBAN and how many characters has a German one?",
        "Does the HR form ask for my social security number or passport?",
        "Explain what a JWT consists of, please.",
        "Which secret manager do we use, Vault or AWS Secrets Manager?",
        "Secret Santa is on {date} at {time}, who joins?",
        "pip install fails with error {num} on version {ver}.",
        "Translate 'Please enter your password' to Japanese and {lang} docs.",
        "What is the pass rate of build {num}?",
        "Flight LH{num} leaves at {time} from gate {room}.",
    ),
    "de": (
        "Ist die Passwortrichtlinie öffentlich?",
        "Wie viele Token darf eine Anfrage an {model} haben?",
        "Das Passwort lautet anders als gestern, sagt {name}.",
        "Mein Passwort ist abgelaufen, wo setze ich es zurück?",
        "Das Kennwort muss alle {num} Tage geändert werden, stimmt das?",
        "Passwort vergessen, Ticket {ticket} ist offen.",
        "Wer hat den Schlüssel zu Raum {room}?",
        "Wie speichere ich einen API-Schlüssel sicher in {lang}?",
        "Bestellung {order} ist noch nicht da, Sendung {track}.",
        "Bitte ruf den Kunden unter {phone} an.",
        "Die Rechnung {invoice} über {euprice} € ist am {eudate} fällig.",
        "Der Commit {sha} ist fehlerhaft.",
        "Version {ver} kommt am {eudate} um {time} Uhr.",
        "Das Ticket {uuid} gehört {name}.",
        "Kennt jemand das Buch mit der ISBN {isbn}?",
        "Der Server {ip} ist nicht erreichbar.",
        "Fasse bitte {file} zusammen.",
        "Schreib an {email} wegen Artikel {part}.",
        "Was steht auf {url} Neues?",
        "Was bedeutet {long}?",
        "Wo finde ich die Steuer-ID auf der Lohnabrechnung?",
        "Wie lang ist eine deutsche IBAN?",
        "Brauche ich für die Reise einen Reisepass?",
        "Was kostet das Abo, {euprice} € im Jahr?",
        "Die Besprechung ist am {eudate} in {room}.",
        "Ist der Token nach {num} Minuten ungültig?",
        "Was ist der Unterschied zwischen Authentifizierung und Autorisierung?",
        "Paragraf {num} Absatz 2 DSGVO, was heißt das für uns?",
    ),
    "fr": (
        "Est-ce que la politique de mot de passe est publique ?",
        "Quelle est la limite de jetons de {model} ?",
        "Mon mot de passe est expiré, que faire ?",
        "Le mot de passe est incorrect depuis {time}.",
        "J'ai oublié mon mot de passe, voir {ticket}.",
        "Qui a la clé de la salle {room} ?",
        "Comment stocker une clé API en {lang} ?",
        "La commande {order} n'est pas arrivée, suivi {track}.",
        "Peux-tu appeler le {phone} avant {time} ?",
        "La facture {invoice} de {euprice} € est due le {sldate}.",
        "Le commit {sha} casse la version {ver}.",
        "Le ticket {uuid} est à {name}.",
        "Avez-vous lu le livre ISBN {isbn} ?",
        "Le serveur {ip} ne répond pas.",
        "Résume le fichier {file} s'il te plaît.",
        "Écris à {email} au sujet de la pièce {part}.",
        "Que dit la page {url} ?",
        "Que veut dire {long} ?",
        "Où trouver son numéro de sécurité sociale ?",
        "La réunion du {sldate} est en salle {room}.",
        "Un IBAN français a combien de caractères ?",
        "Le jeton est valable {num} minutes ?",
        "Les mots clés de l'article sont lesquels ?",
        "Traduis ce texte de {num} mots en anglais.",
        "Le mot de passe est-il obligatoire pour {file} ?",
    ),
    "es": (
        "¿La política de contraseñas es pública?",
        "¿Cuál es el límite de tokens de {model}?",
        "Mi contraseña es demasiado corta, ¿qué hago?",
        "La contraseña es incorrecta desde las {time}.",
        "Olvidé mi contraseña, ticket {ticket}.",
        "La clave es empezar pronto, dice {name}.",
        "¿Quién tiene la llave de la sala {room}?",
        "¿Cómo guardo una clave API en {lang}?",
        "El pedido {order} no llegó, seguimiento {track}.",
        "Llama al {phone} antes de las {time}.",
        "La factura {invoice} de {euprice} € vence el {sldate}.",
        "El commit {sha} rompe la versión {ver}.",
        "El ticket {uuid} es de {name}.",
        "¿Has leído el libro ISBN {isbn}?",
        "El servidor {ip} no responde.",
        "Resume el archivo {file}, por favor.",
        "Escribe a {email} por la pieza {part}.",
        "¿Qué hay de nuevo en {url}?",
        "¿Qué significa {long}?",
        "¿Dónde renuevo el DNI o el NIE?",
        "La reunión del {sldate} es en {room}.",
        "¿Cuántos dígitos tiene un IBAN español?",
        "¿El token caduca a los {num} minutos?",
        "¿Cuáles son las palabras clave del informe {num}?",
        "Gastamos {euprice} € en {num} licencias.",
    ),
    "pt": (
        "A política de senhas é pública?",
        "Qual é o limite de tokens do {model}?",
        "Minha senha é muito fraca, o que faço?",
        "A senha é obrigatória para abrir {file}?",
        "Esqueci a palavra-passe, pedido {ticket}.",
        "Quem tem a chave da sala {room}?",
        "Como guardar uma chave de API em {lang}?",
        "A encomenda {order} não chegou, rastreio {track}.",
        "Liga para {phone} antes das {time}.",
        "A fatura {invoice} de {euprice} € vence em {sldate}.",
        "O commit {sha} quebrou a versão {ver}.",
        "O chamado {uuid} é do {name}.",
        "Já leste o livro ISBN {isbn}?",
        "O servidor {ip} não responde.",
        "Resume o ficheiro {file}, por favor.",
        "Escreve para {email} sobre a peça {part}.",
        "O que há de novo em {url}?",
        "O que significa {long}?",
        "Onde encontro o NIF no recibo?",
        "O CPF é obrigatório na nota fiscal?",
        "A reunião de {sldate} é na sala {room}.",
        "Quantos dígitos tem um CNPJ?",
        "O token expira em {num} minutos?",
        "Gastámos {euprice} € em {num} licenças.",
        "Quais são as palavras-chave do relatório {num}?",
    ),
    "ja": (
        "パスワードのポリシーは公開されていますか。",
        "{model}のトークン上限はいくつですか。",
        "パスワードは{num}日ごとに変更が必要ですか。",
        "パスワードを忘れました。{ticket}を確認してください。",
        "パスワードは正しいのにログインできません。担当は{name}さんです。",
        "会議室{room}の鍵は誰が持っていますか。",
        "{lang}でAPIキーを安全に保存する方法を教えてください。",
        "注文番号{order}がまだ届きません。追跡番号は{track}です。",
        "{time}までに{phone}へ電話してください。",
        "請求書{invoice}の金額は{yen}で、期限は{date}です。",
        "コミット{sha}でビルドが壊れました。",
        "バージョン{ver}は{date}に公開されます。",
        "チケット{uuid}の担当は{name}さんです。",
        "ISBN {isbn}の本を読みましたか。",
        "サーバー{ip}が応答しません。",
        "{file}を要約してください。",
        "部品番号{part}について{email}に連絡してください。",
        "{url} の内容を教えてください。",
        "{long}とはどういう意味ですか。",
        "マイナンバーカードの更新方法を教えてください。",
        "パスポートの申請に何日かかりますか。",
        "{date}の会議は{time}からです。",
        "トークンの有効期限は{num}分ですか。",
        "売上は{yen}で、前年比{num}%でした。",
        "暗証番号を変更する手順を教えてください。",
    ),
}


def ordinary(rng: random.Random, n: int) -> list[str]:
    """Return n varied messages without secrets, the six languages in turn, repeating only if the templates run out."""
    out: list[str] = []
    seen: set[str] = set()
    decks: dict[str, list[str]] = {lang: [] for lang in _ORDINARY}
    langs = list(_ORDINARY)
    misses = 0
    while len(out) < n:
        lang = langs[(len(out) + misses) % len(langs)]
        if not decks[lang]:
            decks[lang] = rng.sample(_ORDINARY[lang], len(_ORDINARY[lang]))
        text = decks[lang].pop().format_map(_fields(rng))
        if text in seen and misses < 20 * n + 100:
            misses += 1
            continue
        seen.add(text)
        out.append(text)
    rng.shuffle(out)
    return out
