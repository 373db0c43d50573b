"""Receipt codes: short enough to read over the radio, with a check character. Pure."""

from __future__ import annotations

import secrets

# Crockford-like: no 0/O/1/I; 32 characters, so five of them make 33.5 million codes an incident
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def check_character(code: str) -> str:
    """Weighted sum modulo 32 with odd weights: finds every single wrong character."""
    total = sum((2 * i + 1) * ALPHABET.index(c) for i, c in enumerate(code))
    return ALPHABET[total % len(ALPHABET)]


def new() -> str:
    """Five random characters and their check character, such as K7M2QX."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return code + check_character(code)


def valid(receipt: str) -> bool:
    """True for a code whose check character fits; case does not matter."""
    text = receipt.strip().upper()
    known = len(text) == 6 and all(c in ALPHABET for c in text)
    return known and check_character(text[:5]) == text[5]
