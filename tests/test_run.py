"""`make run` and its mishaps: each a clear sentence, and it ends what it started, nothing else."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from gspace import probe

CHECKOUT = Path(__file__).resolve().parent.parent
SENTENCES_ONLY = re.compile(r"Traceback|Error:|Exception")


def free_port() -> int:
    with socket.socket() as probe_socket:
        probe_socket.bind(("127.0.0.1", 0))
        return int(probe_socket.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of somebody who types `make run`: nothing of this test run's own."""
    ours = {"DATABASE_URL", "PGOPTIONS", "DJANGO_SETTINGS_MODULE", "BIND_HOST", "DEBUG", "PORT"}
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return {**kept, "GSPACE_DEMO": "0", **more}


def serve(home: Path, port: int | str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gspace.serve"],
        cwd=CHECKOUT,
        env=clean_environment(GSPACE_HOME=str(home), PORT=str(port), **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout
    assert not SENTENCES_ONLY.search(done.stderr), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_a_busy_port_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        said = refused(serve(tmp_path, port))
    assert f"Port {port} of 127.0.0.1 cannot be used" in said
    assert f"PORT={port + 1} make run" in said
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("word", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_said(tmp_path: Path, word: str) -> None:
    assert f"PORT={word} is no port" in refused(serve(tmp_path, word))


def test_a_home_in_use_names_who_uses_it(tmp_path: Path) -> None:
    with (tmp_path / "run.lock").open("w+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("process 4711, http://127.0.0.1:8000\n")
        held.flush()
        said = refused(serve(tmp_path, free_port()))
    assert "process 4711, http://127.0.0.1:8000" in said
    assert "GSPACE_HOME=" in said


def test_a_stale_lock_file_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "run.lock").write_text("process 1, http://127.0.0.1:8000\n")
    with socket.create_server(("127.0.0.1", 0)) as busy:  # it gets as far as the port
        assert "cannot be used" in refused(serve(tmp_path, busy.getsockname()[1]))


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(serve(tmp_path / "file" / "home", free_port()))
    assert "GSPACE_HOME" in said


def test_a_server_of_ones_own_that_is_away_is_said(tmp_path: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    done = serve(tmp_path, free_port(), DATABASE_URL=url)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "The database cannot be reached" in done.stdout + done.stderr
    assert "nobody@" not in done.stdout + done.stderr


# --- missing packages ----------------------------------------------------------------------


@pytest.fixture
def bare_path(homes: Path) -> Path:
    """A PATH with a shell's tools and apt-get, but neither msgfmt nor sudo."""
    folder = homes / "bin"
    folder.mkdir()
    for name in ("sh", "id", "ls", "sed", "env", "true", "apt-get", "python3"):
        found = shutil.which(name)
        assert found or name == "apt-get"
        (folder / name).symlink_to(found or "/bin/false")
    return folder


def packages(what: str, path: Path, *, as_root: bool = False) -> subprocess.CompletedProcess[str]:
    everybody = {} if as_root or os.geteuid() != 0 else {"user": 65534, "group": 65534}
    return subprocess.run(
        ["/bin/sh", str(CHECKOUT / ".ci" / "packages"), what],
        cwd="/",
        env={"PATH": str(path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **everybody,  # type: ignore[call-overload]
    )


@pytest.fixture(autouse=True)
def _reachable() -> None:
    """Some tests run as nobody, who must be able to read the checkout."""
    if os.geteuid() == 0 and not os.access(CHECKOUT, os.X_OK):
        pytest.skip("the checkout lies where only root gets to")


def test_without_root_and_sudo_one_sentence_names_the_packages(bare_path: Path) -> None:
    said = refused(packages("run", bare_path))
    assert "neither root nor sudo" in said
    assert "apt-get install gettext" in said


def test_a_sudo_that_wants_a_password_nobody_can_type_is_said(bare_path: Path) -> None:
    (bare_path / "sudo").symlink_to("/bin/false")
    said = refused(packages("run", bare_path))
    assert "sudo wants a password but there is no terminal" in said
    assert "sudo apt-get install gettext" in said


def test_without_apt_the_packages_are_named(bare_path: Path) -> None:
    (bare_path / "apt-get").unlink()
    assert "there is no apt-get to install them: gettext" in refused(packages("run", bare_path))


def test_a_complete_machine_is_asked_for_nothing(bare_path: Path) -> None:
    (bare_path / "apt-get").unlink()
    (bare_path / "msgfmt").symlink_to("/bin/true")
    done = packages("run", bare_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_old_python_is_said(bare_path: Path) -> None:
    (bare_path / "python3").unlink()
    old = bare_path / "python3"
    old.write_text(
        '#!/bin/sh\ncase "$*" in *version_info*) exit 1;; -V) echo Python 3.9.2;; esac\n'
    )
    old.chmod(0o755)
    said = refused(packages("venv", bare_path))
    assert "needs Python 3.11 or newer; python3 is Python 3.9.2" in said


def test_manage_py_starts_under_any_python(tmp_path: Path) -> None:
    other = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if not other:
        pytest.skip("there is no other Python on this machine")
    done = subprocess.run(
        [other, str(CHECKOUT / "manage.py"), "version"],
        cwd=tmp_path,
        env=clean_environment(GSPACE_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("5.2.")


# --- whole runs ----------------------------------------------------------------------------


class Copy:
    """One `make run` in a process group of its own, as a terminal would have it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.output = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the copy
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=CHECKOUT,
            env=clean_environment(GSPACE_HOME=str(home), PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self) -> str:
        self.output.seek(0)
        return self.output.read()

    def wait_for(self, words: str, seconds: float = 90) -> float:
        """Seconds from the start until the output holds `words`."""
        until = time.monotonic() + seconds
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)
        return time.monotonic() - self.began

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)

    def processes(self) -> dict[int, str]:
        """Every process that carries this copy's home in its environment or works in it."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                home = f"GSPACE_HOME={self.home}\0".encode()
                inside = str((entry / "cwd").readlink()).startswith(str(self.home))
                if inside or home in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        found.pop(os.getpid(), None)
        return found

    def process_of(self, word: str) -> int:
        found = [
            pid
            for pid, line in self.processes().items()
            if word in line and "python" in line.split()[0]
        ]
        return found[0] if found else 0


@pytest.fixture
def homes() -> Iterator[Path]:
    """A folder in /tmp that the database's user can reach."""
    with tempfile.TemporaryDirectory(prefix="gspace-run-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def running(home: Path) -> Iterator[Copy]:
    copy = Copy(home, free_port())
    try:
        copy.wait_for("Ctrl-C stops it")
        yield copy
    finally:
        if copy.process.poll() is None:
            copy.press_ctrl_c()


def gone(copy: Copy, seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while copy.processes() and time.monotonic() < until:
        time.sleep(0.1)
    return not copy.processes()


@pytest.mark.prove
def test_two_copies_run_side_by_side_and_ctrl_c_stops_only_its_own(homes: Path) -> None:
    with running(homes / "one") as one, running(homes / "two") as two:
        assert probe.status("127.0.0.1", one.port, "/health/ready") == 200
        assert probe.status("127.0.0.1", two.port, "/health/ready") == 200
        one.press_ctrl_c()
        assert gone(one), one.processes()
        assert "Traceback" not in one.said()
        assert probe.status("127.0.0.1", one.port) is None
        assert probe.status("127.0.0.1", two.port, "/health/ready") == 200


@pytest.mark.prove
def test_a_second_start_takes_less_than_ten_seconds(homes: Path) -> None:
    with running(homes / "home"):
        pass
    again = Copy(homes / "home", free_port())
    try:
        assert again.wait_for("Ctrl-C stops it") < 10
    finally:
        again.press_ctrl_c()


@pytest.mark.prove
def test_a_cluster_started_by_hand_outlives_the_run(homes: Path) -> None:
    home = homes / "home"
    by_hand = [sys.executable, "-m", "gspace.postgres"]
    env = clean_environment(GSPACE_HOME=str(home))
    subprocess.run([*by_hand, "start"], cwd=CHECKOUT, env=env, check=True)
    try:
        with running(home) as copy:
            copy.press_ctrl_c()
        status = subprocess.run([*by_hand, "status"], cwd=CHECKOUT, env=env, check=False)
        assert status.returncode == 0
    finally:
        subprocess.run([*by_hand, "stop"], cwd=CHECKOUT, env=env, check=True)


@pytest.mark.prove
@pytest.mark.parametrize(("name", "word"), [("worker", "--exclude-queues"), ("reader", "0.2")])
def test_a_worker_that_dies_comes_back(homes: Path, name: str, word: str) -> None:
    with running(homes / "home") as copy:
        first = copy.process_of(word)
        os.kill(first, signal.SIGKILL)
        copy.wait_for(f"The {name} ended with code 137: starting it again")
        until = time.monotonic() + 20
        while copy.process_of(word) in {0, first}:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert probe.status("127.0.0.1", copy.port, "/health/ready") == 200


@pytest.mark.prove
def test_when_the_web_server_dies_everything_ends_with_its_code(homes: Path) -> None:
    with running(homes / "home") as copy:
        os.kill(copy.process_of("uvicorn"), signal.SIGKILL)
        copy.process.wait(30)
        assert "The web server ended by itself with code 137" in copy.said()
        assert copy.process.returncode != 0
        assert gone(copy), copy.processes()


@pytest.mark.prove
def test_after_kill_9_nothing_holds_the_port_and_the_next_start_works(homes: Path) -> None:
    with running(homes / "home") as copy:
        os.kill(copy.process_of("gspace.serve"), signal.SIGKILL)
        copy.process.wait(30)
        until = time.monotonic() + 20
        while probe.status("127.0.0.1", copy.port) and time.monotonic() < until:
            time.sleep(0.1)
    # the database was left running: nobody was there to stop it. The next run takes it over.
    with running(homes / "home") as again:
        assert probe.status("127.0.0.1", again.port, "/health/ready") == 200
    assert gone(again), again.processes()


@pytest.mark.prove
def test_a_database_killed_while_stopped_or_running_comes_back(homes: Path) -> None:
    home = homes / "home"
    with running(home) as copy:
        pid_file = home / "postgres" / "cluster" / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        copy.press_ctrl_c()
        assert "Traceback (most recent call last)" not in copy.said().split("stops it")[0]
    with running(home) as again:
        assert probe.status("127.0.0.1", again.port, "/health/ready") == 200


@pytest.mark.prove
def test_tests_and_commands_share_the_running_copy(homes: Path) -> None:
    home = homes / "home"
    with running(home) as copy:
        env = clean_environment(GSPACE_HOME=str(home))
        manage = [sys.executable, "manage.py", "shell", "-v", "0", "-c"]
        question = "from django.db import connection as c; c.ensure_connection(); print('fine')"
        done = subprocess.run(
            [*manage, question], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "fine"
        assert probe.status("127.0.0.1", copy.port, "/health/ready") == 200


def test_the_demo_logins_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gspace import serve as supervisor

    logins = [{"who": "HQ", "username": "hq", "password": "pw", "url": "/hq/kumamoto-2016/"}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GSPACE_HOME", str(tmp_path))
        patch.setenv("PORT", "8123")
        patch.delenv("BIND_HOST", raising=False)
        supervisor._say_hello()  # no logins yet, no complaint
        (tmp_path / "demo-logins.json").write_text(json.dumps(logins))
        supervisor._say_hello()
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8123/hq/kumamoto-2016/" in said
    assert "hq / pw  (HQ)" in said
