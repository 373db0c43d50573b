"""Values that broke somebody's service before: text, numbers, times, shapes of JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "text_gazetteer" / "blns.json"

TEXTS = [
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\ufeff", "\uffff", "\u202e逆", "\r\n\t",
    "ｱｲｳ", "가", "👩‍👩‍👧‍👦", "é" * 50, "a" * 5000, "%", "%00", "%s%n", "'", '"', "\\", "$$", ";--",
    "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "=1+1", "null",
    "undefined", "NaN", "true", "-0", "1e309", "0x10", "١٢٣", "²", "Ⅷ", "\x1b[31m", "\x7f", "\x85",
]  # fmt: skip
NUMBERS: list[Any] = [
    0, -0.0, 1, -1, 2**15, 2**31, 2**31 - 1, -(2**31) - 1, 2**53 + 1, 2**63, 2**63 - 1, -(2**63),
    2**64, 10**30, 10**300, 10**400, 1e-320, 1e308, -1e308, float("nan"), float("inf"),
    float("-inf"), 4294967295, 180.0000001, 90.1, True,
]  # fmt: skip
TIMES = [
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-23:59", "0000-00-00T00:00:00Z",
    "2016-04-16T02:11:00", "2016-04-16T24:00:00Z", "2016-06-30T23:59:60Z", "2016-04-16",
    "20160416T021100+0900", "2016-04-16T02:11:00+99:99", "2016-W15-6T00:00:00Z", "1460740260",
    "2016-04-16T02:11:00+09:00:30", "2016-04-16T02:11:00+16:00",
    "2016-04-16T02:11:00-23:59", "1900-01-01T00:00:00+14:00", "8999-12-31T23:59:59-14:00",
    "-4713-01-01T00:00:00Z", "infinity", "now", "２０１６-04-16T02:11:00Z",
]  # fmt: skip
SHAPES: list[Any] = [
    None, [], {}, [None], {"": ""}, {"lon": {}}, {"\ud800": 1}, {"type": "Point"}, [[[[]]]],
    {"type": "Point", "coordinates": [1e400, 0]}, {"type": "Polygon", "coordinates": [[[0, 0]]]},
    {"type": "GeometryCollection", "geometries": []}, {"type": ["Point"], "coordinates": [0, 0]},
    {"type": "LineString", "coordinates": [[0, 0], [0, 0]]}, {"__proto__": {}}, [{}] * 30,
]  # fmt: skip


def naughty_strings() -> list[str]:
    """Our own, and the Big List of Naughty Strings where it lies beside the checkout."""
    return TEXTS + (json.loads(BLNS.read_text("utf-8")) if BLNS.is_file() else [])


def nasty() -> st.SearchStrategy[Any]:
    """A value of any kind, mostly of the wrong one."""
    listed = st.sampled_from([*naughty_strings(), *NUMBERS, *TIMES, *SHAPES])
    return st.one_of(listed, st.text(max_size=40), st.floats(), st.integers(), deep())


def deep() -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )


def mutated(valid: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good body with one to three of its members (also of inner objects) made nasty."""
    names = sorted(valid)
    inner = [f"{n}.{m}" for n in names if isinstance(valid[n], dict) for m in sorted(valid[n])]
    places = st.lists(st.sampled_from([*names, *inner, "surprise"]), min_size=1, max_size=3)

    def spoil(pair: tuple[list[str], list[Any]]) -> dict[str, Any]:
        body = json.loads(json.dumps(valid))
        for place, value in zip(*pair, strict=False):
            outer, _, member = place.partition(".")
            if member and isinstance(body[outer], dict):
                body[outer][member] = value
            else:
                body[outer] = value
        return body

    return st.tuples(places, st.lists(nasty(), min_size=3, max_size=3)).map(spoil)


def raw(body: Any) -> bytes:
    """JSON as a careless program writes it: NaN, half surrogates and long numbers as they are."""
    return json.dumps(body, ensure_ascii=True).encode()


BROKEN_BODIES: list[bytes] = [
    b"", b"null", b"[]", b"0", b'"x"', b"{", b"{}" * 2, b"\xff\xfe", b"\xef\xbb\xbf{}", b"\x00",
    b"[" * 16_000, b'{"a":' * 3_000, b"[" * 8_000 + b"]" * 8_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000, b"9" * 16_000, b'{"incident":' + b"9" * 5_000 + b"}",
    b'{"incident":"a","incident":"b"}', b'{"comment":"\\ud800"}', b'{"comment":"\xed\xa0\x80"}',
    b'{"pin":{"lon":NaN,"lat":-Infinity}}', b'{"\\u0000":1}', b'{"edit_id":"x","\\ud800":1}',
    b'{"edit_id":"x","\\u0000":1}', '{"comment":"\u2028"}'.encode("utf-16"),
]  # fmt: skip
