"""A layer as a file, over HTTP: `/api/v1/layers/{slug}/download.{csv,geojson,gpkg}`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header
from ninja import Router

from gspace import access, geopackage, spreadsheet
from layers import downloads, queries
from layers.downloads import Taken

router = Router(tags=["layers"])
CHUNK = 256 * 1024
Build = Callable[[Taken, Path], None]


@router.get("/layers/{slug}/download.csv", summary="All features as CSV for spreadsheets")
def get_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _file(request, slug, "csv", spreadsheet.MEDIA_TYPE, _csv)


@router.get("/layers/{slug}/download.geojson", summary="All features as GeoJSON")
def get_geojson(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _file(request, slug, "geojson", "application/geo+json", _geojson)


@router.get("/layers/{slug}/download.gpkg", summary="All features as GeoPackage")
def get_geopackage(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _file(request, slug, "gpkg", geopackage.MEDIA_TYPE, downloads.write_geopackage)


def _csv(taken: Taken, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(downloads.csv_parts(taken))


def _geojson(taken: Taken, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(downloads.geojson_parts(taken))


def _built(taken: Taken, build: Build) -> IO[bytes]:
    """Whole before the first byte is sent: an error is an answer, not half a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer"
        build(taken, path)
        # the open file outlives its folder
        return path.open("rb")


def _file(
    request: HttpRequest, slug: str, ending: str, kind: str, build: Build
) -> HttpResponseBase:
    layer, audience = queries.layer_for(slug, access.caller_from_request(request))
    taken = Taken(layer, audience)
    etag = f'{taken.etag[:-1]}-{ending}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        file = _built(taken, build)
        size = file.seek(0, os.SEEK_END)
        answer = StreamingHttpResponse(_chunks(file), content_type=kind)
        answer["Content-Length"] = size
        name = f"{taken.name}.{ending}"
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _told(answer, audience, etag)


def _told(answer: HttpResponseBase, audience: str, etag: str) -> HttpResponseBase:
    answer["ETag"] = etag
    public = audience == "public"
    answer["Cache-Control"] = "public, max-age=5" if public else "private, max-age=0, no-cache"
    patch_vary_headers(answer, ["Cookie", "Authorization"])
    return answer


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file in pieces, read beside the event loop."""
    try:
        await asyncio.to_thread(file.seek, 0)
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        file.close()
