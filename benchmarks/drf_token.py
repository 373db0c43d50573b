"""Tokens for the plain DRF service; apart from its views, which DRF would import in a circle."""

from __future__ import annotations

from typing import Any

from rest_framework import authentication, exceptions

from gspace import access
from gspace.problems import Problem


class Person:
    """Whom a token stands for."""

    is_authenticated = True

    def __init__(self, caller: access.Caller) -> None:
        self.caller = caller


class TokenAuthentication(authentication.BaseAuthentication):
    """One statement by the token's hash, as ours."""

    def authenticate(self, request: Any) -> tuple[Person, None]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return Person(access.caller_from_token(token)), None
        except Problem as problem:
            raise exceptions.AuthenticationFailed from problem
