"""Real `mayi serve` processes on the stand-ins, to be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from adapters.playground.bot_connector import PASSWORD
from adapters.playground.people import APP_ID, TENANT
from adapters.playground.slack_api import TOKEN
from adapters.playground.stand_ins import StandIns

ROOT = Path(__file__).resolve().parents[2]


def environment(stand_ins: StandIns, url: str, port: int) -> dict[str, str]:
    """The variables that make a process live on the stand-ins."""
    base = stand_ins.teams.base
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": url,
        "PORT": str(port),
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": stand_ins.secret,
        "SLACK_API_URL": f"{stand_ins.slack.base}/api/",
        "MicrosoftAppId": APP_ID,
        "MicrosoftAppPassword": PASSWORD,
        "MicrosoftAppTenantId": TENANT,
        "TEAMS_OPENID_METADATA_URL": f"{base}/openid",
        "TEAMS_TOKEN_URL": f"{base}/token",
        "TEAMS_SERVICE_HOSTS": base.removeprefix("http://"),
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "DEBUG",
    }


@dataclass
class Serving:
    """A serving process."""

    process: "subprocess.Popen[str]"
    port: int

    @property
    def base(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> int:
        """Ask it to end; its exit status."""
        self.process.terminate()
        return self.process.wait(15)


def start(stand_ins: StandIns, url: str, log: Path, content: Path | None = None) -> Serving:
    """A process that is ready to take requests; with its own content, if it shall have any."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    variables = environment(stand_ins, url, port) | ({"POLICY_CONTENT": str(content)} if content else {})
    with log.open("a") as stderr:
        process = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=variables, cwd=log.parent, stderr=stderr, text=True)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"serve ended: {log.read_text()}")
        try:
            with socket.create_connection(("127.0.0.1", port), 0.2) as connection:
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if b" 200 " in connection.recv(100):
                    return Serving(process, port)
        except OSError:
            pass
        time.sleep(0.03)
    raise RuntimeError("serve did not become ready")
