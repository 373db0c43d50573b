"""Standard grid squares (地域メッシュ, JIS X 0410). Pure: imports no Django.

4 digits: 80 km (first order); 6: 10 km; 8: 1 km (third order, 30" x 45"); 9, 10, 11: half, quarter
and eighth of that.
"""

from __future__ import annotations

import math
import unicodedata

LENGTHS = (4, 6, 8, 9, 10, 11)
HYPHENS = str.maketrans("", "", "-‐−ー ")
# a cell holds its southern and western edges only: this much less is still inside (degrees)
HAIR = 1e-9
# 1 km squares to a side of a square of the first order
KM = 80


def cell(text: str) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees. Raises ValueError with a sentence."""
    code = unicodedata.normalize("NFKC", text).translate(HYPHENS)
    if not (code.isascii() and code.isdigit() and len(code) in LENGTHS):
        raise ValueError(f"{text!r}: a grid square has 4, 6, 8, 9, 10 or 11 digits.")
    row, column, parts = int(code[:2]), int(code[2:4]), 1
    for pair, more in ((code[4:6], 8), (code[6:8], 10)):
        if pair:
            if max(map(int, pair)) >= more:
                raise ValueError(f"{text!r}: fifth and sixth digit are 0 to 7.")
            row, column, parts = (
                row * more + int(pair[0]),
                column * more + int(pair[1]),
                parts * more,
            )
    for digit in code[8:]:
        if digit not in "1234":
            raise ValueError(f"{text!r}: from the ninth on, digits are 1 to 4.")
        row, column = 2 * row + (int(digit) - 1) // 2, 2 * column + (int(digit) - 1) % 2
        parts *= 2
    return box(row, column, parts)


def box(row: int, column: int, parts: int = KM) -> tuple[float, float, float, float]:
    """The square of a row (from the equator) and a column (from 100 E), `parts` to a first order's
    side. From whole numbers, so that neighbours share one edge to the last bit."""
    return (
        (100 * parts + column) / parts, row / (1.5 * parts),
        (100 * parts + column + 1) / parts, (row + 1) / (1.5 * parts),
    )  # fmt: skip


def number(row: int, column: int) -> str:
    """The eight digits of a 1 km square."""
    (first, high), (fourth, wide) = divmod(row, KM), divmod(column, KM)
    return f"{first:02}{fourth:02}{high // 10}{wide // 10}{high % 10}{wide % 10}"


def place(lon: float, lat: float) -> tuple[int, int]:
    """(row, column) of the 1 km square of a position in degrees, as ROW_SQL and COLUMN_SQL."""
    return math.floor((lat + HAIR) * (1.5 * KM)), math.floor((lon + HAIR - 100) * KM)


ROW_SQL = f"floor(({{lat}} + {HAIR}) * {1.5 * KM})::int"
COLUMN_SQL = f"floor(({{lon}} + {HAIR} - 100) * {KM})::int"
