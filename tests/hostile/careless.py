"""A reader as careless as can be: what the hostile files would reach if nobody held them back.

`python -m tests.hostile.careless ROOT confined|free FOLDER`: every file of the folder by GDAL with
all its drivers, by an XML parser that resolves what it is asked to, by unpacking.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import urllib.request
import xml.sax
import xml.sax.handler
import zipfile
from pathlib import Path

import pyogrio
import rasterio

from layers.readers import confine

SECONDS = 4


def main() -> None:
    root, how, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    names = sorted(folder.iterdir())
    files = {path.name: path.read_bytes() for path in names}
    # all that is loaded late is loaded now
    with contextlib.suppress(Exception):
        pyogrio.read_info(b"{}")
    with contextlib.suppress(Exception):
        urllib.request.urlopen("file:///dev/null")
    if how == "confined":
        confine.give_up_everything(root)
    for path in names:
        if os.fork() == 0:
            # some never end, some crash: each in a process that the clock kills
            signal.alarm(SECONDS)
            for attempt in (by_gdal, by_raster, by_xml, by_unpacking):
                with contextlib.suppress(BaseException):
                    attempt(files[path.name])
            os._exit(0)
        os.wait()


def by_gdal(raw: bytes) -> None:
    # in memory, so that the file itself needs no leave to be opened
    pyogrio.raw.read(raw)


def by_raster(raw: bytes) -> None:
    with rasterio.MemoryFile(raw) as held, held.open() as found:
        found.read()


def by_xml(raw: bytes) -> None:
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    if b"<!DOCTYPE" in raw[:200] and b"l9" not in raw and len(raw) < 100_000:
        parser.parse(io.BytesIO(raw))


def by_unpacking(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as box:
        for info in box.infolist()[:20]:
            target = os.path.join("/", info.filename.replace("\\", "/").lstrip("/"))
            if info.file_size < 1000:
                Path(target).write_bytes(box.read(info))


if __name__ == "__main__":
    main()
