"""The first thing a Slack request meets: size, time, signature and form, on the raw bytes, before anything is parsed.

Whatever does not pass is answered 400, 401 or 413 without running a handler and without its body in any log.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qs

WINDOW_SECONDS = 300
DEEPEST = 64


class Refused(Exception):
    """The request is not let in; `status` is its answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def verify(secrets: tuple[str, ...], headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Nothing, for a request that Slack signed within the last five minutes.

    Errors   Refused 401 for anything else. Two secrets stand side by side while one replaces the other.
    Source   docs.slack.dev, verifying requests.
    """
    timestamp, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12) or abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise Refused(401, "the time stamp is missing or too far off")
    if not signature.isascii() or not signature.startswith("v0="):
        raise Refused(401, "the signature is missing")
    for secret in secrets:
        expected = "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected, signature):
            return
    raise Refused(401, "the signature is wrong")


def parsed(content_type: str, body: bytes) -> dict[str, object]:
    """The payload of a signed request: a JSON event, a form (slash command), or a form with a JSON payload.

    Errors   Refused 400 for what is neither.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "not UTF-8") from None
    if "json" in content_type:
        return json_object(text)
    try:
        form = {key: values[0] for key, values in parse_qs(text, keep_blank_values=True, max_num_fields=200).items()}
    except ValueError:
        raise Refused(400, "not a form") from None
    if "payload" in form:
        return json_object(form["payload"])
    if not form.get("command") and not form.get("ssl_check"):
        raise Refused(400, "no command")
    return dict(form)


def json_object(text: str) -> dict[str, object]:
    """A JSON object of sane depth.

    Errors   Refused 400 for anything else.
    """
    if deeper_than(text, DEEPEST):
        raise Refused(400, "nested too deep")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(400, "not JSON") from None
    if not isinstance(value, dict):
        raise Refused(400, "not an object")
    return value


def is_empty_press(payload: Mapping[str, object]) -> bool:
    """Whether an interaction names nothing that was pressed; bolt would fail on it."""
    actions = payload.get("actions")
    return payload.get("type") == "block_actions" and not (isinstance(actions, list) and actions and isinstance(actions[0], dict))


def deeper_than(text: str, deepest: int) -> bool:
    """Whether brackets, those in texts aside, nest deeper than this."""
    if text.count("[") + text.count("{") <= deepest:
        return False
    depth = 0
    quoted = escaped = False
    for char in text:
        if quoted:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                quoted = False
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
            if depth > deepest:
                return True
        elif char in "]}":
            depth -= 1
    return False
