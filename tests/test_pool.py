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


def test_a_transaction_that_was_ended_in_sql_is_ended_for_the_driver_too() -> None:
    connection.ensure_connection()
    driver = connection.connection.driver_connection
    connection.close()
    driver.autocommit = False
    cursor = driver.cursor()
    cursor.execute("SELECT 1")
    cursor.execute("COMMIT")
    for _ in range(12):
        with connection.cursor() as mine:
            mine.execute("SELECT 1")
            assert mine.fetchone() == (1,)
        connection.close()
