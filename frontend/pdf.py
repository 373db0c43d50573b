"""A page of ours as PDF, made by WeasyPrint where it is installed (`make pdf`).

Nothing is fetched: style sheets come from the static files, photos from their storage, and every
other address is refused, whatever stands on the page.
"""

from __future__ import annotations

import mimetypes
import re
import threading
from collections.abc import Set
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from gspace.problems import Problem
from reports import blobs

# as sharp as paper shows it: whole copies would make a file that no mail takes
PHOTO_DPI, PHOTO_QUALITY = 200, 80
PHOTO = re.compile(r"/api/v1/photos/([0-9a-f-]{36})/display")
BASE = "https://paper.invalid"
# seconds of a processor each: beside each other they would slow the desks of this process
ONE_AT_A_TIME, WAIT_S = threading.Lock(), 30


def available() -> bool:
    """Whether the extra is installed; its system libraries are only known when it is used."""
    return find_spec("weasyprint") is not None


def made(html: str, photos: Set[str]) -> bytes | None:
    """The PDF; None where WeasyPrint or its libraries are missing. photos: ids that may be in.

    Raises Problem busy when others are being made for WAIT_S.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError):
        return None

    class Ours(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = _content(url, photos)
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    document = HTML(string=html, base_url=BASE, url_fetcher=Ours(), media_type="print")
    if not ONE_AT_A_TIME.acquire(timeout=WAIT_S):
        raise Problem("busy")
    try:
        pdf: bytes = document.write_pdf(dpi=PHOTO_DPI, jpeg_quality=PHOTO_QUALITY)
    finally:
        ONE_AT_A_TIME.release()
    return pdf


def _content(url: str, photos: Set[str]) -> tuple[bytes, str]:
    path = url.removeprefix(BASE)
    if (photo := PHOTO.fullmatch(path)) and photo[1] in photos:
        with blobs.open_file(blobs.copy_name(photo[1], "display")) as file:
            return file.read(), "image/jpeg"
    name = path.removeprefix("/static/")
    if name != path and (found := finders.find(re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name))):
        kind = mimetypes.guess_type(str(found))[0] or "application/octet-stream"
        return Path(str(found)).read_bytes(), kind
    raise ValueError(f"{url} is not ours")
