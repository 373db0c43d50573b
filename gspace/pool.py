"""The connection pool's one habit of ours (docs/decisions/0005-connection-pool.md)."""

from __future__ import annotations

from typing import Any

from dj_db_conn_pool.backends.postgis.base import DatabaseWrapper
from psycopg2.extensions import STATUS_READY, TRANSACTION_STATUS_IDLE


class FreeingDialect(DatabaseWrapper.SQLAlchemyDialect):
    """A connection that came back inside a transaction is made free before it is given out.

    Ping and Django set autocommit, which psycopg2 refuses inside a transaction; such a connection
    would go back as it is and fail whoever gets it next, until the process ends.
    """

    def do_ping(self, dbapi_connection: Any) -> bool:
        # psycopg2 counts by itself: after a COMMIT written as SQL it still sees a transaction
        idle = dbapi_connection.info.transaction_status == TRANSACTION_STATUS_IDLE
        if not idle or dbapi_connection.status != STATUS_READY:
            dbapi_connection.rollback()
            dbapi_connection.autocommit = True
        return bool(super().do_ping(dbapi_connection))


def install() -> None:
    """Before the first connection; the backend looks its dialect up when it makes the pool."""
    DatabaseWrapper.SQLAlchemyDialect = FreeingDialect
