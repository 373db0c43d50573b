"""Reading aids for やさしい日本語, in the notation of Aozora Bunko: `漢字《かんじ》`.

The reading in 《》 belongs to the unbroken run of kanji before it. Plain text stays searchable
and printable; only the last step before the screen turns it into HTML.
"""

from __future__ import annotations

import re
from html import escape

KANJI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ"
_RUBY = re.compile(rf"([{KANJI}]+)《([^《》]+)》")
_BARE = re.compile(rf"[{KANJI}]")


def ruby_html(text: str) -> str:
    """The text as safe HTML with `<ruby>` elements; everything else is escaped."""
    parts, end = [], 0
    for match in _RUBY.finditer(text):
        parts.append(escape(text[end : match.start()]))
        base, reading = escape(match[1]), escape(match[2])
        parts.append(f"<ruby>{base}<rp>(</rp><rt>{reading}</rt><rp>)</rp></ruby>")
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def ruby_plain(text: str) -> str:
    """The text without its readings, for places that take no markup (title, aria-label)."""
    return _RUBY.sub(r"\1", text)


def bare_kanji(text: str) -> list[str]:
    """Kanji that carry no reading; empty when the text may be shown as やさしい日本語."""
    return _BARE.findall(_RUBY.sub("", text))
