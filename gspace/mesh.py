"""Standard grid squares (地域メッシュ, JIS X 0410). Pure: imports no Django.

4 digits: 80 km (first order); 6: 10 km; 8: 1 km (third order, 30" x 45"); 9, 10, 11: half, quarter
and eighth of that.
"""

from __future__ import annotations

import unicodedata

LENGTHS = (4, 6, 8, 9, 10, 11)
HYPHENS = str.maketrans("", "", "-‐−ー ")
# a cell holds its southern and western edges only: this much less is still inside (degrees)
HAIR = 1e-9


def cell(text: str) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees. Raises ValueError with a sentence."""
    code = unicodedata.normalize("NFKC", text).translate(HYPHENS)
    if not (code.isascii() and code.isdigit() and len(code) in LENGTHS):
        raise ValueError(f"{text!r}: a grid square has 4, 6, 8, 9, 10 or 11 digits.")
    south, west = int(code[:2]) / 1.5, int(code[2:4]) + 100.0
    height, width = 2 / 3, 1.0
    for pair, parts in ((code[4:6], 8), (code[6:8], 10)):
        if pair:
            height, width = height / parts, width / parts
            row, column = int(pair[0]), int(pair[1])
            if max(row, column) >= parts:
                raise ValueError(f"{text!r}: fifth and sixth digit are 0 to 7.")
            south, west = south + row * height, west + column * width
    for digit in code[8:]:
        if digit not in "1234":
            raise ValueError(f"{text!r}: from the ninth on, digits are 1 to 4.")
        height, width = height / 2, width / 2
        south += height * ((int(digit) - 1) // 2)
        west += width * ((int(digit) - 1) % 2)
    return west, south, west + width, south + height
