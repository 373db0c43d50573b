"""XML of every kind, by its root: KML, GPX, OSM; others are refused by name.

defusedxml only, without document types and entities (T9): nothing is expanded, nothing is fetched.
Elements are let go as soon as they were read. Pure: imports no Django.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from layers import encodings
from layers.findings import Findings
from layers.readers import records
from layers.readers.outcome import Context, Read, Records
from layers.tables import Unreadable

LIMIT_DEPTH = 200
DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)[\"'][^>]*\?>")
PAGE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html)\b", re.IGNORECASE)
# expat reads these by itself
READ_BY_EXPAT = {"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "iso-8859-1"}
FORMATS = {"kml": "KML", "gpx": "GPX", "osm": "OSM"}
# of KML that lost its root, as some programs write it
KML_ROOTS = {"document", "folder", "placemark"}


def read(raw: bytes, context: Context) -> Read:
    """Raises Unreadable, encodings.Undecodable."""
    if PAGE.match(raw[:400]):
        raise Unreadable("web_page")
    findings = Findings()
    encoding, text = _plain(raw, findings)
    found = _records(text, findings)
    found.encoding = encoding
    if not found.items:
        raise Unreadable("no_features")
    return records.read(found, context, findings)


def _plain(raw: bytes, findings: Findings) -> tuple[str, bytes]:
    """(encoding, bytes that expat can read): Shift_JIS and EUC-JP it cannot."""
    match = DECLARED.match(raw[:400].lstrip(b"\xef\xbb\xbf"))
    said = match[1].decode().lower() if match else "utf-8"
    if said in READ_BY_EXPAT and not _broken(raw, said):
        return said, raw.lstrip()
    found = encodings.read(raw, findings)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", found.text, count=1)
    return found.encoding, text.lstrip().encode()


def _broken(raw: bytes, said: str) -> bool:
    """UTF-8 that is none: an office saved the file anew, and left the declaration."""
    if said != "utf-8" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    try:
        raw.decode()
        return False
    except UnicodeDecodeError:
        return True


def _records(raw: bytes, findings: Findings) -> Records:
    tree = Walk(raw)
    root = tree.root()
    match root if root not in KML_ROOTS else "kml":
        case "kml":
            from layers.readers import kml

            return Records(tree.each(kml.Reader(findings)), "KML", crs=4326)
        case "gpx":
            from layers.readers import gpx

            return Records(tree.each(gpx.Reader(findings)), "GPX", crs=4326)
        case "osm":
            from layers.readers import osm

            return Records(tree.each(osm.Reader(findings)), "OSM", crs=4326)
    raise Unreadable("xml_other", root="GML" if b"opengis.net/gml" in raw[:4000] else root[:40])


class Walk:
    """Goes through a document once, element by element."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def root(self) -> str:
        for _, element in self._events():
            return tag(element)
        return ""

    def each(self, reader: Any) -> list[Any]:
        """reader: .wanted tags to be handed over whole; .start(tag) and .end(tag, element) of them
        and of what is around them, of nothing within; .finished()."""
        depth, within = 0, 0
        stack: list[Any] = []
        for event, element in self._events():
            name = tag(element)
            if event == "start":
                stack.append(element)
                depth += 1
                if depth > LIMIT_DEPTH:
                    raise Unreadable("xml_unreadable", why="it is nested too deeply")
                if within == 0:
                    reader.start(name)
                within += name in reader.wanted
                continue
            stack.pop()
            depth -= 1
            within -= name in reader.wanted
            if within == 0:
                reader.end(name, element)
                element.clear()
                if stack:
                    stack[-1].remove(element)
        found: list[Any] = reader.finished()
        return found

    def _events(self) -> Iterator[tuple[str, Any]]:
        try:
            yield from iterparse(io.BytesIO(self.raw), events=("start", "end"), forbid_dtd=True)
        except DefusedXmlException:
            raise Unreadable("xml_forbidden") from None
        except (ParseError, LookupError, ValueError) as error:
            raise Unreadable("xml_unreadable", why=str(error)[:80]) from None


def tag(element: Any) -> str:
    """Small letters, without the namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def text_in(element: Any) -> str:
    return "".join(element.itertext()).strip()


def child(element: Any, *names: str) -> Any:
    """The first child of one of these tags, or None."""
    return next((one for one in element if tag(one) in names), None)


def said(element: Any, name: str) -> str:
    """The text of the child of this tag, "" without one."""
    found = child(element, name)
    return text_in(found) if found is not None else ""
