"""Where people put a secret: in URLs, code, quotes, tables, other languages, split over lines."""

import html
import json
import re
import unicodedata
from collections.abc import Callable

from tests.secrets.registry import SECRET_PART

ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")


def _urlish(text: str) -> str:
    """Encode only white space, so that the text may stand in a URL and still be found."""
    return text.replace(" ", "%20").replace("\n", "%0A")


def _json(text: str) -> str:
    """JSON snippet."""
    return 'The config is {"name": "job-7", "value": ' + json.dumps(text, ensure_ascii=False) + ', "enabled": true}'


def _yaml(text: str) -> str:
    """YAML line, a block scalar if the text has several lines."""
    if "\n" in text:
        return "service:\n  retries: 3\n  credential: |\n" + "\n".join("    " + line for line in text.split("\n")) + "\n  debug: false"
    return f"service:\n  retries: 3\n  credential: {text}\n  debug: false"


def _split(text: str) -> str:
    """Text with a newline in its middle."""
    half = len(text) // 2
    return "It wrapped in the mail:\n" + text[:half] + "\n" + text[half:] + "\nCan you join it?"


def _zero_width(text: str) -> str:
    """Text with an invisible character after every fourth one."""
    out = "".join(c + (ZERO_WIDTH[i // 4 % len(ZERO_WIDTH)] if i % 4 == 3 else "") for i, c in enumerate(text))
    return f"Does this look right? {out} Thanks"


def _full_width(text: str) -> str:
    """Text in full-width characters, which NFKC folds to ASCII."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)
    return f"Please check {wide} for me"


def _quoted(text: str) -> str:
    """E-mail quote prefix on each line."""
    lines = ("Hi,\nplease use this from now on:\n" + text + "\nRegards").split("\n")
    return "On Monday Anna wrote:\n" + "\n".join("> " + line for line in lines) + "\n\nIs that safe?"


def _traceback(text: str) -> str:
    """Python traceback whose message holds the text."""
    return (
        'Traceback (most recent call last):\n  File "/app/main.py", line 42, in <module>\n    client.connect()\n'
        f'  File "/app/client.py", line 118, in connect\n    raise AuthError(value)\nclient.AuthError: rejected: {text}\n'
    )


PLACEMENTS: dict[str, Callable[[str], str]] = {
    "bare": lambda s: s,
    "plain_sentence": lambda s: f"Hello, I found {s} in our wiki and wonder what to do",
    "start": lambda s: f"{s} is what they sent me, can you explain it?",
    "end_full_stop": lambda s: f"Please have a look at {s}.",
    "end_question_mark": lambda s: f"Why was it refused when I sent {s}?",
    "double_quotes": lambda s: f'He wrote "{s}" in the ticket',
    "single_quotes": lambda s: f"He wrote '{s}' in the ticket",
    "curly_quotes": lambda s: f"Er schrieb \u201e{s}\u201c in das Ticket",
    "backticks": lambda s: f"What does `{s}` do?",
    "code_block": lambda s: f"Please review:\n```\n# config\n{s}\n```\nThanks",
    "code_block_language": lambda s: f"```python\nvalue = '''{s}'''\nprint(value)\n```",
    "json": _json,
    "yaml": _yaml,
    "url_query": lambda s: f"It calls https://api.example.com/v1/items?page=2&key={_urlish(s)}&sort=asc all the time",
    "url_path": lambda s: f"Open https://intra.example.com/share/{_urlish(s)}/view please",
    "slack_link": lambda s: f"See <https://intra.example.com/doc?x={_urlish(s)}|the document> for details",
    "slack_link_text": lambda s: f"See <https://intra.example.com/doc|{s}> for details",
    "slack_mailto": lambda s: f"Write to <mailto:{_urlish(s)}|{s}> about it",
    "slack_mention": lambda s: f"<@U02ABCDEF12> said in <#C01GENERAL9|general>: {s} :eyes:",
    "after_colon": lambda s: f"Here it is:{s}",
    "after_equals": lambda s: f"value={s}",
    "parentheses": lambda s: f"The old entry ({s}) no longer works",
    "square_brackets": lambda s: f"2026-03-01 10:22:07 ERROR [{s}] login failed",
    "table_row": lambda s: f"| name | value | owner |\n|---|---|---|\n| prod | {s} | Kim |",
    "csv_row": lambda s: f"id,name,value\n17,prod,{s},active",
    "list_item": lambda s: f"To do:\n- call Bob\n- {s}\n- lunch",
    "numbered_item": lambda s: f"1. open the page\n2. {s}\n3. save",
    "trailing_comma": lambda s: f"I tried {s}, then it stopped",
    "html": lambda s: f'<div class="note"><b>{html.escape(s, quote=False)}</b><br/></div>',
    "html_attribute": lambda s: f'<input type="hidden" name="v" value="{html.escape(s)}">',
    "shell_export": lambda s: f"$ export MY_VALUE='{s}' && ./run.sh",
    "curl_header": lambda s: f'curl -s -H "X-Api-Key: {s}" https://api.example.com/v1/me',
    "bold": lambda s: f"Use *{s}* here",
    "double_bold": lambda s: f"Use **{s}** here",
    "italic": lambda s: f"Use _{s}_ here",
    "strike": lambda s: f"Not ~{s}~ any more",
    "split_lines": _split,
    "zero_width": _zero_width,
    "full_width": _full_width,
    "upper_surrounding": lambda s: f"URGENT!!! WHAT IS THIS {s} AND WHO MADE IT",
    "lower_surrounding": lambda s: f"hey sorry quick one what is {s} and who made it lol",
    "email_quote": _quoted,
    "traceback": _traceback,
    "german_sentence": lambda s: f"Guten Morgen, können Sie bitte prüfen, ob {s} noch gültig ist?",
    "french_sentence": lambda s: f"Bonjour, pourriez-vous vérifier si {s} est encore valable ?",
    "japanese_sentence": lambda s: f"すみません、{s}はまだ使えますか。",
    "japanese_brackets": lambda s: f"メールに「{s}」と書いてありました。",
    "twice": lambda s: f"First {s} and then again {s} in the log",
    "tabs": lambda s: f"prod\t{s}\tactive",
    "no_break_space": lambda s: f"Voici\u00a0{s}\u00a0merci",
    "emoji": lambda s: f"\U0001f511{s}\U0001f511",
}


def squash(text: str) -> str:
    """Undo what placements do to a text (NFKC, invisible characters, escapes, quote marks) and drop white space."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = re.sub(r"\n> ?", "\n", text)
    text = text.replace("\\n", "").replace("%20", "").replace("%0A", "")
    return re.sub(r"\s+", "", html.unescape(text))


def leaks(kind: str, text: str, output: str, fraction: float = 0.6) -> bool:
    """Tell whether the secret part of a text, or a run of the given fraction of it, survives in an output."""
    part, out = squash(SECRET_PART[kind](text)), squash(output)
    width = min(len(part), max(6, round(len(part) * fraction)))
    return any(part[i : i + width] in out for i in range(len(part) - width + 1))
