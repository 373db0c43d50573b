"""How full the disk of the photos is."""

from __future__ import annotations

import os

from django.conf import settings


def is_full() -> bool:
    """True below LIMIT_DISK_FREE_SHARE: photos wait, words are still accepted."""
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    disk = os.statvfs(settings.MEDIA_ROOT)
    return bool(disk.f_bavail < disk.f_blocks * settings.LIMIT_DISK_FREE_SHARE)
