"""Somebody of the site's headquarters, signed in."""

from __future__ import annotations


def cookie() -> dict[str, str]:
    """Name and value of the session."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from gspace.models import Membership, Organisation

    operator, new = get_user_model().objects.get_or_create(username="bench-operator")
    if new:
        headquarters = Organisation.objects.get()
        Membership.objects.create(user=operator, organisation=headquarters, role="operator")
    client = Client()
    client.force_login(operator)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}
