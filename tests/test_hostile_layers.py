"""P13: no layer file makes us open a file, call out or write; whatever it is, it costs a refusal.

The proof bites: the same files in the hands of a careless reader do all three, and do none of it
once that reader has given up its rights as ours does.
"""

from __future__ import annotations

import ctypes
import http.server
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers import sandbox
from layers.findings import CATALOGUE
from tests.hostile.bait import Bait
from tests.hostile.layers import attacks
from tests.map_files import CONTEXT

ROOT = Path(__file__).resolve().parent.parent
SECRET = "canary-4711"
IN_ACCESS, IN_OPEN, IN_NONBLOCK = 0x1, 0x20, 0o4000


class Watch:
    """Counts who opened or read a file, who knocked at a door, what lies in a folder."""

    def __init__(self, folder: Path) -> None:
        (folder / "outside").mkdir()
        canary = folder / "canary.csv"
        canary.write_text(f"名称,緯度,経度\n{SECRET},32.8,130.7\n" * 50)
        libc = ctypes.CDLL(None)
        self.events = libc.inotify_init1(IN_NONBLOCK)
        libc.inotify_add_watch(self.events, str(canary).encode(), IN_ACCESS | IN_OPEN)
        self.knocks: list[str] = []
        self.door = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._answering(canary))
        threading.Thread(target=self.door.serve_forever, daemon=True).start()
        self.bait = Bait(canary, self.door.server_address[1], folder / "outside")

    def _answering(self, canary: Path) -> type:
        knocks = self.knocks

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                knocks.append(self.path)
                self.send_response(404)
                self.end_headers()

            do_HEAD = do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                """Silent."""

        return Answer

    def opened(self) -> int:
        try:
            return len(os.read(self.events, 100_000)) // struct.calcsize("iIII")
        except BlockingIOError:
            return 0

    def written(self) -> list[str]:
        return sorted(p.name for p in self.bait.outside.iterdir())

    def nothing(self) -> bool:
        return (self.opened(), self.knocks, self.written()) == (0, [], [])

    def close(self) -> None:
        self.door.shutdown()
        self.door.server_close()
        os.close(self.events)


@pytest.fixture(scope="module")
def watch() -> Iterator[Watch]:
    with tempfile.TemporaryDirectory(prefix="bait-") as folder:
        found = Watch(Path(folder))
        yield found
        found.close()


@pytest.fixture(scope="module")
def files(watch: Watch) -> dict[str, bytes]:
    return attacks(watch.bait)


def outcome(raw: bytes) -> tuple[str, str]:
    """(code of the refusal or "read", all that was told as text)."""
    try:
        told = sandbox.read(raw, CONTEXT)
    except sandbox.Refused as refused:
        return refused.code, json.dumps(refused.given)
    return "read", json.dumps([told.features, told.findings, told.columns], ensure_ascii=False)


# these may well be read: what is hostile in them is only words, or one row of them
HARMLESS = ("kml icon", "kml style", "kml NetworkLink", "kml GroundOverlay", "kml model",
            "kml script", "geojson crs urn", "prj ", "cpg ", "shp length", "shp record", "kmz up",
            "style sheet", "strange words", "many attributes", "osm include", "kml include",
            "gpx include", "zip up", "zip absolute", "zip backslash", "zip drive", "zip override",
            "zip letters", "FlatGeobuf ", "GPKG ", "ESRI Shapefile ", "dbf count", "zip cut",
            "zip of noise", "a path", "flatgeobuf", "database", "geometry", "many features",
            "a long line",
            "view that would endless")  # fmt: skip


def test_no_hostile_file_reaches_anything(watch: Watch, files: dict[str, bytes]) -> None:
    assert len(files) >= 100
    watch.opened()
    for name, raw in files.items():
        code, told = outcome(raw)
        # a child that dies costs a refusal, too; but none of these needs to kill one
        assert code == "read" or (code in CATALOGUE and code != "reader_died"), name
        assert code != "read" or name.startswith(HARMLESS), name
        assert SECRET not in told, name
        assert watch.nothing(), name


