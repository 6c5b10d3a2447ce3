"""Start to ready and resident memory of `mayi serve`, beside a process that only imports the SDKs and the store."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.bare_stand_ins import BareStandIns
from tests.benchmarks.servers import answers, environment_for, free_port

MODULES = (
    "slack_bolt.async_app", "slack_sdk.web.async_client", "botbuilder.core", "botbuilder.core.teams", "aiohttp.web",
    "apscheduler.schedulers.asyncio", "store.store",
)  # fmt: skip
IMPORTS = f"import {', '.join(MODULES)}"
REACH = 1.5
ROUNDS = 5


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def bare() -> tuple[float, float]:
    """Seconds and megabytes of the imports alone."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", f"{IMPORTS}\nprint('ready', flush=True)\ninput()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        took, memory = time.perf_counter() - begun, resident_mb(process.pid)
        process.kill()
    return took, memory


def ours(stand_ins: BareStandIns, url: str) -> tuple[float, float]:
    """Seconds until /readyz says so, and megabytes then."""
    port = free_port()
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        env=os.environ | environment_for(stand_ins, url, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        answers(port)(process)
        took, memory = time.perf_counter() - begun, resident_mb(process.pid)
        process.kill()
    return took, memory


def run() -> None:
    """Print the figures."""
    with BareStandIns() as stand_ins, tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/start.db"
        ours(stand_ins, url)
        pairs = [(ours(stand_ins, url), bare()) for _ in range(ROUNDS)]
    for place, what, unit in ((0, "start to ready", "s"), (1, "resident memory", "MB")):
        mine, base = (statistics.median(pair[side][place] for pair in pairs) for side in (0, 1))
        mark = "reached" if mine <= REACH * base else "BELOW"
        print(f"{what}: {mine:.2f} {unit} against {base:.2f} {unit} = {mine / base:.2f} (≤ {REACH})  {mark}")
