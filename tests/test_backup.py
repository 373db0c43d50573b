"""`make backup` and `make restore`: every row with its photo again, and a new epoch."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from gspace import backup, cluster, postgres
from gspace.serve import run_lock

CHECKOUT = Path(__file__).resolve().parent.parent
EPOCH = "SELECT nonce::text FROM gspace_feedepoch WHERE id = 1"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("DATABASE_URL", "MEDIA_ROOT", "PGOPTIONS"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory(prefix="gspace-backup-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("GSPACE_HOME", f"{folder}/home")
        with cluster.using():
            yield Path(folder) / "home"


def asked(statement: str) -> str | None:
    connection = psycopg2.connect(postgres.dsn())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return str(cursor.fetchone()[0]) if cursor.description else None
    finally:
        connection.close()


def prepared() -> None:
    command = [sys.executable, str(CHECKOUT / "manage.py"), "prepare", "--no-demo"]
    subprocess.run(command, check=True, env=os.environ)


def photo(home: Path, words: bytes) -> Path:
    name = hashlib.sha256(words).hexdigest()
    path = home / "media" / "blobs" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(words)
    return path


@pytest.mark.prove
def test_everything_comes_back_and_clients_start_afresh(home: Path) -> None:
    prepared()
    asked("CREATE TABLE kept (blob text)")
    first = photo(home, b"first picture")
    asked(f"INSERT INTO kept VALUES ('{first.name}')")
    (home / "media" / "parts").mkdir()
    (home / "media" / "parts" / "half").write_bytes(b"half an upload")
    epoch = asked(EPOCH)
    assert backup.main(["save"]) == 0
    (saved,) = (home / "backups").iterdir()
    assert saved.stat().st_mode & 0o077 == 0

    asked("DELETE FROM kept")
    first.unlink()
    later = photo(home, b"taken after the backup")
    assert backup.main(["restore", str(saved)]) == 0

    assert asked("SELECT blob FROM kept") == first.name
    assert first.read_bytes() == b"first picture"
    assert later.exists(), "photos are only ever added"
    assert asked(EPOCH) not in {None, epoch}
    assert asked("SELECT count(*) FROM pg_database WHERE datname LIKE 'gspace\\_2%'") == "1"
    assert asked("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname='kept'") == "gspace"
    tar_names = subprocess.check_output(["tar", "tf", str(saved / "media.tar")], text=True)
    assert "half" not in tar_names


def a_backup(home: Path) -> Path:
    asked("CREATE TABLE IF NOT EXISTS here (n int)")
    photo(home, b"one")
    return backup.save(home / "backups")


def test_a_damaged_backup_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = a_backup(home)
    with (saved / backup.MEDIA).open("r+b") as stream:
        stream.seek(600)
        stream.write(b"x")
    assert backup.main(["restore", str(saved)]) == 1
    assert "media.tar is missing or damaged; nothing was changed" in capsys.readouterr().err
    assert asked("SELECT count(*) FROM here") == "0"


@pytest.mark.parametrize("lost", [backup.DUMP, backup.MEDIA])
def test_a_backup_without_one_of_its_files_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], lost: str
) -> None:
    saved = a_backup(home)
    manifest = json.loads((saved / backup.MANIFEST).read_text())
    del manifest["files"][lost]
    (saved / backup.MANIFEST).write_text(json.dumps(manifest))
    assert backup.main(["restore", str(saved)]) == 1
    assert f"{lost} is missing from it" in capsys.readouterr().err


def test_a_folder_that_is_no_backup_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backup.main(["restore", "/tmp"]) == 1
    assert "/tmp is no backup" in capsys.readouterr().err
    assert backup.main(["restore", ""]) == 2
    assert "make restore FROM=folder" in capsys.readouterr().err


def test_nothing_is_restored_under_a_running_service(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = a_backup(home)
    with run_lock("http://127.0.0.1:8000"):
        assert backup.main(["restore", str(saved)]) == 1
    assert "already runs from" in capsys.readouterr().err
    assert backup.main(["save", str(home / "elsewhere")]) == 0


def test_a_failed_backup_leaves_nothing_half_done(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(postgres, "DATABASE", "no_such_database")
    assert backup.main(["save"]) == 1
    assert "pg_dump failed" in capsys.readouterr().err
    assert list((home / "backups").iterdir()) == []
