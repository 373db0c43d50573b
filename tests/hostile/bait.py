"""What hostile files reach for, and whether they did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bait:
    """canary: a file with a secret that nobody may open; port: of a door on 127.0.0.1 at which
    nobody may knock; outside: a folder into which nobody may write."""

    canary: Path
    port: int
    outside: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/canary.csv"
