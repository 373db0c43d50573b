"""The pooled PostGIS backend (docs/decisions/0005-connection-pool.md): Django's ENGINE."""

from __future__ import annotations

from typing import Any

from dj_db_conn_pool.backends.postgis.base import DatabaseWrapper as Pooled
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(Pooled):
    """A connection that came back inside a transaction is made free before it is given out.

    Ping and Django set autocommit, which psycopg2 refuses inside a transaction; such a connection
    would go back as it is and fail whoever gets it next, until the process ends.
    """

    class SQLAlchemyDialect(Pooled.SQLAlchemyDialect):
        def do_ping(self, dbapi_connection: Any) -> bool:
            if dbapi_connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
                dbapi_connection.rollback()
                dbapi_connection.autocommit = True
            return bool(super().do_ping(dbapi_connection))
