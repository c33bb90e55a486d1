"""Writes small Parquet files in as many ways as their writers have: make_odd_parquet.py FOLDER COUNT SEED.

Beside each file NAME.parquet a NAME.json with what pyarrow reads of its flat numbers and instants (DuckDB, where it has written the file):
{rows, columns: {name: [entry, ...]}}, floats as the hexadecimal digits of their bits or nan, integers and ticks as text, null where there is none.
"""

import json
import pathlib
import struct
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder, count, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
TYPES = [
    *(pa.float32(), pa.float64()) * 3,
    *(pa.timestamp(unit, zone) for unit in ("s", "ms", "us", "ns") for zone in (None, "UTC")),
    *(pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64()),
    *(pa.float16(), pa.bool_(), pa.decimal128(9, 2), pa.date32(), pa.time64("us"), pa.duration("ns"), pa.string()),
    *(pa.list_(pa.float32()), pa.struct([("x", pa.float32()), ("y", pa.int32())])),
    pa.dictionary(pa.int32(), pa.float64()),
]
CODECS = ["snappy"] * 6 + ["none"] * 3 + ["zstd", "gzip", "lz4"]
ODD = [0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1e-45, 1e300]


def nulls(random, rows):
    """Which rows have no value: none, all, some, runs, all but every tenth, or the first or last half."""
    numbers = np.arange(rows)
    ways = [
        lambda: numbers < 0,
        lambda: numbers >= 0,
        lambda: random.random(rows) < random.random(),
        lambda: numbers // random.integers(1, 200) % 2 == 0,
        lambda: numbers % 10 != 0,
        lambda: numbers < rows // 2,
        lambda: numbers >= rows // 2,
    ]
    return ways[random.choice(len(ways), p=[0.3, 0.08, 0.2, 0.15, 0.15, 0.06, 0.06])]()


def integers(random, rows, bits, signed):
    """Few values or many, of small range or of all bits, sorted or not."""
    least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if random.random() < 0.5:
        most = min(most, least + int(2 ** random.integers(0, 30)))
    if bits == 64 and signed:
        least, most = random.choice([(0, 1 << 40), (-(1 << 62), 1 << 62), (1_760_000_000_000, 1_760_000_100_000)])
    values = random.integers(least, most, rows, endpoint=True, dtype=np.uint64 if bits == 64 and not signed else np.int64)
    return np.sort(values) if random.random() < 0.4 else values


def array(random, rows, kind):
    mask = nulls(random, rows)
    if pa.types.is_dictionary(kind):
        return pa.array(np.where(mask, np.nan, random.integers(0, 9, rows) / 4), from_pandas=True).dictionary_encode()
    if pa.types.is_floating(kind):
        values = random.normal(80, 20, rows)
        if random.random() < 0.5:
            values = np.round(values / random.integers(1, 60)) * 0.25
        if random.random() < 0.3 and rows > 0:
            values[random.integers(0, rows, 3)] = random.choice(ODD, 3)
        with np.errstate(over="ignore"):
            values = values.astype(kind.to_pandas_dtype())
        return pa.array(values, kind, mask=mask, from_pandas=False)
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        ticks = integers(random, rows, 64, True) >> (31 if kind.unit == "s" else 0)
        return pa.array(ticks, pa.int64(), mask=mask).cast(kind)
    if pa.types.is_integer(kind):
        signed = pa.types.is_signed_integer(kind)
        values = integers(random, rows, kind.bit_width, signed)
        return pa.array(values, mask=mask).cast(kind, safe=False)
    few = random.integers(0, 50, rows)
    convert = {
        pa.bool_(): lambda n: bool(n % 2),
        pa.date32(): int,
        pa.time64("us"): int,
        pa.string(): str,
        pa.decimal128(9, 2): lambda n: __import__("decimal").Decimal(int(n)) / 4,
    }.get(kind)
    if convert is None and pa.types.is_list(kind):
        convert = lambda n: [float(n)] * (n % 3)
    if convert is None:
        convert = lambda n: {"x": float(n), "y": int(n)}
    return pa.array([None if gone else convert(n) for n, gone in zip(few.tolist(), mask)], kind)


def table(random):
    rows = int(random.choice([0, 1, 7, 8, 9, 63, 64, 65, 500, 1000, 3000, random.integers(1, 5000)]))
    names, columns, fields = [], [], []
    for i in range(random.integers(1, 7)):
        kind = TYPES[random.integers(len(TYPES))]
        column = array(random, rows, kind)
        nullable = column.null_count > 0 or random.random() < 0.6
        name = random.choice([f"c{i}", f"c.{i}", f"ü {i}"]) if random.random() < 0.95 or not names else names[0]
        names.append(name)
        columns.append(column)
        fields.append(pa.field(name, column.type, nullable=nullable))
    return pa.table(columns, schema=pa.schema(fields))


