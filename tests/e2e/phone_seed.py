"""Reports put into a phone's own storage, as if they had been made on a hillside without signal."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from typing import Any

from playwright.sync_api import Page

from gspace.models import Incident
from tests import builders

NOW = {"state": "waiting", "tries": 0, "lastAt": 0, "nextAt": 0, "why": None}
SAID = {
    "category": "road_blocked", "detail": None, "severity": "serious", "comment": "土砂",
    "captured_at": "2026-07-28T12:00:00+09:00",
    "device_fix": {"lon": 130.75, "lat": 32.79, "accuracy_m": 12,
                   "fixed_at": "2026-07-28T12:00:00+09:00"},
    "pin": None, "bearing_deg": None, "floor": None, "follows": None, "about": None,
}  # fmt: skip

# writes with the app's own database, made by the app when it was opened before
PUT = """
async ({device, entries, bytes}) => {
  const asked = indexedDB.open('gspace');
  const db = await new Promise((yes, no) => {
    asked.onsuccess = () => yes(asked.result); asked.onerror = () => no(asked.error); });
  const tx = db.transaction(['entries', 'bytes', 'kept'], 'readwrite');
  if (device) tx.objectStore('kept').put(device, 'device');
  for (const entry of entries) tx.objectStore('entries').put(entry);
  for (const [key, text] of Object.entries(bytes)) {
    const content = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    tx.objectStore('bytes').put(content.buffer, key);
  }
  await new Promise((yes, no) => { tx.oncomplete = yes; tx.onerror = () => no(tx.error); });
  db.close();
}"""
READ = """
async () => {
  const asked = indexedDB.open('gspace');
  const db = await new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
  const all = db.transaction('entries').objectStore('entries').getAll();
  const found = await new Promise((yes) => { all.onsuccess = () => yes(all.result); });
  db.close();
  return found;
}"""


def entry(incident: Incident, at: int, photos: list[bytes] = [], **said: Any) -> dict[str, Any]:  # noqa: B006
    """A finished report that waits. at: ms since 1970, its place in the queue."""
    return {
        "kind": "report",
        "id": str(uuid.uuid4()),
        "folder": "waiting",
        "createdAt": at,
        "incident": incident.slug,
        "words": NOW,
        "frozen": None,
        "sentAt": None,
        "content": SAID | said,
        "photos": [_photo(content) for content in photos],
        "holdUntil": 0,
        "receipt": None,
    }


def _photo(content: bytes) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "type": "image/jpeg",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "from": "camera",
        "says": None,
        "announcedBy": None,
        "preview": NOW,
        "original": NOW,
        "upload": None,
        "uploaded": 0,
    }


def put(
    page: Page, token: str, entries: list[dict[str, Any]], photos: dict[str, bytes] | None = None
) -> None:
    """Into the storage of an opened app. photos: bytes by photo id; a preview comes along."""
    small = base64.b64encode(builders.jpeg(1)).decode()
    bytes_: dict[str, str] = {}
    for ident, content in (photos or {}).items():
        bytes_[f"{ident}/original"] = base64.b64encode(content).decode()
        bytes_[f"{ident}/preview"] = small
    device = {"token": token, "device": "seeded"} if token else None
    page.evaluate(PUT, {"device": device, "entries": entries, "bytes": bytes_})


def read(page: Page) -> list[dict[str, Any]]:
    """What the phone keeps now."""
    return list(page.evaluate(READ))


def wait_sent(page: Page, count: int, seconds: float = 60) -> None:
    """Until so many are in the folder of what is sent, or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        folders = [e["folder"] for e in read(page)]
        if folders.count("sent") >= count:
            return
        page.wait_for_timeout(200)
    raise AssertionError([(e["folder"], e["words"], e.get("photos")) for e in read(page)][:3])
