"""A file as an answer: an attachment, in pieces that are read beside the event loop.

Django would read a synchronous file whole into memory under ASGI before it sends a byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

CHUNK = 256 * 1024


class Opened(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> object: ...


def attachment(
    opener: Callable[[], Opened], *, name: str, kind: str, size: int
) -> StreamingHttpResponse:
    """opener: called in a thread as the first piece is sent; kind: media type; size: in bytes."""
    answer = StreamingHttpResponse(_pieces(opener), content_type=kind)
    answer["Content-Length"] = size
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


async def _pieces(opener: Callable[[], Opened]) -> AsyncIterator[bytes]:
    stream = await asyncio.to_thread(opener)
    try:
        while piece := await asyncio.to_thread(stream.read, CHUNK):
            yield piece
    finally:
        stream.close()
