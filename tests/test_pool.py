"""The connection pool gives out only connections that can be used."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_left_inside_a_transaction_is_made_free() -> None:
    connection.ensure_connection()
    driver = connection.connection.driver_connection
    connection.close()
    # somebody who was cut off has left it so
    driver.autocommit = False
    driver.cursor().execute("SELECT 1")
    for _ in range(12):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        connection.close()
