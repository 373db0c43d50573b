"""Values of a stranger's file -> what PostgreSQL can hold. Pure: imports no Django."""

from __future__ import annotations

import math
from typing import Any

# deeper properties overflow PostgreSQL's stack; geometries are counted by their type
LIMIT_DEPTH = 16


class Cleaner:
    """A copy of a JSON value that PostgreSQL can hold; `repaired` says what was replaced."""

    def __init__(self) -> None:
        self.repaired: set[str] = set()

    def value(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float) and not math.isfinite(value):
            self.repaired.add("number_not_finite")
            return None
        if isinstance(value, (dict, list)) and depth >= LIMIT_DEPTH:
            self.repaired.add("nested_too_deeply")
            return None
        if isinstance(value, dict):
            return {self.text(k): self.value(v, depth + 1) for k, v in value.items()}
        if isinstance(value, list):
            return [self.value(v, depth + 1) for v in value]
        return value

    def text(self, value: str) -> str:
        """NUL and half surrogate pairs become U+FFFD."""
        clean = value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass")
        done = clean.decode("utf-16", "replace")
        if done != value:
            self.repaired.add("text_not_storable")
        return done
