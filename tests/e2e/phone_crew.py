"""A crew's phone in front of a test: joined, with a network that comes and goes."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from gspace.models import Incident
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import usable, with_key

CHANGED = "new BroadcastChannel('gspace').postMessage('changed')"
KEEP = """
async ([name, value]) => {
  const asked = indexedDB.open('gspace');
  const db = await new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
  const tx = db.transaction('kept', 'readwrite');
  tx.objectStore('kept').put(value, name);
  await new Promise((yes) => { tx.oncomplete = yes; });
  db.close();
}"""


class Crew:
    """A joined phone on a hillside: its network is taken away once the app stands."""

    def __init__(self, context: BrowserContext, server: str, incident: Incident) -> None:
        self.incident = incident
        self.caller, self.token = builders.device(incident)
        self.context = with_key(context, server, self.token)
        self.page: Page = self.context.new_page()
        self.page.goto("/m/settings")
        usable(self.page)
        expect(self.page.locator("body:not(.phone-alone)")).to_be_attached()

    def offline(self) -> None:
        self.context.set_offline(True)

    def online(self) -> None:
        self.context.set_offline(False)

    def keeps(self, *entries: dict[str, Any], photos: dict[str, bytes] | None = None) -> None:
        phone_seed.put(self.page, "", list(entries), photos)
        self.page.evaluate(CHANGED)

    def sets(self, name: str, value: Any) -> None:
        """A kept setting."""
        self.page.evaluate(KEEP, [name, value])
        self.page.evaluate(CHANGED)

    def opens(self, path: str) -> None:
        """Inside the app, as a tap would; a phone in flight mode has no server to load from."""
        move = (
            "(path) => { history.pushState(null, '', path); dispatchEvent(new Event('popstate')) }"
        )
        self.page.evaluate(move, path)

    def row(self, text: str | re.Pattern[str]) -> Locator:
        return self.page.locator(".entry").filter(has_text=text)