# --- the proof bites -------------------------------------------------------------------------
def careless(watch: Watch, files: dict[str, bytes], how: str) -> None:
    with tempfile.TemporaryDirectory(prefix="fed-") as folder:
        for number, raw in enumerate(files.values()):
            if len(raw) < 200_000:
                (Path(folder) / f"{number:03}").write_bytes(raw)
        watch.opened()
        watch.knocks.clear()
        subprocess.run(
            [sys.executable, "-m", "tests.hostile.careless", str(ROOT), how, folder],
            cwd=ROOT, timeout=300, check=False, capture_output=True,
            env={"PATH": os.environ["PATH"], "CPL_CURL_VERBOSE": "NO", "GDAL_HTTP_TIMEOUT": "2",
                 "GDAL_HTTP_CONNECTTIMEOUT": "2", "CPL_VSIL_CURL_CHUNK_SIZE": "1000"},
        )  # fmt: skip


@pytest.mark.prove
@pytest.mark.timeout(400)
def test_without_the_sandbox_the_same_files_reach_everything(
    watch: Watch, files: dict[str, bytes]
) -> None:
    careless(watch, files, "free")
    said = watch.opened(), len(watch.knocks), watch.written()
    for path in watch.bait.outside.iterdir():
        path.unlink()
    watch.knocks.clear()
    opened, knocked, written = said
    assert opened > 3 and knocked > 3 and "evil.csv" in written


@pytest.mark.prove
@pytest.mark.timeout(400)
def test_with_it_even_a_careless_reader_reaches_nothing(
    watch: Watch, files: dict[str, bytes]
) -> None:
    careless(watch, files, "confined")
    assert watch.nothing()


# --- a reader that is taken over -------------------------------------------------------------
PROBE = """
import sys; sys.path.insert(0, sys.argv[1])
import json, mmap, os, signal, socket, subprocess
from layers.readers import confine
{first}
said = {{"env": sorted(os.environ)}}
def attempt(name, act):
    try: act(); said[name] = "reached"
    except (OSError, ValueError): said[name] = "refused"
attempt("network", lambda: socket.create_connection(("127.0.0.1", {port}), 2))
attempt("sockets", lambda: socket.socket(socket.AF_UNIX).connect({door!r}))
attempt("reading", lambda: open({canary!r}).read())
attempt("listing", lambda: os.listdir("/"))
attempt("writing", lambda: open({outside!r} + "/w", "w"))
attempt("writing here", lambda: open("w", "w"))
attempt("others", lambda: open("/proc/%d/environ" % os.getppid()).read())
attempt("killing", lambda: os.kill(os.getppid(), 0))
attempt("programs", lambda: subprocess.run(["/bin/true"]))
attempt("memory", lambda: mmap.mmap(-1, 4 * 1024**3))
print(json.dumps({{"refused": ["mojibake", {{"how": json.dumps(said)}}]}}))
"""
REACHES = ("network", "sockets", "reading", "listing", "writing", "writing here", "others",
           "killing", "programs", "memory")  # fmt: skip


def probe(monkeypatch: pytest.MonkeyPatch, watch: Watch, first: str) -> dict[str, Any]:
    """What a reader that was taken over could do."""
    path = str(watch.bait.outside / "door")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        bait = watch.bait
        start = PROBE.format(first=first, port=bait.port, door=path, canary=str(bait.canary),
                             outside=str(bait.outside))  # fmt: skip
        monkeypatch.setattr(sandbox, "_START", start)
        monkeypatch.setenv("SECRET_KEY", "very secret")
        with pytest.raises(sandbox.Refused) as told:
            sandbox.read(b"x", CONTEXT)
    for left in watch.bait.outside.iterdir():
        left.unlink()
    watch.opened()
    watch.knocks.clear()
    found: dict[str, Any] = json.loads(told.value.given["how"])
    return found


def test_a_reader_that_is_taken_over_reaches_nothing(
    monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    said = probe(monkeypatch, watch, "confine.give_up_everything(sys.argv[1])")
    assert "SECRET_KEY" not in said["env"] and "DATABASE_URL" not in said["env"]
    assert {name: said[name] for name in REACHES} == dict.fromkeys(REACHES, "refused")


def test_the_proof_bites_without_the_sandbox(monkeypatch: pytest.MonkeyPatch, watch: Watch) -> None:
    said = probe(monkeypatch, watch, "")
    assert {name: said[name] for name in REACHES} == dict.fromkeys(REACHES, "reached")


def test_a_reader_that_says_nothing_more_and_lives_on_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "END_SECONDS", 0.5)
    monkeypatch.setattr(sandbox, "_START", "import os, time; os.close(1); time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(sandbox.Refused) as told:
        sandbox.read(b"x", CONTEXT)
    assert (told.value.code, time.monotonic() - began < 30) == ("took_too_long", True)
