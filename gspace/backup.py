"""`make backup` and `make restore`: the database first, then the photos, in one checked folder.

That order keeps every row's file: photo files are written once and only grow in number, so files
copied after the dump hold everything the dump names. A backup is a folder with `database.dump`
(pg_dump's custom format), `media.tar`, `secret-key` and `manifest.json` (sizes in bytes, SHA-256).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from gspace import cluster, postgres
from gspace.clusterfiles import ClusterError
from gspace.serve import run_lock

DUMP, MEDIA, KEY, MANIFEST = "database.dump", "media.tar", "secret-key", "manifest.json"
BLOCK = 1 << 20
# Extensions belong to the server: the role may not make them, and the new database has them.
NOT_RESTORED = ("EXTENSION", "COMMENT - EXTENSION", "TABLE DATA public spatial_ref_sys")


def media() -> Path:
    """Where photos lie; the same rule as MEDIA_ROOT in settings.py, without loading Django."""
    return Path(os.environ.get("MEDIA_ROOT") or postgres.home() / "media")


def save(into: Path) -> Path:
    """Write a backup as a new folder of `into`; the folder. Runs while the service runs.

    Errors: ClusterError; what was half written is removed.
    """
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    draft = into / f"{name}.part"
    draft.mkdir(mode=0o700, parents=True)
    try:
        _run("pg_dump", "--format=custom", f"--file={draft / DUMP}", f"--dbname={postgres.dsn()}")
        with tarfile.open(draft / MEDIA, "w") as archive:
            _add_media(archive)
        if (postgres.home() / KEY).exists():
            shutil.copy2(postgres.home() / KEY, draft / KEY)
        _write_manifest(draft)
        return draft.rename(into / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _add_media(archive: tarfile.TarFile) -> None:
    """Every photo file. One that goes meanwhile (erased, swept) is no loss to the dump."""
    for path in sorted(media().rglob("*")):
        name = Path("media") / path.relative_to(media())
        if "parts" in name.parts[1:2]:
            continue
        try:
            archive.add(path, arcname=str(name), recursive=False)
        except FileNotFoundError:
            continue


def _write_manifest(folder: Path) -> None:
    files = sorted(path for path in folder.iterdir() if path.name != MANIFEST)
    known = {path.name: {"size": path.stat().st_size, "sha256": _sha256(path)} for path in files}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    (folder / MANIFEST).write_text(json.dumps({"made": made, "files": known}, indent=1))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def restore(source: Path) -> None:
    """Put a backup in the place of what is there; the former database stays under another name.

    Photos are only added. Afterwards the feed has a new epoch: every open map starts afresh.
    Errors: ClusterError before anything is changed when the backup is damaged or G-space runs.
    """
    _verify(source)
    _replace_database(source / DUMP)
    with tarfile.open(source / MEDIA) as archive:
        archive.extractall(media().parent, members=_files_under(archive), filter="data")
    if not (postgres.home() / KEY).exists() and (source / KEY).exists():
        shutil.copy2(source / KEY, postgres.home() / KEY)
    manage = [sys.executable, str(postgres.CHECKOUT / "manage.py")]
    for command in (["prepare", "--no-demo"], ["shell", "-v", "0", "-c", RENEW]):
        subprocess.run([*manage, *command], check=True)


RENEW = "from gspace.feed import renew_epoch; renew_epoch()"


def _files_under(archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """The photos, renamed to the folder they go to and without what is there already."""
    found = []
    for entry in archive:
        inner = entry.name.removeprefix("media").lstrip("/")
        if entry.isfile() and not (media() / inner).exists():
            entry.name = f"{media().name}/{inner}"
            found.append(entry)
    return found


def _verify(source: Path) -> None:
    try:
        known = json.loads((source / MANIFEST).read_text())["files"]
    except (OSError, ValueError, KeyError):
        raise ClusterError(
            f"{source} is no backup: it has no readable {MANIFEST} (make restore FROM=folder)."
        ) from None
    for name, expected in known.items():
        path = source / name
        if not path.is_file() or _sha256(path) != expected["sha256"]:
            raise ClusterError(f"{path} is missing or damaged; nothing was changed.")
    for name in (DUMP, MEDIA):
        if name not in known:
            raise ClusterError(f"{source} is no whole backup: {name} is missing from it.")


def _replace_database(dump: Path) -> None:
    """Fill a fresh database, then let it change names with the present one."""
    name = postgres.connection_settings()["NAME"]
    fresh, former = f"{name}_restore", f"{name}_{datetime.now(UTC):%Y%m%d%H%M%S}"
    _sql(f'DROP DATABASE IF EXISTS "{fresh}"')
    _sql(f'CREATE DATABASE "{fresh}"')
    _fill(fresh, dump)
    _sql(f'ALTER DATABASE "{name}" RENAME TO "{former}"')
    _sql(f'ALTER DATABASE "{fresh}" RENAME TO "{name}"')
    print(f"The former database is kept as {former}; drop it when you no longer want it.")


def _fill(database: str, dump: Path) -> None:
    """Tables and data as pg_restore has them; indexes and triggers with a search path.

    pg_restore empties the search path, and a trigger's `geometry IS DISTINCT FROM geometry`, which
    has no way to name its operator's schema, is then not understood.
    """
    listing = _run("pg_restore", "--list", str(dump))
    kept = [line for line in listing.splitlines() if not _belongs_to_server(line)]
    with tempfile.NamedTemporaryFile("w", suffix=".list") as names:
        names.write("\n".join(kept))
        names.flush()
        words = ["--no-owner", "--exit-on-error", f"--use-list={names.name}", str(dump)]
        target = f"--dbname={postgres.dsn(database)}"
        _run("pg_restore", "--section=pre-data", "--section=data", target, *words)
        rest = _run("pg_restore", "--section=post-data", "--file=-", *words)
    rest = rest.replace(EMPTY_PATH, "SELECT pg_catalog.set_config('search_path', 'public', false);")
    _run("psql", *PLAIN, "--single-transaction", target, said=rest)


EMPTY_PATH = "SELECT pg_catalog.set_config('search_path', '', false);"
PLAIN = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")


def _belongs_to_server(line: str) -> bool:
    """A line of pg_restore's list reads `id; oid oid KIND schema name owner`."""
    words = line.split("; ", 1)[-1].split(" ", 2)[-1]
    return words.startswith(NOT_RESTORED)


