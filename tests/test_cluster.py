"""The private PostGIS: what it lets one do, how it heals, who stops it. Real servers, own homes."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from gspace import cluster, clusterfiles, postgres


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of this file's own; the database server's user has to get there."""
    home = Path(tmp_path_factory.mktemp("cluster"))
    for folder in (home, *home.parents):
        if folder.owner() == home.owner() and folder != Path(folder.anchor):
            folder.chmod(folder.stat().st_mode | 0o011)
        if folder.parent == Path("/tmp"):
            break
    return home


@pytest.fixture
def home(made_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("GSPACE_HOME", str(made_home))
    yield made_home
    cluster.command(["stop"])


def asked(question: str) -> tuple[object, ...]:
    connection = psycopg2.connect(postgres.dsn())
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            found = cursor.fetchone()
            assert found is not None
            return found
    finally:
        connection.close()


def test_it_listens_on_no_network_and_its_role_is_no_superuser(home: Path) -> None:
    with cluster.using():
        assert asked("SELECT current_setting('listen_addresses'), current_user") == ("", "gspace")
        assert asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == (False,)
        assert str(asked("SELECT postgis_lib_version()")[0]) >= "3.3"
        for name, value in clusterfiles.ROLE_SETTINGS.items():
            assert asked(f"SELECT current_setting('{name}')") == (value,)
        assert asked("SELECT current_setting('synchronous_commit')") == ("on",)
        assert not (postgres.socket_dir().stat().st_mode & 0o077)


def test_another_user_of_the_machine_is_not_let_in(home: Path) -> None:
    with cluster.using():
        hba = (cluster.find_place().data / "pg_hba.conf").read_text()
        assert hba == "local all all peer map=gspace\n"
        with pytest.raises(psycopg2.OperationalError, match="Peer authentication failed"):
            psycopg2.connect(postgres.dsn().replace("user='gspace'", "user='postgres'"))


def test_the_last_user_stops_it(home: Path) -> None:
    with cluster.using():
        with cluster.using():
            assert cluster.is_running()
        assert cluster.is_running()
    assert not cluster.is_running()


def test_started_by_hand_it_stays(home: Path) -> None:
    assert cluster.command(["start"]) == 0
    with cluster.using():
        assert cluster.is_running()
    assert cluster.is_running()
    assert cluster.command(["stop"]) == 0
    assert not cluster.is_running()


def test_stopping_by_hand_waits_for_those_who_use_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.command(["start"])
    with cluster.using():
        assert cluster.command(["stop"]) == 0
        assert "the last one will stop it" in capsys.readouterr().out
        assert asked("SELECT 1") == (1,)
    assert not cluster.is_running()


def kill_postmaster() -> None:
    pid = cluster._postmaster(cluster.find_place())
    assert pid
    os.kill(pid, signal.SIGKILL)
    while cluster.is_running():
        time.sleep(0.01)


def test_after_a_crash_it_starts_again_with_its_data(home: Path) -> None:
    with cluster.using():
        asked("CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (1); COMMIT;"
              "SELECT 1")  # fmt: skip
        kill_postmaster()
        assert not cluster.is_running()
        with cluster.using():
            assert asked("SELECT count(*) > 0 FROM kept") == (True,)


def test_a_pid_file_with_a_reused_number_does_not_stop_it(home: Path) -> None:
    with cluster.using():
        kill_postmaster()
        file = cluster.find_place().data / "postmaster.pid"
        lines = file.read_text().splitlines()
        file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
        assert cluster.start()
        assert asked("SELECT 1") == (1,)


def test_it_does_not_start_beside_a_surviving_backend(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ORPHAN_SECONDS", 1)
    with cluster.using():
        connection = psycopg2.connect(postgres.dsn())
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        try:
            kill_postmaster()
            with pytest.raises(cluster.ClusterError, match=f"process.*{backend}"):
                cluster.start()
        finally:
            os.kill(backend, signal.SIGCONT)
        monkeypatch.setattr(cluster, "ORPHAN_SECONDS", 10)
        assert cluster.start()


def test_a_setting_it_does_not_know_is_said_in_a_sentence(home: Path) -> None:
    with cluster.using():
        place = cluster.find_place()
    wrong = place.data / "local.conf"
    wrong.write_text("no_such_thing = 1\n")
    wrong.chmod(0o644)
    try:
        with pytest.raises(cluster.ClusterError, match="no_such_thing"), cluster.using():
            pass
    finally:
        wrong.unlink()


def test_data_of_another_version_name_the_package_to_install(home: Path) -> None:
    with cluster.using():
        place = cluster.find_place()
    version = place.data / "PG_VERSION"
    kept = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(cluster.ClusterError, match="install the package postgresql-9-postgis"):
            cluster.start()
    finally:
        version.write_text(kept)


def test_a_deep_home_gets_a_short_socket(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = home / ("d" * 100)
    monkeypatch.setenv("GSPACE_HOME", str(deep))
    with cluster.using():
        assert len(os.fsencode(postgres.socket_dir())) <= clusterfiles.SOCKET_DIR_BYTES
        assert asked("SELECT 1") == (1,)
        first = postgres.socket_dir()
    with cluster.using():
        assert postgres.socket_dir() == first
    shutil.rmtree(first)
    with cluster.using():
        assert asked("SELECT 1") == (1,)
    shutil.rmtree(postgres.socket_dir())


def test_a_copied_home_does_not_lead_to_the_original(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = home / ("o" * 100), home / ("t" * 100)
    (one / "postgres").mkdir(parents=True)
    (one / "postgres" / "socket-dir").write_text(f"{one}\n/tmp/of-one\n")
    shutil.copytree(one, two)
    monkeypatch.setenv("GSPACE_HOME", str(one))
    assert postgres.socket_dir() == Path("/tmp/of-one")
    monkeypatch.setenv("GSPACE_HOME", str(two))
    assert postgres.socket_dir() != Path("/tmp/of-one")
    shutil.rmtree(one)  # moved, not copied: the note still counts
    assert postgres.socket_dir() == Path("/tmp/of-one")


def test_a_home_that_cannot_be_used_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("GSPACE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(cluster.ClusterError, match="choose another folder with GSPACE_HOME"):
        cluster.start()


def test_a_server_of_ones_own_is_never_started_or_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GSPACE_HOME", str(tmp_path / "untouched"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p%20w@db.example:5433/name?sslmode=require")
    with cluster.using():
        assert postgres.connection_settings() == {
            "NAME": "name",
            "USER": "u",
            "PASSWORD": "p w",
            "HOST": "db.example",
            "PORT": "5433",
            "OPTIONS": {"sslmode": "require"},
        }
        assert postgres.dsn("x").startswith("dbname='x' user='u' password='p w' host='db.example'")
    assert not (tmp_path / "untouched").exists()


def test_an_unreadable_database_url_says_how_it_should_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for wrong in ("mysql://a/b", "postgresql://host", "nonsense"):
        monkeypatch.setenv("DATABASE_URL", wrong)
        with pytest.raises(ValueError, match="postgresql://USER:PASSWORD@HOST:PORT/DATABASE"):
            postgres.connection_settings()
