"""The command line, as people and programs use it."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from adapters.slack.listeners import EVENTS
from adapters.slack.manifest import COMMANDS, SCOPES
from adapters.slack.manifest import manifest as slack_manifest
from adapters.teams.manifest import COMMANDS as TEAMS_WORDS
from adapters.teams.manifest import manifest as teams_manifest
from bot.desk.desk import WORDS
from bot.desk.requests import SINGLE_WORDS as REQUEST_WORDS

ROOT = Path(__file__).resolve().parents[2]
GUID = "1b4e28ba-2fa1-11d2-883f-b9a761bde3fb"
HEADER = "email,name,manager,department,kind,location,start_date,slack_id,teams_id\n"


def mayi(*arguments: str, cwd: Path, stdin: str | bytes = b"", **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **variables},
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in found.stderr, found.stderr.decode()
    return subprocess.CompletedProcess(found.args, found.returncode, found.stdout.decode(), found.stderr.decode())


def test_ask_answers_without_a_database_and_makes_none(tmp_path: Path) -> None:
    """CONTRACT: without a database it answers from the content and keeps no receipt."""
    answer = mayi("ask", "--json", "can I paste customer emails into chatgpt", cwd=tmp_path)

    found = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert found["verdict"] == "prohibited"
    assert found["intent"] == "ask"
    assert found["tools"] == [{"name": "ChatGPT Free", "tier": "tier2", "status": "active", "known": True, "heard": "chatgpt"}]
    assert found["data"] == [{"id": "customer", "heard": "customer emails"}]
    assert found["verdicts"] == [{"tool": "ChatGPT Free", "data": "customer", "verdict": "prohibited", "conditions": [], "citations": ["§5"]}]
    assert (found["receipt"], found["language"], found["uses"]) == (None, "en", [])
    assert found["reply"].startswith("No")
    assert list(tmp_path.iterdir()) == []


def test_ask_keeps_a_receipt_where_there_is_a_database(tmp_path: Path) -> None:
    """With a database: its register, and a receipt."""
    assert mayi("register", "list", cwd=tmp_path).returncode == 0

    found = json.loads(mayi("ask", "--json", "--as", "ann@example.com", "is chatgpt ok for blog posts", cwd=tmp_path).stdout)

    assert found["receipt"].startswith("RCP-")


def test_an_unregistered_tool_has_no_status(tmp_path: Path) -> None:
    """CONTRACT: name as heard, known false, the unregistered tier, status null."""
    found = json.loads(mayi("ask", "--json", "can I put a press release into Flurbinator?", cwd=tmp_path).stdout)

    assert found["tools"] == [{"name": "Flurbinator", "tier": "tier4", "status": None, "known": False, "heard": "Flurbinator"}]


def test_questions_from_standard_input_are_answered_line_by_line(tmp_path: Path) -> None:
    """CONTRACT: in order, one object a line; an empty or unreadable line gives an error object and exit 1 at the end."""
    lines = b"is gamma approved?\n\n\xff\xfe\nand with claude?\ncan I put passwords into ChatGPT?\n"

    answer = mayi("ask", "--json", "-", cwd=tmp_path, stdin=lines)

    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 1
    assert [entry.get("verdict", "error") for entry in found] == [None, "error", "error", "ask_back", "prohibited"]


def test_a_pasted_secret_does_not_come_back(tmp_path: Path) -> None:
    """S67: `text`, `heard` and `reply` are redacted."""
    answer = mayi("ask", "--json", "can chatgpt fix password: hunter2secret", cwd=tmp_path)

    assert "hunter2" not in answer.stdout
    assert json.loads(answer.stdout)["verdict"] == "prohibited"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["ask"],
        ["serve"],
        ["work"],
        ["playground"],
        ["check"],
        ["manifest"],
        ["register"],
        ["people"],
        ["outbox"],
        ["db"],
        ["register", "list"],
        ["db", "backup"],
    ],
    ids=lambda arguments: " ".join(arguments) or "mayi",
)
def test_every_command_has_help(arguments: list[str], tmp_path: Path) -> None:
    """CONTRACT: --help everywhere, exit 0."""
    answer = mayi(*arguments, "--help", cwd=tmp_path)

    assert answer.returncode == 0
    assert "Usage" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ask", "-"], 2, "needs --json"),
        (["ask"], 2, "Write a question"),
        (["no-such-command"], 2, "No such command"),
        (["check", "--content", "nowhere"], 1, "does not exist"),
        (["register", "show", "Nothing"], 1, "not in the register"),
        (["register", "import", "nowhere.yaml"], 1, "the file is missing"),
        (["people", "import", "nowhere.csv"], 1, "cannot be read"),
        (["outbox", "list"], 1, "mayi db upgrade"),
        (["db", "backup", "copy.db"], 1, "There is no database"),
        (["manifest", "slack", "x.json", "--url", "http://x"], 2, "--url must be"),
        (["manifest", "teams", "x.zip", "--url", "https://x.example.com"], 2, "MicrosoftAppId"),
        (["work"], 2, "No platform is set up"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_input_gets_a_sentence_that_says_what_to_do(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    """Exit 1 for a finding, 2 for misuse; never a traceback."""
    answer = mayi(*arguments, cwd=tmp_path)

    assert (answer.returncode, said in answer.stderr + answer.stdout) == (code, True), answer.stderr


@pytest.mark.parametrize(
    ("url", "said"), [("nonsense", "must look like"), ("mysql://x/y", "MayI uses"), ("postgresql://nobody@127.0.0.1:1/x", "cannot be")]
)
def test_a_bad_database_is_named(url: str, said: str, tmp_path: Path) -> None:
    """One sentence, whatever the driver says."""
    answer = mayi("register", "list", cwd=tmp_path, DATABASE_URL=url)

    assert answer.returncode in (1, 2)
    assert said in answer.stderr


def test_check_passes_on_the_shipped_content_with_notes(tmp_path: Path) -> None:
    """Notes (sample entries, past review) exit 0."""
    answer = mayi("check", cwd=tmp_path)

    assert answer.returncode == 0
    assert "sample entries are still in place" in answer.stdout


def test_explain_shows_what_was_heard_and_why(tmp_path: Path) -> None:
    """Issue: `--explain` names each phrase with its meaning and each rule with its weight; never the secret."""
    answer = mayi("ask", "--explain", "can I put our roadmap into Gamma? password: hunter2secret!", cwd=tmp_path)

    assert answer.returncode == 0
    for told in ("'roadmap': data, confidential", "'Gamma': Gamma (tier3, active)", "tier3/confidential (§5): prohibited, decides"):
        assert told in answer.stdout
    assert "hunter2" not in answer.stdout


def test_later_questions_of_a_scenario_are_compared_too(tmp_path: Path) -> None:
    """A conversation is a test as a whole; the line is that of the question that came out otherwise."""
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(ROOT / "policy_content", folder)
    told = "scenarios:\n  - ask: blog posts into ChatGPT?\n    verdict: permitted\n    then:\n      - {ask: and our passwords?, verdict: permitted}\n"
    (folder / "scenarios" / "more.yaml").write_text(told, "utf-8")

    answer = mayi("check", "--content", str(folder), cwd=tmp_path)

    assert answer.returncode == 1
    assert "scenarios/more.yaml:5: “and our passwords?” gives prohibited" in answer.stdout


def test_a_failing_scenario_is_a_fault_with_its_line(tmp_path: Path) -> None:
    """Policy tests belong to the policy."""
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(ROOT / "policy_content", folder)
    (folder / "scenarios" / "more.yaml").write_text("scenarios:\n  - {ask: Can I put passwords into ChatGPT?, verdict: permitted}\n", "utf-8")

    answer = mayi("check", "--content", str(folder), cwd=tmp_path)

    assert answer.returncode == 1
    assert "scenarios/more.yaml:2: " in answer.stdout


def test_changed_content_needs_a_new_version(tmp_path: Path) -> None:
    """CONTRACT: a changed folder needs a new `version`."""
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(ROOT / "policy_content", folder)
    assert mayi("register", "list", cwd=tmp_path, POLICY_CONTENT=str(folder)).returncode == 0
    (folder / "roles.yaml").write_text((folder / "roles.yaml").read_text("utf-8") + "# more\n", "utf-8")

    answer = mayi("register", "list", cwd=tmp_path, POLICY_CONTENT=str(folder))

    assert answer.returncode == 1
    assert "give policy.md a new version" in answer.stderr


def test_the_register_goes_out_and_comes_back(tmp_path: Path) -> None:
    """Export, change, import: only what differs is changed."""
    assert mayi("register", "export", "out.yaml", cwd=tmp_path).returncode == 0
    text = (tmp_path / "out.yaml").read_text("utf-8")

    assert mayi("register", "import", "out.yaml", cwd=tmp_path).stdout.startswith("0 tools")
    (tmp_path / "out.yaml").write_text(re.sub(r"(- name: Gamma\n  vendor: .*\n  tier: )tier3", r"\1tier4", text), "utf-8")
    changed = mayi("register", "import", "out.yaml", cwd=tmp_path).stdout
    shown = json.loads(mayi("register", "show", "gamma", "--json", cwd=tmp_path).stdout)

    assert changed.startswith("1 tools")
    assert shown[0]["tier"] == "tier4"


def test_an_import_that_would_share_an_alias_is_refused(tmp_path: Path) -> None:
    """Two entries listing one alias is a fault, also across files."""
    (tmp_path / "more.yaml").write_text("tools:\n- {name: Mine, tier: tier1, aliases: [chatgpt]}\n", "utf-8")

    answer = mayi("register", "import", "more.yaml", cwd=tmp_path)

    assert answer.returncode == 1
    assert "would be an alias" in answer.stderr


def test_an_import_into_a_locked_database_is_one_sentence(tmp_path: Path) -> None:
    """S42 at the command line: nothing is changed, and the sentence says so. Mutation: let `NotSaved` through in `run`."""
    assert mayi("register", "export", "out.yaml", cwd=tmp_path).returncode == 0
    changed = (tmp_path / "out.yaml").read_text("utf-8").replace("vendor: ", "vendor: New ")
    (tmp_path / "out.yaml").write_text(changed, "utf-8")
    with closing(sqlite3.connect(tmp_path / "mayi.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = mayi("register", "import", "out.yaml", cwd=tmp_path)
        other.execute("ROLLBACK")

    assert answer.returncode == 1
    assert "nothing was changed" in answer.stderr
    assert "New " not in mayi("register", "export", cwd=tmp_path).stdout


def test_two_imports_at_once_both_succeed(tmp_path: Path) -> None:
    """S19: one is second, reads again and writes on top. Mutation: complain at the first `Stale`."""
    assert mayi("register", "export", "out.yaml", cwd=tmp_path).returncode == 0
    text = (tmp_path / "out.yaml").read_text("utf-8")
    for number in (1, 2):
        (tmp_path / f"{number}.yaml").write_text(text.replace("vendor: ", f"vendor: Vendor{number} "), "utf-8")
    with ThreadPoolExecutor() as several:
        answers = list(several.map(lambda number: mayi("register", "import", f"{number}.yaml", cwd=tmp_path), (1, 2)))

    assert [answer.returncode for answer in answers] == [0, 0], answers
    after = mayi("register", "export", cwd=tmp_path).stdout
    assert ("Vendor1 " in after) != ("Vendor2 " in after)


def test_people_are_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    """Wrong rows are reported by line, and nothing is imported."""
    good = "ann@example.com,Ann Lee,dana@example.com,Support,employee,Berlin,2024-02-01,U0ANN,\n"
    (tmp_path / "people.csv").write_text(HEADER + good, "utf-8")
    (tmp_path / "bad.csv").write_text(HEADER + good + "nobody,x,,,,,,,\nben@example.com,Ben,,,robot,,soon,,\n" + good, "utf-8")

    bad = mayi("people", "import", "bad.csv", cwd=tmp_path)
    assert bad.returncode == 1
    assert [line.split(":")[:2] for line in bad.stderr.splitlines()] == [["bad.csv", "3"], ["bad.csv", "4"], ["bad.csv", "4"], ["bad.csv", "5"]]
    assert mayi("people", "export", cwd=tmp_path).stdout == HEADER

    assert "would be imported" in mayi("people", "import", "--dry-run", "people.csv", cwd=tmp_path).stdout
    assert mayi("people", "import", "people.csv", cwd=tmp_path).returncode == 0
    assert mayi("people", "export", cwd=tmp_path).stdout == HEADER + good


def test_the_database_is_made_copied_and_listed(tmp_path: Path) -> None:
    """upgrade, upgrade again, backup, outbox list and retry."""
    assert "brought up to date" in mayi("db", "upgrade", cwd=tmp_path).stdout
    assert "is current" in mayi("db", "upgrade", cwd=tmp_path).stdout
    assert mayi("db", "backup", "copy.db", cwd=tmp_path).returncode == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
    assert mayi("db", "backup", "copy.db", cwd=tmp_path).returncode == 1
    assert json.loads(mayi("outbox", "list", "--json", cwd=tmp_path).stdout) == []
    assert mayi("outbox", "retry", "nothing", cwd=tmp_path).returncode == 1


def test_rehearsal_is_refused_where_a_real_platform_could_be_reached(tmp_path: Path) -> None:
    """CONTRACT: --as-of only while every platform address is a loopback one."""
    slack = {"SLACK_BOT_TOKEN": "xoxb-1-2", "SLACK_SIGNING_SECRET": "0123456789abcdef0123"}

    assert "loopback" in mayi("work", "--once", "--as-of", "2027-01-01T00:00:00+00:00", cwd=tmp_path, **slack).stderr
    local = slack | {"SLACK_API_URL": "http://127.0.0.1:1/"}
    assert "offset" in mayi("work", "--once", "--as-of", "2027-01-01T00:00:00", cwd=tmp_path, **local).stderr


def test_the_manifests_are_what_the_code_listens_for(tmp_path: Path) -> None:
    """Manifests offer only what works: events, commands and words are the code's own."""
    written = slack_manifest("https://mayi.example.com")
    assert {event.partition(".")[0] for event in written["settings"]["event_subscriptions"]["bot_events"]} == set(EVENTS)
    assert (
        [command["command"] for command in written["features"]["slash_commands"]] == [command for command, _, _ in COMMANDS] == ["/ai", "/ai-request"]
    )
    assert written["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert {title for title, _ in TEAMS_WORDS} <= {*WORDS, *REQUEST_WORDS}
    assert teams_manifest("https://mayi.example.com", GUID)["validDomains"] == ["mayi.example.com"]

    assert mayi("manifest", "slack", "slack.json", "--url", "https://mayi.example.com", cwd=tmp_path).returncode == 0
    assert json.loads((tmp_path / "slack.json").read_text("utf-8")) == written
    teams = {"MicrosoftAppId": GUID, "MicrosoftAppPassword": "a-good-password", "MicrosoftAppTenantId": GUID}
    assert mayi("manifest", "teams", "teams.zip", "--url", "https://mayi.example.com", cwd=tmp_path, **teams).returncode == 0
    with zipfile.ZipFile(tmp_path / "teams.zip") as archive:
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
        sizes = {name: int.from_bytes(archive.read(name)[16:20], "big") for name in ("color.png", "outline.png")}
        assert sizes == {"color.png": 192, "outline.png": 32}
        assert json.loads(archive.read("manifest.json"))["bots"][0]["botId"] == GUID


def test_who_is_not_in_the_complete_file_has_left(tmp_path: Path) -> None:
    """R142: `--complete` takes leavers their place, a dry run changes nothing, and who comes back is there again."""
    header = "email,name,manager,department,kind,location,start_date,slack_id,teams_id\n"
    row = "{0}@example.com,{0},,Support,employee,,,,\n"
    both, one = tmp_path / "both.csv", tmp_path / "one.csv"
    both.write_text(header + row.format("ann") + row.format("ben"), "utf-8")
    one.write_text(header + row.format("ann"), "utf-8")

    assert "2 new, 0 known" in mayi("people", "import", "both.csv", cwd=tmp_path).stdout
    assert "0 new, 1 known, 1 have left" in mayi("people", "import", "--complete", "--dry-run", "one.csv", cwd=tmp_path).stdout
    assert "ben@example.com" in mayi("people", "export", cwd=tmp_path).stdout
    assert "1 have left" in mayi("people", "import", "--complete", "one.csv", cwd=tmp_path).stdout
    assert "ben@example.com" not in mayi("people", "export", cwd=tmp_path).stdout
    assert "0 new, 2 known" in mayi("people", "import", "both.csv", cwd=tmp_path).stdout
    assert "ben@example.com" in mayi("people", "export", cwd=tmp_path).stdout
