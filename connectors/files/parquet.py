"""Tables out of Parquet files: the columns of a CSV file with types; what was a float is no longer exact money."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

from connectors.files.columns import InvoiceColumns
from connectors.files.tables import Cells, Table, table_of
from connectors.files.unreadable import Unreadable

_MAGIC = b"PAR1"
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_null)
_NUMBERS = (pa.types.is_integer, pa.types.is_decimal)
_DAYS = (pa.types.is_date, pa.types.is_timestamp)


def read_parquet(content: bytes, columns: InvoiceColumns) -> Table:
    """Read a file; the first row is line 1. Raises `Unreadable`, also for floats and columns within columns."""
    if not content.startswith(_MAGIC):
        raise Unreadable("it is not a Parquet file", "export it again")
    try:
        schema = pq.read_schema(io.BytesIO(content))
        _check(schema, columns.fitted(schema.names).mapped().values())
        read = pq.read_table(io.BytesIO(content), columns=_known(schema, columns))
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"it is not a Parquet file that can be read: {error}", "export it again") from error
    body = zip(*(column.to_pylist() for column in read.columns), strict=True)
    cells: Cells = [(line, ["" if value is None else value for value in row]) for line, row in enumerate(body, 1)]
    return table_of([(0, read.schema.names), *cells], columns)


def _known(schema: Any, columns: InvoiceColumns) -> list[str]:
    """Return the columns that are needed, and those whose names only look like one of them."""
    misspelt = columns.misspelt(schema.names)
    return [name for name in schema.names if name.casefold() in columns.headers() or name in misspelt]


def _check(schema: Any, wanted: Any) -> None:
    folded = {text.casefold() for text in wanted}
    for field in schema:
        if field.name.casefold() not in folded:
            continue
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_floating(kind):
            raise Unreadable(f"column {field.name!r} holds floats ({kind})", "write decimals or text")
        if not any(fits(kind) for fits in (*_TEXTS, *_NUMBERS, *_DAYS)):
            raise Unreadable(f"column {field.name!r} holds {kind}", "write text, integers, decimals or dates")
