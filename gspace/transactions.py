"""The wrapper around every action: one transaction, retried when PostgreSQL asks for it."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

# deadlock_detected, serialization_failure, lock_not_available (PostgreSQL appendix A)
RETRIED = {"40P01", "40001", "55P03"}
TRIES = 3


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction; a lost race is tried again so that no caller meets a deadlock.

    Inside an outer transaction there is nothing to retry: the outer action does it.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(TRIES + 1):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                code = getattr(error.__cause__, "pgcode", None)
                if connection.in_atomic_block or code not in RETRIED or attempt == TRIES:
                    raise
                # both sides of a crossing retry at once otherwise
                time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))
        raise AssertionError("unreachable")

    return run
