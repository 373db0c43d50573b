"""Zip files: a workbook, KMZ, Shapefiles, or any one file that is read. Pure: no Django.

Nothing is unpacked to disk and member names are only compared (T8): each member is read into
memory under one limit for all of them together. Of several the one that suits the layer, else the
largest, is read, and the others are named.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from layers.findings import Findings
from layers.readers import kinds, sheets
from layers.readers.outcome import Context, Read
from layers.readers.shapefile import Parts
from layers.readers.shapefile import read as read_shapefile
from layers.readers.xlsx import LIMIT_ENTRIES, LIMIT_UNPACKED_BYTES
from layers.tables import Unreadable

LIMIT_RATIO = 200
# below this a member may be as empty as it likes
SMALL_BYTES = 20 * 1024**2
# they lie beside what is meant, and are no data by themselves
BESIDE = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".qml", ".xml",
          ".fix", ".ain", ".aih", ".atx", ".sld", ".lyr", ".txt", ".md", ".html", ".htm", ".pdf",
          ".png", ".jpg", ".jpeg", ".gif", ".svg", ".bmp", ".css", ".js", ".doc", ".docx", ".xsl",
          ".xsd", ".shp"}  # fmt: skip
READ = ("json", "xml", "text", "sqlite", "flatgeobuf", "zip")
# words in the names of members that suit a kind of layer
SUITS = {
    "road_closure": r"kisei|closure|restrict|規制|通行止",
    "passable": r"jisseki|passable|実績|通れ",
    "shelter": r"shelter|避難所|hinan",
    "water": r"water|給水|kyusui",
}
TABLES = (".csv", ".tsv", ".tab")
# OSError is what bz2 says
DAMAGED = (zlib.error, lzma.LZMAError, OSError, zipfile.BadZipFile, EOFError, NotImplementedError)
MARKS = {"json": rb'"Feature"', "xml": rb"<(?:Placemark|wpt|trk|rte|way)\b", "text": rb"\n"}


@dataclass
class Choice:
    """name: as people see it; number: roughly how many places; read: does it."""

    name: str
    number: int
    read: Callable[[Context], Read]


def read(raw: bytes, context: Context) -> Read:
    """Raises Unreadable."""
    return _read(raw, context, inside=False)


def _read(raw: bytes, context: Context, *, inside: bool) -> Read:
    try:
        box = Box(raw)
        if "xl/workbook.xml" in box.names:
            return sheets.read_workbook(raw, context)
        choices = [*box.shapefiles(), *box.others(inside)]
    except Unreadable:
        raise
    except RuntimeError as error:
        # zipfile has no error of its own for a password
        code = "zip_encrypted" if "password" in str(error) else "zip_unreadable"
        raise Unreadable(code, why=str(error)[:60]) from None
    except Exception as error:
        # zlib and zipfile have errors of many kinds; whatever the bytes, it is the file's fault
        raise Unreadable("zip_unreadable", why=str(error)[:60] or type(error).__name__) from None
    if not choices:
        raise _nothing(box, inside)
    best = _best(choices, context.kind)
    found = best.read(context)
    others = [one.name for one in choices if one is not best]
    if others:
        shown = "・".join(others[:5])
        found.findings.add(None, "", "doubted", "files_left_out", file=best.name, others=shown)
    return found


def _nothing(box: Box, inside: bool) -> Unreadable:
    names = [PurePosixPath(name).name for name in box.shown.values()]
    suffixes = {_suffix(name) for name in box.names}
    if suffixes & {".dbf", ".shx", ".prj"}:
        return Unreadable("shapefile_parts")
    if inside or ".zip" in suffixes:
        return Unreadable("zip_in_zip")
    return Unreadable("zip_nothing", names="・".join(names[:5]) or "—")


def _best(choices: list[Choice], kind: str) -> Choice:
    """The one whose name suits the layer, else the one with the most places."""
    pattern = SUITS.get(kind, r"(?!)")
    suits = [one for one in choices if re.search(pattern, one.name, re.IGNORECASE)]
    return max(suits or choices, key=lambda one: one.number)


class Box:
    """The members of a zip file; names: as stored -> shown: as people see them."""

    def __init__(self, raw: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(raw))
        infos = self.zip.infolist()
        if len(infos) > LIMIT_ENTRIES:
            raise Unreadable("too_large_inside")
        if any(info.flag_bits & 1 for info in infos):
            raise Unreadable("zip_encrypted")
        self.left = LIMIT_UNPACKED_BYTES
        self.infos = {info.filename: info for info in infos if _is_data(info)}
        self.names = set(self.infos)
        self.shown = {name: _shown(info) for name, info in self.infos.items()}

    def take(self, name: str) -> bytes:
        """A member as a whole. Raises Unreadable: too_large_inside, zip_unreadable."""
        try:
            return self._take(self.infos[name])
        except DAMAGED as error:
            raise Unreadable("zip_unreadable", why=str(error)[:60]) from None

    def _take(self, info: zipfile.ZipInfo) -> bytes:
        found = bytearray()
        with self.zip.open(info) as source:
            while block := source.read(1 << 20):
                found += block
                self.left -= len(block)
                packed = max(info.compress_size, 1)
                much = len(found) > SMALL_BYTES and len(found) > packed * LIMIT_RATIO
                if self.left < 0 or much:
                    raise Unreadable("too_large_inside")
        return bytes(found)

    def head(self, name: str) -> bytes:
        with self.zip.open(self.infos[name]) as source:
            return source.read(kinds.HEAD_BYTES)

    def shapefiles(self) -> list[Choice]:
        return [self._shapefile(name) for name in self.infos if _suffix(name) == ".shp"]

    def _shapefile(self, name: str) -> Choice:
        parts = {suffix: self._beside(name, suffix) for suffix in (".dbf", ".prj", ".cpg")}

        def read_it(context: Context) -> Read:
            dbf, prj, cpg = (self.take(one) if one else None for one in parts.values())
            return read_shapefile(Parts(self.take(name), dbf, prj, cpg), context, Findings())

        size = self.infos[name].file_size
        count = int.from_bytes(self.head(parts[".dbf"])[4:8], "little") if parts[".dbf"] else 0
        return Choice(self.shown[name], count or size // 100, read_it)

    def _beside(self, name: str, suffix: str) -> str | None:
        stem = name[: -len(_suffix(name))].lower()
        return next((n for n in self.infos if n.lower() == stem + suffix), None)

    def others(self, inside: bool) -> list[Choice]:
        names = [n for n in self.infos if _suffix(n) not in BESIDE]
        documents = [n for n in names if _suffix(n) == ".kml"]
        if len(documents) > 1 and any(n.lower().endswith("doc.kml") for n in documents):
            # the root of a KMZ; the others are what it links to
            names = [n for n in names if n not in documents or n.lower().endswith("doc.kml")]
        found = []
        for name in names:
            kind = kinds.kind_of(self.head(name))
            if kind == "text" and _suffix(name) not in TABLES:
                continue
            if kind in READ and not (kind == "zip" and inside):
                found.append(self._other(name, kind))
        return found

    def _other(self, name: str, kind: str) -> Choice:
        raw = self.take(name)
        mark = MARKS.get(kind)
        number = len(re.findall(mark, raw)) if mark else len(raw) // 200

        def read_it(context: Context) -> Read:
            if kind == "zip":
                return _read(raw, context, inside=True)
            from layers.readers.child import reader_of

            found = reader_of(kind)(raw, context)
            if found.format == "KML" and _suffix(name) == ".kml":
                found.format = "KMZ"
            return found

        return Choice(self.shown[name], number, read_it)


def _is_data(info: zipfile.ZipInfo) -> bool:
    """No folder, no link, none of what systems put beside the files."""
    parts = info.filename.replace("\\", "/").split("/")
    link = stat.S_ISLNK(info.external_attr >> 16)
    hidden = parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db", "")
    return not (info.is_dir() or link or hidden or "__MACOSX" in parts)


def _suffix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def _shown(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are CP932 in Japan."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("cp932")
        except UnicodeError:
            pass
    return "".join(c if c.isprintable() else "\ufffd" for c in name)[-80:]
