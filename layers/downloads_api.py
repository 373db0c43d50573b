"""A layer as a file, over HTTP: `/api/v1/layers/{slug}/download.{csv,geojson,gpkg}`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from ninja import Router

from gspace import access, geopackage, spreadsheet
from gspace.attachments import attachment
from layers import downloads, queries
from layers.downloads import Taken
from layers.shelf import Shelf

router = Router(tags=["layers"])
shelf = Shelf()
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


def _file(
    request: HttpRequest, slug: str, ending: str, kind: str, build: Build
) -> HttpResponseBase:
    layer, audience = queries.layer_for(slug, access.caller_from_request(request))
    taken = Taken(layer, audience)
    etag = f'{taken.etag[:-1]}-{ending}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        # made now and not as it is sent: a file that cannot be built is an error
        file = shelf.take((slug, etag), lambda path: build(taken, path))
        name = f"{taken.name}.{ending}"
        answer = attachment(lambda: file, name=name, kind=kind, size=file.size)
    return _told(answer, audience, etag)


def _told(answer: HttpResponseBase, audience: str, etag: str) -> HttpResponseBase:
    answer["ETag"] = etag
    public = audience == "public"
    answer["Cache-Control"] = "public, max-age=5" if public else "private, max-age=0, no-cache"
    patch_vary_headers(answer, ["Cookie", "Authorization"])
    return answer
