"""Apache Parquet tables, through pyarrow where it is installed."""

from __future__ import annotations

__all__ = ["PARQUET"]

from pathlib import Path

from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import check_expanded, has_suffix, parsing, regular_file
from glassnet.errors import DataError


def read(path: Path, options: ReadOptions) -> RawTable:
    """Read a Parquet file; pandas' stored index is left out.

    Raises
    ------
    DataError
        When pyarrow is absent, or the file is broken or expands beyond the limit.
    """
    regular_file(path)
    try:
        import pyarrow.parquet  # an extra, and slow to import
    except ImportError as error:
        raise DataError(f"Reading {path} needs pyarrow: pip install glassnet[parquet].") from error
    with parsing(path, "Parquet"), pyarrow.parquet.ParquetFile(path) as file:
        metadata = file.metadata
        # Runs of equal values take next to no bytes in the file: count cells, too.
        groups = (metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
        check_expanded(path, max(sum(groups), metadata.num_rows * metadata.num_columns))
        table = file.read()
        index = [name for name in table.column_names if name.startswith("__index_level_")]
        frame = table.drop_columns(index).to_pandas(ignore_metadata=True)
    if len(frame) == 0:
        raise DataError(f"{path} is empty: it has no rows to read.")
    return RawTable(X=frame.set_axis(list(map(str, frame.columns)), axis=1), name=path.name)


PARQUET = Reader("parquet", "Parquet (.parquet, .pq)", has_suffix(".parquet", ".pq"), read)
