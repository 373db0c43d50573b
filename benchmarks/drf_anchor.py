"""The usual way: a Django REST framework ModelViewSet on a table like ours, under the same uvicorn.

It does less than our intake: no idempotency, no place name, no position rule, no change feed, no
rights by incident. It looks the token up, validates, inserts a row and answers with it.
"""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.drf_settings"

from django.core.asgi import get_asgi_application

application = get_asgi_application()
