"""P9: foreign tus clients bring an original through any number of cuts (tus-js-client, tuspy)."""

from __future__ import annotations

import io
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tusclient.client import TusClient

from mobile_api import streams
from reports import blobs, parts
from reports.models import Photo
from tests import builders
from tests.cutting_proxy import CuttingProxy
from tests.tus_phone import UPLOADS, Phone

# bytes are counted against what radio time costs: a busy machine would be measured instead
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.prove]

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / ".venv" / "bin" / "node"
SIZE = 3_000_000
CUTS = 100
# What a cut may cost beside the tenth: what the server had read and not yet handed over (uvicorn's
# buffer), or a piece whose checksum could not be proven any more.
PIECE = 64 * 1024

Send = Callable[[str, Phone, str, bytes], dict]


def picture(seed: int) -> bytes:
    """A JPEG of the size that phones make; what follows the picture is noise."""
    head = builders.jpeg(seed, (640, 480))
    return head + random.Random(seed).randbytes(SIZE - len(head))


def by_tus_js_client(folder: Path, chunk: int | None = None) -> Send:
    def send(url: str, phone: Phone, photo: str, content: bytes) -> dict:
        (folder / "photo.jpg").write_bytes(content)
        told = {
            "packages": str(ROOT / "frontend" / "package.json"),
            "endpoint": url + UPLOADS,
            "file": str(folder / "photo.jpg"),
            "photo": photo,
            "token": phone.http.headers["Authorization"].split()[1],
            "chunk": chunk,
            "retries": 400,
        }
        words = [str(NODE), str(ROOT / "tests" / "tus_js_client.mjs"), json.dumps(told)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return send


def by_tuspy(chunk: int = 2**62, *, checksum: bool = False) -> Send:
    def send(url: str, phone: Phone, photo: str, content: bytes) -> dict:
        token = {"Authorization": phone.http.headers["Authorization"]}
        uploader = TusClient(url + UPLOADS, headers=token).uploader(
            file_stream=io.BytesIO(content),
            chunk_size=chunk,
            metadata={"photo": photo},
            retries=400,
            retry_delay=0,
            upload_checksum=checksum,
        )
        uploader.upload()
        return {"url": uploader.url}

    return send


def has_arrived(phone: Phone, photo: str, content: bytes) -> None:
    row = Photo.objects.get(id=photo)
    assert row.state in ("stored", "ready")
    with blobs.open_file(blobs.original_name(row.sha256)) as stream:
        assert stream.read() == content
    assert phone.receipt(photo)["sha256"] == builders.announce(content)["sha256"]
    assert not parts.entries()


@pytest.fixture
def phone(server: str) -> Phone:
    return Phone(server)


CLIENTS: dict[str, Callable[[Path], Send]] = {
    "tus-js-client": by_tus_js_client,
    "tus-js-client in pieces": lambda folder: by_tus_js_client(folder, chunk=200_000),
    "tuspy": lambda folder: by_tuspy(),
    "tuspy with checksums": lambda folder: by_tuspy(PIECE, checksum=True),
}


@pytest.mark.parametrize("client", CLIENTS)
def test_it_arrives_without_a_cut(phone: Phone, server: str, client: str, tmp_path: Path) -> None:
    send, content = CLIENTS[client](tmp_path), picture(1)
    photo = phone.announce(content)
    assert send(server, phone, photo, content)["url"]
    has_arrived(phone, photo, content)
    assert send(server, phone, photo, content)["url"], "once more: it is here already"


@pytest.mark.parametrize("how", ["close", "reset", "vanish"])
@pytest.mark.parametrize("client", CLIENTS)
def test_it_arrives_through_a_hundred_cuts(
    phone: Phone, server: str, client: str, how: str, tmp_path: Path, monkeypatch
) -> None:
    # a hundred links lost within seconds, not within a day
    monkeypatch.setattr(streams, "POLL_S", 0.03)
    send, content = CLIENTS[client](tmp_path), picture(2)
    photo = phone.announce(content)
    # after the creation: tuspy does not repeat that one
    cuts = random.Random(7).sample(range(5_000, SIZE), CUTS)
    with CuttingProxy(server, cuts, how).running() as proxy:
        assert send(proxy.url, phone, photo, content)["url"]
    has_arrived(phone, photo, content)
    print(f"{client}, {how}: {proxy.made} cuts, {proxy.sent / SIZE:.3f} x the size")
    assert proxy.made == CUTS
    loses_pieces = how != "vanish" or "checksums" in client
    assert proxy.sent <= 1.1 * SIZE + (CUTS * PIECE if loses_pieces else 0)


def test_other_bytes_are_told_to_the_client(phone: Phone, server: str, tmp_path: Path) -> None:
    content = picture(3)
    photo = phone.announce(content)
    told = by_tus_js_client(tmp_path)(server, phone, photo, content[:-1] + b"?")
    assert told["status"] == 422, told
    assert Photo.objects.get(id=photo).state == "awaited"