def pick(random, *choices):
    return choices[random.integers(len(choices))]


def encodings(random, flat):
    """None, or an encoding a column; those of a dictionary cannot have another."""
    if random.random() < 0.8:
        return None, pick(random, True, False, True)
    chosen = {}
    for name in set(flat.column_names):
        kind = flat.schema.field(flat.column_names.index(name)).type
        if pa.types.is_floating(kind) and kind != pa.float16():
            chosen[name] = pick(random, "PLAIN", "BYTE_STREAM_SPLIT")
        elif pa.types.is_integer(kind) or pa.types.is_timestamp(kind):
            chosen[name] = pick(random, "PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT")
    return chosen or None, False


def write_arrow(random, flat, path):
    column_encoding, use_dictionary = encodings(random, flat)
    names = list(dict.fromkeys(flat.column_names))
    compression = pick(random, *CODECS)
    if random.random() < 0.2:
        compression = {name: pick(random, *CODECS) for name in names}
    pq.write_table(
        flat,
        path,
        row_group_size=int(pick(random, 1, 17, 100, 1000, 1 << 20)) if flat.num_rows < 600 else int(pick(random, 333, 1000, 1 << 20)),
        # The older ones cannot hold nanoseconds.
        version="2.6" if any("[ns" in str(kind) for kind in flat.schema.types) else pick(random, "1.0", "2.4", "2.6"),
        use_dictionary=use_dictionary if not use_dictionary or random.random() < 0.7 else names[: len(names) // 2],
        compression=compression,
        data_page_version=pick(random, "1.0", "2.0"),
        data_page_size=int(pick(random, 64, 512, 4096, 1 << 20)),
        write_batch_size=int(pick(random, 8, 64, 1024)),
        dictionary_pagesize_limit=int(pick(random, 64, 1024, 1 << 20)),
        column_encoding=column_encoding,
        write_statistics=pick(random, True, False),
        write_page_index=pick(random, True, False),
        write_page_checksum=pick(random, True, False),
        store_schema=pick(random, True, False),
        store_decimal_as_integer=pick(random, True, False),
        use_deprecated_int96_timestamps=random.random() < 0.05,
    )


def write_duckdb(random, flat, path):
    connection = duckdb.connect()
    connection.register("flat", flat)
    version = pick(random, "V1", "V2")
    codec = pick(random, "snappy", "snappy", "uncompressed", "zstd", "lz4_raw")
    size = int(pick(random, 2048, 122_880))
    connection.execute(
        f"COPY flat TO '{path}' (FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE {size}, PARQUET_VERSION {version})"
    )


def write_polars(random, flat, path):
    import polars as pl

    pl.from_arrow(flat).write_parquet(
        path,
        compression=pick(random, "snappy", "snappy", "uncompressed", "zstd", "lz4"),
        statistics=pick(random, True, False),
        row_group_size=int(pick(random, 100, 1000, 100_000)),
        data_page_size=int(pick(random, 64, 1024, 1 << 20)),
    )


def entry(value, kind):
    if value is None:
        return None
    if pa.types.is_float32(kind):
        return "nan" if value != value else struct.pack("<f", value).hex()
    if pa.types.is_float64(kind):
        return "nan" if value != value else struct.pack("<d", value).hex()
    return str(value)


def entries(column):
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
    return [entry(value, kind) for value in column.to_pylist()]


def expected(path):
    file = pq.ParquetFile(path)
    read = file.read()
    columns = {}
    for name, column in zip(read.column_names, read.columns):
        kind = column.type
        is_number = pa.types.is_float32(kind) or pa.types.is_float64(kind) or pa.types.is_timestamp(kind)
        if (is_number or pa.types.is_integer(kind) and kind.bit_width <= 32) and name not in columns:
            columns[name] = entries(column)
    return {"rows": read.num_rows, "columns": columns}


def write(index):
    random = np.random.default_rng([seed, index])
    flat = table(random)
    writer = [write_arrow] * 6 + [write_duckdb, write_polars]
    path = folder / f"{index}.parquet"
    if len(set(flat.column_names)) < len(flat.column_names):
        writer = [write_arrow]
    pick(random, *writer)(random, flat, str(path))
    (folder / f"{index}.json").write_text(json.dumps(expected(path)))


failed = 0
for index in range(count):
    try:
        write(index)
    except Exception as error:  # a combination that a writer does not have
        failed += 1
        (folder / f"{index}.parquet").unlink(missing_ok=True)
        print(f"{index}: {type(error).__name__}: {str(error)[:150]}", file=sys.stderr)
print(count - failed)
