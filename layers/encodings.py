"""Bytes of a text file -> text and the name of its encoding; mojibake is told by name.

Offices send UTF-8 with and without a mark, CP932 (Excel's "CSV"), UTF-16 (Excel's "Unicode
text"), seldom EUC-JP and JIS. What was garbled before it reached us cannot be put right: it is
refused with what happened to it. Pure: imports no Django.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from layers.findings import Findings

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 200_000
# a copy with a few broken bytes is worth reading; beyond this share it is another encoding
BROKEN_SHARE = 0.002
JAPANESE = re.compile(r"[\u3005-\u30ff\u4e00-\u9fff\uff10-\uff5a]")
# letters that CP932 bytes become when they are read as Latin-1 or Windows-1252
LATIN = re.compile(r"[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
# what Python's CP932 makes of bytes that are no letters
STRAYS = re.compile(r"[\uf8f0-\uf8f3\x80]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


class Undecodable(ValueError):
    """code: of layers.findings; given: what its sentence needs."""

    def __init__(self, code: str, **given: str) -> None:
        super().__init__(code)
        self.code, self.given = code, given


@dataclass(frozen=True)
class Decoded:
    """text without a mark, line ends as they are; broken: how many bytes could not be read."""

    text: str
    encoding: str
    broken: int = 0


def decode(raw: bytes) -> Decoded:
    """Raises Undecodable: file_empty, not_text, encoding_unknown, mojibake."""
    if not raw.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Undecodable("file_empty")
    found = _marked(raw) or _wide(raw) or _plain(raw)
    sample = found.text[:SAMPLE]
    # a stray NUL is put right later; many are no text
    if len(CONTROLS.findall(sample)) > max(3, len(sample) / 200):
        raise Undecodable("not_text")
    if how := garbled(sample):
        raise Undecodable("mojibake", how=how)
    return found


def read(raw: bytes, findings: Findings) -> Decoded:
    """`decode`, and a word about what could not be read."""
    found = decode(raw)
    if found.broken:
        findings.add(None, "", "doubted", "bytes_unreadable", number=found.broken)
    return found


def _marked(raw: bytes) -> Decoded | None:
    for mark, name in MARKS:
        if raw.startswith(mark):
            return _lenient(raw[len(mark) :], name)
    return None


def _wide(raw: bytes) -> Decoded | None:
    """UTF-16 without a mark: commas, digits and line ends leave a NUL in every other byte."""
    head = raw[:4000]
    for name, low in (("utf-16-le", 1), ("utf-16-be", 0)):
        if head[low::2].count(0) > len(head) / 20 and not head[1 - low :: 2].count(0):
            return _lenient(raw, name)
    return None


def _plain(raw: bytes) -> Decoded:
    if b"\x1b$" in raw[:SAMPLE] and (found := _strict(raw, "iso2022_jp")):
        return found
    if found := _strict(raw, "utf-8"):
        return found
    japanese = [f for name in ("cp932", "euc_jp") if (f := _strict(raw, name))]
    if japanese:
        best = max(japanese, key=lambda found: (_kana(found.text), -found.broken))
        if best.broken <= len(raw) * BROKEN_SHARE + 1:
            return best
        raise Undecodable("encoding_unknown")
    best = min((_lenient(raw, name) for name in ("utf-8", "cp932")), key=lambda one: one.broken)
    if best.broken > len(raw) * BROKEN_SHARE + 1:
        raise Undecodable("encoding_unknown")
    return best


def _strict(raw: bytes, encoding: str) -> Decoded | None:
    try:
        text = raw.decode(encoding)
        strays = len(STRAYS.findall(text)) if encoding == "cp932" else 0
        return Decoded(STRAYS.sub("\ufffd", text) if strays else text, encoding, strays)
    except UnicodeDecodeError:
        return None


def _lenient(raw: bytes, encoding: str) -> Decoded:
    text = raw.decode("utf-8" if encoding == "utf-8-sig" else encoding, "replace")
    before = raw.count("\ufffd".encode()) if encoding.startswith("utf-8") else 0
    return Decoded(text, encoding, max(0, text.count("\ufffd") - before))


def _kana(text: str) -> int:
    """EUC-JP read as CP932 is half-width katakana; the right reading has full-width letters."""
    sample = text[:SAMPLE]
    return len(JAPANESE.findall(sample)) - len(re.findall(r"[\uff61-\uff9f]", sample))


def garbled(text: str) -> str:
    """What happened to the text before it reached us: a sentence part, or "" when it is sound."""
    letters = len(re.findall(r"[^\W\d_]", text))
    japanese, latin = len(JAPANESE.findall(text)), len(LATIN.findall(text))
    if text.count("\ufffd") > max(3, (letters + japanese) / 20):
        return "replacement characters"
    if latin > max(8, letters / 4) and latin > japanese * 3:
        return "Shift_JIS (CP932) or UTF-8 read as Latin-1"
    if _repairs(text):
        return "UTF-8 read as Shift_JIS (CP932)"
    if text.count("?") > max(30, letters * 2) and not japanese and "???" in text:
        return "question marks"
    return ""


def _repairs(text: str) -> bool:
    """Whether undoing UTF-8-read-as-CP932 gives Japanese: of true Japanese it leaves nothing."""
    wide = len(re.findall(r"[^\x00-\x7f]", text))
    undone = text.encode("cp932", "ignore").decode("utf-8", "ignore")
    return len(JAPANESE.findall(undone)) > max(4, wide / 4)