def _sql(statement: str) -> None:
    _run("psql", *PLAIN, f"--dbname={postgres.dsn('postgres')}", f"--command={statement}")


def _run(tool: str, *words: str, said: str = "") -> str:
    """Run one of PostgreSQL's client programs with `said` as its input; what it printed."""
    # A password belongs into the environment: command lines are everybody's to read.
    password = str(postgres.connection_settings()["PASSWORD"])
    env = {**cluster.environment(), "PGOPTIONS": "-c statement_timeout=0", "PGPASSWORD": password}
    words = tuple(word.replace(f" password='{password}'", "") for word in words)
    done = subprocess.run(
        [_client(tool), *words],
        env=env,
        input=said,
        capture_output=True,
        text=True,
        errors="surrogateescape",
    )
    if done.returncode:
        raise ClusterError(f"{tool} failed: {cluster.last_words(done.stderr)}")
    return done.stdout


def _client(tool: str) -> str:
    if not postgres.is_external():
        return str(cluster.binaries(cluster.find_place().data) / tool)
    if found := shutil.which(tool):
        return found
    raise ClusterError(f"{tool} is not installed: install the package postgresql-client.")


def main(words: list[str]) -> int:
    try:
        with cluster.using():
            if words[:1] == ["save"]:
                into = Path(words[1]) if words[1:] else postgres.home() / "backups"
                print(f"Backup written to {save(into.absolute())}")
                return 0
            if words[:1] == ["restore"] and words[1:] and words[1]:
                with run_lock("a restore is under way"):
                    restore(Path(words[1]).absolute())
                print(f"Restored from {words[1]}. Open maps reload by themselves.")
                return 0
    except (ClusterError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        print("The restored database could not be prepared: see above.", file=sys.stderr)
        return 1
    print("Name the backup's folder: make restore FROM=folder", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
