"""Values as they come over the wire: texts, times, numbers, codes, checked for every door. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from gspace import vocabulary

# The far ends of the calendar overflow when PostgreSQL or a browser shifts their zone.
FIRST_YEAR, LAST_YEAR = 1900, 9000


def text(value: str) -> str:
    """PostgreSQL text holds neither NUL nor lone surrogates."""
    if "\x00" in value:
        raise ValueError("must not contain NUL")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("contains half a surrogate pair") from None
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("needs an offset such as +09:00")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("is not a year of this service")
    if not is_on_earth(value):
        raise ValueError("is told in a time zone of no place on Earth")
    return value


def is_on_earth(value: datetime) -> bool:
    """RFC 3339 allows offsets up to 23:59; PostgreSQL refuses those from 16 hours on."""
    return abs(value.utcoffset() or timedelta()) < timedelta(hours=16)


def _rfc3339(value: Any) -> Any:
    """Numbers would be read as Unix time: a time without offset in disguise."""
    if value is not None and not isinstance(value, (str, datetime)):
        raise ValueError("is a text as in RFC 3339")
    return value


def _number(value: Any) -> Any:
    """NaN and infinity have no JSON form; they mean "no value" wherever a sensor sends them."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) > 1e300:
        return None
    return value


def canonical_sha256(content: Any) -> str:
    """SHA-256 of checked content, whatever the order of its members was."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def code_of(kind: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in vocabulary.codes(kind):
            raise ValueError(f"{value!r} is not a code of {kind}")
        return value

    return AfterValidator(check)


Text = Annotated[str, AfterValidator(text)]
Moment = Annotated[datetime, BeforeValidator(_rfc3339), AfterValidator(_aware)]
Number = Annotated[float | None, BeforeValidator(_number)]
# half the Earth at most
Metres = Annotated[Annotated[float, Field(ge=0, le=20_037_508)] | None, BeforeValidator(_number)]
