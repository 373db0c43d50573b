"""GDAL, GEOS and PROJ for GeoDjango, out of the rasterio and shapely wheels.

Nothing native has to be installed for Python. Import this module before anything of
`django.contrib.gis`: two copies of GEOS and PROJ live in one process, and the wheels' own must be
loaded by the wheels first (loading libgdal by ctypes first ended in crashes).

Shapes: `GDAL_LIBRARY_PATH`, `GEOS_LIBRARY_PATH` are absolute paths (str). Errors: ImportError with
one sentence when the wheels carry no such library.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import rasterio
import shapely


def _bundled(package_file: str, library: str) -> str:
    """The one shared library `library` that the wheel of `package_file` brought along."""
    package = Path(package_file).resolve().parent
    folders = [package.parent / f"{package.name}.libs", package / ".dylibs"]
    found = sorted(
        path
        for folder in folders
        for pattern in (f"{library}-*.so*", f"{library}.so*", f"{library}.*dylib")
        for path in folder.glob(pattern)
    )
    if not found:
        raise ImportError(
            f"{library} was not found beside the package {package.name} in {package.parent}: "
            "G-space needs the binary wheels of rasterio and shapely (run `make setup`)."
        )
    return str(found[0])


def _point_at_data(gdal_path: str) -> None:
    """Tell the bundled GDAL where its own tables are.

    Through the library and not through PROJ_DATA or GDAL_DATA: an environment variable would be
    inherited by PostGIS, pyproj and pyogrio, which bring other versions of the same files.
    """
    package = Path(rasterio.__file__).resolve().parent
    gdal = ctypes.CDLL(gdal_path)
    gdal.CPLSetConfigOption.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    gdal.CPLSetConfigOption.restype = None
    gdal.CPLSetConfigOption(b"GDAL_DATA", os.fsencode(package / "gdal_data"))
    paths = (ctypes.c_char_p * 2)(os.fsencode(package / "proj_data"), None)
    gdal.OSRSetPROJSearchPaths.argtypes = [ctypes.POINTER(ctypes.c_char_p)]
    gdal.OSRSetPROJSearchPaths.restype = None
    gdal.OSRSetPROJSearchPaths(paths)


GDAL_LIBRARY_PATH = _bundled(rasterio.__file__, "libgdal")
GEOS_LIBRARY_PATH = _bundled(shapely.__file__, "libgeos_c")
_point_at_data(GDAL_LIBRARY_PATH)
