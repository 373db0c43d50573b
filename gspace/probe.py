"""`python -m gspace.probe`: does the web server of this machine answer? Exit code 0 or 1.

For container health checks, which know neither the service's name nor its certificate: the
request claims both, as the reverse proxy would. Imports no Django, so it costs no second.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 4


def status(host: str, port: int, path: str = "/health/live") -> int | None:
    """The HTTP status of `path`, None when nobody answers in time."""
    site = urlsplit(os.environ.get("SITE_URL", ""))
    headers = {"Host": site.netloc} if site.netloc else {}
    headers["X-Forwarded-Proto"] = site.scheme or "http"
    door = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        door.request("GET", path, headers=headers)
        return door.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        door.close()


if __name__ == "__main__":
    sys.exit(status("127.0.0.1", int(os.environ.get("PORT") or 8000), "/health/ready") != 200)
