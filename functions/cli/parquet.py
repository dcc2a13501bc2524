"""The shared data set as Parquet, with its data dictionary inside: the one module that needs the extra, so
nobody loads it who has not asked for such a file."""

import io
from collections.abc import Sequence

from arro3.core import Array, DataType, Field, Schema, Table
from arro3.io import write_parquet

from functions.domain.measures import dictionary
from functions.domain.measures.published import Published
from functions.domain.measures.typed import TYPED, Kind, Typed

_TEXT = DataType.utf8()
_TYPES = {
    Kind.TEXT: DataType.dictionary(DataType.int32(), _TEXT),
    Kind.DAY: DataType.date32(),
    Kind.COUNT: DataType.int64(),
    Kind.TENTHS: DataType.decimal128(18, 1),
    Kind.FLAG: DataType.bool(),
}


def as_parquet(rows: Sequence[Published]) -> bytes:
    """The rows that the CSV has, each cell with its type and as it is: nothing here runs a formula."""
    table = Table([_cells(column, rows) for column in TYPED], schema=Schema([*map(_field, TYPED)]))
    file = io.BytesIO()
    write_parquet(
        table, file, compression="snappy", key_value_metadata={"data_dictionary": dictionary.as_json()}
    )
    return file.getvalue()


def _cells(column: Typed, rows: Sequence[Published]) -> Array:
    """Raises ValueError for a cell that is not of its column's kind: the library would make it null."""
    texts = Array([column.cell(row) for row in rows], _TEXT)
    typed = texts.cast(_TYPES[column.kind])
    if typed.null_count != texts.null_count:
        raise ValueError(f"{column.name}: not every cell is a {column.kind.value}")
    return typed


def _field(column: Typed) -> Field:
    words = {"description": dictionary.typed_words(column)}
    return Field(column.name, _TYPES[column.kind], column.may_be_null, metadata=words)
