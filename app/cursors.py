"""What the driver tells of a result's columns, cut to what is read of it."""

from typing import Any

import psycopg
from psycopg import pq

WITH_ROWS = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.SINGLE_TUPLE)


class Brief(psycopg.Cursor[Any]):
    """A cursor that describes a column by name and type.

    The driver's own descriptions know sizes and precisions too; making them takes longer than reading a short result,
    and SQLAlchemy drops them once it knows a statement.
    """

    @property
    def description(self) -> list[Any] | None:
        """(name, type, and five times None) for each column, as PEP 249 has it; None where there are no rows."""
        result = self.pgresult
        if result is None or not (result.nfields or result.status in WITH_ROWS):
            return None
        encoding = self._encoding
        return [
            ((result.fname(i) or b"").decode(encoding), result.ftype(i), None, None, None, None, None)
            for i in range(result.nfields)
        ]
