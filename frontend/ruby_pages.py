"""Pages in やさしい日本語: the readings 《》 of the catalogue become ruby on every page."""

from __future__ import annotations

import re
from inspect import iscoroutinefunction
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import get_language

from gspace.ruby import KANJI, ruby_plain

LANGUAGE = "ja-simple"
READING = re.compile(rf"([{KANJI}]+)《([^《》]+)》")
# what a browser takes as it is; then what takes text but no markup; then every other tag
APART = re.compile(
    r"(<(?:script|style)\b.*?</(?:script|style)>"
    r"|<(?:title|textarea|option)\b.*?</(?:title|textarea|option)>"
    r"|<[^>]+>)",
    re.S | re.I,
)
UNTOUCHED = ("<script", "<style")


def with_readings(html: str) -> str:
    """An HTML page with its readings above the kanji; attributes and titles go without them."""
    if "《" not in html:
        return html
    return "".join(_part(part) for part in APART.split(html))


def _part(part: str) -> str:
    if not part.startswith("<"):
        return READING.sub(r"<ruby>\1<rp>(</rp><rt>\2</rt><rp>)</rp></ruby>", part)
    return part if part.lower().startswith(UNTOUCHED) else ruby_plain(part)


@sync_and_async_middleware
def ruby_middleware(get_response: Any) -> Any:
    """After LocaleMiddleware, which knows the language."""

    def put_right(answer: HttpResponseBase) -> HttpResponseBase:
        kind = answer.headers.get("Content-Type", "")
        if get_language() != LANGUAGE or answer.streaming or not kind.startswith("text/html"):
            return answer
        if "Content-Encoding" not in answer.headers:
            text = answer.content.decode(answer.charset)  # type: ignore[attr-defined]
            answer.content = with_readings(text)  # type: ignore[attr-defined]
            # counted by an inner middleware, before the readings
            if "Content-Length" in answer.headers:
                answer["Content-Length"] = len(answer.content)  # type: ignore[attr-defined]
        return answer

    async def awaited(request: Any) -> HttpResponseBase:
        return put_right(await get_response(request))

    def called(request: Any) -> HttpResponseBase:
        return put_right(get_response(request))

    return awaited if iscoroutinefunction(get_response) else called
