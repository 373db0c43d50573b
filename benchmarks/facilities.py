"""Facilities as a city publishes them, points with six attributes: GeoJSON and CSV. Seeded."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from typing import Any

NAMES = {"code": "ID", "name": "名称", "address": "住所", "capacity": "収容人数",
         "phone": "電話番号", "note": "備考"}  # fmt: skip
NOTES = ("", "体育館のみ", "要確認", "ペット不可")


def _facilities(number: int, seed: int) -> Iterator[tuple[dict[str, Any], float, float]]:
    """(attributes, longitude, latitude)."""
    chance = random.Random(seed)
    for place in range(number):
        phone = f"096-{chance.randint(100, 999)}-{chance.randint(1000, 9999)}"
        told = {
            "code": f"k{place:06}",
            "name": f"第{place}避難所",
            "address": f"熊本県熊本市東区健軍{chance.randint(1, 40)}-{chance.randint(1, 30)}",
            "capacity": chance.randint(1, 900),
            "phone": phone,
            "note": chance.choice(NOTES),
        }
        # in the ward that the address names
        lon, lat = 130.735 + chance.random() * 0.04, 32.775 + chance.random() * 0.03
        yield told, round(lon, 6), round(lat, 6)


def as_geojson(number: int, seed: int = 20160416) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": told["code"],
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": told,
        }
        for told, lon, lat in _facilities(number, seed)
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False).encode()


def as_csv(number: int, seed: int = 20160416) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([*NAMES.values(), "緯度", "経度"])
    for told, lon, lat in _facilities(number, seed):
        rows.writerow([*(told[name] for name in NAMES), lat, lon])
    return text.getvalue().encode()
