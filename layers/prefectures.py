"""The 47 prefectures: roughly where they are, and their plane-rectangular zones. Pure data.

Boxes are west, south, east, north in degrees, islands included, with some kilometres to spare:
they tell a point in another part of the country, not one across the border. Zones: 平成14年
国土交通省告示第9号; where a prefecture has several, the first is the mainland's.
"""

from __future__ import annotations

import re

ROWS = """
01 北海道 139.3 41.3 149.0 45.6 12 11 13
02 青森県 139.4 40.2 141.8 41.6 10
03 岩手県 140.6 38.7 142.2 40.5 10
04 宮城県 140.2 37.7 141.8 39.1 10
05 秋田県 139.6 38.8 141.0 40.6 10
06 山形県 139.5 37.7 140.7 39.3 10
07 福島県 139.1 36.7 141.2 38.0 9
08 茨城県 139.6 35.7 140.9 37.0 9
09 栃木県 139.3 36.1 140.4 37.2 9
10 群馬県 138.3 35.9 139.7 37.1 9
11 埼玉県 138.7 35.7 140.0 36.4 9
12 千葉県 139.7 34.8 141.0 36.2 9
13 東京都 136.0 20.3 154.1 36.0 9 14 18 19
14 神奈川県 138.9 35.1 139.9 35.7 9
15 新潟県 137.6 36.7 140.0 38.7 8
16 富山県 136.7 36.2 137.8 37.1 7
17 石川県 136.2 36.0 137.5 38.0 7
18 福井県 135.4 35.3 136.9 36.4 6
19 山梨県 138.1 35.1 139.2 36.0 8
20 長野県 137.3 35.1 138.8 37.1 8
21 岐阜県 136.2 35.1 137.7 36.5 7
22 静岡県 137.4 34.5 139.3 35.7 8
23 愛知県 136.6 34.5 137.9 35.5 7
24 三重県 135.8 33.7 137.0 35.3 6
25 滋賀県 135.7 34.7 136.5 35.8 6
26 京都府 134.8 34.7 136.1 35.9 6
27 大阪府 135.0 34.2 135.8 35.1 6
28 兵庫県 134.2 34.1 135.5 35.8 5
29 奈良県 135.5 33.8 136.3 34.8 6
30 和歌山県 134.9 33.4 136.1 34.4 6
31 鳥取県 133.1 35.0 134.6 35.7 5
32 島根県 131.6 34.3 133.5 37.3 3
33 岡山県 133.2 34.2 134.5 35.4 5
34 広島県 132.0 34.0 133.5 35.2 3
35 山口県 130.7 33.7 132.5 34.9 3
36 徳島県 133.6 33.5 134.9 34.3 4
37 香川県 133.4 34.0 134.6 34.6 4
38 愛媛県 131.9 32.8 133.8 34.4 4
39 高知県 132.4 32.6 134.4 33.9 4
40 福岡県 129.9 33.0 131.2 34.3 2
41 佐賀県 129.7 32.9 130.6 33.7 2
42 長崎県 128.0 31.9 130.4 34.8 1
43 熊本県 129.9 32.0 131.4 33.2 2
44 大分県 130.8 32.7 132.2 33.8 2
45 宮崎県 130.6 31.3 132.0 32.9 2
46 鹿児島県 128.3 26.9 131.3 32.4 2 1
47 沖縄県 122.8 23.9 131.5 28.0 15 16 17
"""
Box = tuple[float, float, float, float]
JAPAN: Box = (122.0, 20.0, 154.5, 46.0)


def _table() -> dict[str, tuple[str, Box, tuple[int, ...]]]:
    found: dict[str, tuple[str, Box, tuple[int, ...]]] = {}
    for line in ROWS.split("\n"):
        if line:
            code, name, w, s, e, n, *zones = line.split()
            box = (float(w), float(s), float(e), float(n))
            found[code] = (name, box, tuple(map(int, zones)))
    return found


TABLE = _table()
NAME = re.compile("|".join(name for name, _, _ in TABLE.values()))
_CODES = {name: code for code, (name, _, _) in TABLE.items()}


def name(code: str) -> str:
    """熊本県 of 43."""
    return TABLE[code][0]


def zones(code: str) -> tuple[int, ...]:
    return TABLE[code][2]


def code_in(address: str) -> str:
    """Two digits of the prefecture an address begins with, "" when it names none."""
    # their names have three letters or four
    begins = address.lstrip()[:4]
    return _CODES.get(begins[:3]) or _CODES.get(begins, "")


def codes_in(words: str) -> set[str]:
    """Two digits of every prefecture the words name."""
    return {_CODES[found] for found in NAME.findall(words)}


def holds(code: str, lon: float, lat: float) -> bool:
    """Whether a point may lie in the prefecture; True near it, too."""
    return within(TABLE[code][1], lon, lat)


def within(box: Box, lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def in_japan(lon: float, lat: float) -> bool:
    return within(JAPAN, lon, lat)
