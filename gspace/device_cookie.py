"""The cookie with a device's token: for `<img>` and the plain form, which send no header."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gspace.access import DEVICE_COOKIE

# browsers cap a cookie's life at 400 days; an enrolment is renewed in peacetime
AGE_S = 400 * 24 * 3600


def put(answer: HttpResponse, token: str) -> None:
    answer.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=AGE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def remove(answer: HttpResponse) -> None:
    answer.delete_cookie(DEVICE_COOKIE, samesite="Lax")


def put_for_our_page(request: HttpRequest, answer: HttpResponse, token: str) -> None:
    """Only a page of ours gets it: a foreign one must not sign this browser in, programs need none.

    Browsers set Sec-Fetch-Site themselves; no script can.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        put(answer, token)
