"""Which reader a file needs, by its first bytes; names and types that came with it say nothing.

Pure: imports no Django.
"""

from __future__ import annotations

import struct

HEAD_BYTES = 4096
STARTS = (
    (b"PK\x03\x04", "zip"),
    # a zip without any member
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"fgb\x03", "flatgeobuf"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
)
OTHERS = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"fgb", b"II*\x00", b"MM\x00*",
          b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"RIFF", b"\x7fELF", b"{\\rtf", b"PAR1", b"BZh",
          b"\xfd7zXZ")  # fmt: skip
# how -> what a version is called where the file could not be read
NAMES = {"text": "CSV", "json": "GeoJSON", "xml": "KML", "zip": "ZIP", "sqlite": "GeoPackage",
         "flatgeobuf": "FlatGeobuf", "shp": "Shapefile", "dbf": "DBF", "old_excel": "XLS",
         "other": ""}  # fmt: skip
DBF_VERSIONS = (0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xF5, 0xFB)


def kind_of(head: bytes) -> str:
    """A key of NAMES; "other" is no kind we read. head: at least the first HEAD_BYTES.

    Anything may still be damaged, and a "zip" be a workbook, a KMZ or a Shapefile: the child says.
    """
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if _is_dbf(head):
        return "dbf"
    # UTF-16 has a NUL in every other byte, and a mark in front; a record separator stands before
    # each line of a GeoJSON text sequence
    start = head[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"")
    start = start.lstrip(b"\x1e \t\r\n")
    if head.startswith(OTHERS):
        return "other"
    if start.startswith((b"{", b"[")):
        return "json"
    return "xml" if start.startswith(b"<") else "text"


def _is_dbf(head: bytes) -> bool:
    """A dBASE header: version, a date, and lengths that are possible."""
    if len(head) < 33 or head[0] not in DBF_VERSIONS:
        return False
    header, record = struct.unpack_from("<HH", head, 8)
    return head[2] <= 12 and head[3] <= 31 and header >= 33 and record >= 1 and 0 in head[12:32]
