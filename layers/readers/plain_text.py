"""HTML as publishers write it in descriptions -> lines of plain text. Pure: imports no Django.

Nothing of it is ever shown as HTML, so nothing needs to be made harmless: tags, scripts and
pictures fall away, the address of a link stays beside its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

BREAKS = {"br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6",
          "hr", "dt", "dd", "blockquote"}  # fmt: skip
SILENT = {"script", "style", "head", "title", "iframe", "object", "svg"}
LIMIT_TEXT = 20_000
LIMIT_HTML = LIMIT_TEXT * 4


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in BREAKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag == "a":
            href = (dict(attrs).get("href") or "").strip()
            self.links.append((href, len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BREAKS:
            self.parts.append("\n")
        elif tag == "a" and self.links:
            href, since = self.links.pop()
            words = "".join(self.parts[since:])
            if href.startswith(("http://", "https://", "mailto:", "tel:")) and href not in words:
                self.parts.append(f" {href}")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def plain_text(html: str, cut: Callable[[], None]) -> str:
    """Lines without blank ones at the ends; text without tags comes back as it is.

    cut: called where it is longer than is kept.
    """
    text = _without_tags(html) if "<" in html or "&" in html else html
    if len(text) > LIMIT_TEXT or len(html) > LIMIT_HTML:
        cut()
    return _tidy(text[:LIMIT_TEXT])


def _without_tags(html: str) -> str:
    reader = _Text()
    try:
        reader.feed(html[:LIMIT_HTML])
        reader.close()
    except (AssertionError, ValueError):
        # html.parser gives up on some broken declarations
        return re.sub(r"<[^>]*>", " ", html[:LIMIT_HTML])
    return "".join(reader.parts)


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
