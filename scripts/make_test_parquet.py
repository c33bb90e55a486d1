"""Writes test/fixtures/parquet: small Parquet files in the forms that real writers use, and what a reader must find in them.

    python scripts/make_test_parquet.py test/fixtures/parquet

Needs numpy, pyarrow. `expected.json`: file to column to its values, as numbers (null: missing, and so are NaN), nanoseconds as
text for times, text, or lists of numbers; a column that is to be of no use has the word "other".
"""

import datetime
import decimal
import json
import math
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

NS = 1_000_000_000
START = 1_760_162_400
random = np.random.default_rng(11)
expected = {}


def plain(value):
    """A value as JSON can hold it."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, str, int)):
        return int(value) if isinstance(value, bool) else value
    value = float(value)
    return None if math.isnan(value) else {math.inf: "inf", -math.inf: "-inf"}.get(value, value)


def found(column):
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_timestamp(kind):
        ticks = {"s": NS, "ms": 10**6, "us": 1000, "ns": 1}[kind.unit]
        return [None if v is None else str(v * ticks) for v in column.cast(pa.int64()).to_pylist()]
    return [plain(v) for v in column.to_pylist()]


def write(out, name, table, other=(), **options):
    pq.write_table(table, out / name, **options)
    expected[name] = {c: "other" if c in other else found(table[c]) for c in table.column_names}


def numbers():
    columns = {}
    for bits in (8, 16, 32, 64):
        top = 2 ** (bits - 1)
        columns[f"int{bits}"] = pa.array([-top, None, 0, top - 1], getattr(pa, f"int{bits}")())
        columns[f"uint{bits}"] = pa.array([0, 1, None, 2 * top - 1], getattr(pa, f"uint{bits}")())
    columns["float16"] = pa.array(np.array([0.5, -65504, 6e-8, np.inf], np.float16), mask=np.array([0, 0, 0, 0], bool))
    columns["float32"] = pa.array([0.1, None, math.nan, -math.inf], pa.float32())
    columns["float64"] = pa.array([0.1, None, math.nan, 1e300], pa.float64())
    columns["bool"] = pa.array([True, False, None, True])
    d = decimal.Decimal
    columns["decimal9"] = pa.array([d("123.45"), d("-0.01"), None, d("0")], pa.decimal128(9, 2))
    columns["decimal38"] = pa.array([d("-123456789012345.25"), None, d("1"), d("0.5")], pa.decimal128(38, 4))
    columns["decimal60"] = pa.array([d("-1234567890123456789012345678901234567890.5"), None, d("1"), d("0.5")], pa.decimal256(60, 1))
    columns["whole_decimal"] = pa.array([d("12"), d("-7"), None, d("99999")], pa.decimal128(5, 0))
    columns["nothing"] = pa.nulls(4)
    columns["all_null"] = pa.array([None] * 4, pa.float64())
    columns["shared_doubles"] = pa.array([1.5, None, 1.5, 2.5]).dictionary_encode()
    columns["shared_int64"] = pa.array([7, None, 7, -9]).dictionary_encode()
    return pa.table(columns)


def times():
    seconds = np.array([-1, 0, START, START + 1])
    columns = {}
    for unit, ticks in (("s", 1), ("ms", 1000), ("us", 10**6), ("ns", NS)):
        for zone in (None, "UTC", "Asia/Tokyo"):
            values = (seconds * ticks + (0 if unit == "s" else 7)).tolist()
            columns[f"{unit}_{zone}"] = pa.array([values[0], None, values[2], values[3]], pa.timestamp(unit, zone))
    columns["whole_ns"] = pa.array((seconds * NS).tolist(), pa.timestamp("ns"))
    return pa.table(columns)


def texts():
    words = ["AC1", None, "", "\u00fc\u20ac\U00010348 and more than twelve bytes", "AC1", "a somewhat longer text, also not inline"]
    columns = {"string": pa.array(words), "large_string": pa.array(words, pa.large_string())}
    columns["view"] = pa.array(words, pa.string_view())
    columns["dictionary"] = pa.array(words).dictionary_encode()
    columns["large_dictionary"] = pa.array(words, pa.large_string()).dictionary_encode()
    columns["small_indices"] = pa.DictionaryArray.from_arrays(pa.array([0, None, 1, 0, 1, 0], pa.uint8()), ["VALID", "SENSOR_ERROR"])
    return pa.table(columns)


def lists():
    rows = [[1.5, None, 2.5], [], None, [math.nan], [3.0, 4.0]]
    columns = {
        "doubles": pa.array(rows, pa.list_(pa.float64())),
        "large_list": pa.array(rows, pa.large_list(pa.float32())),
        "int16": pa.array([[1, 2], [], None, [None], [3]], pa.list_(pa.int16())),
        "int64": pa.array([[1, 2], [], None, [None], [3]], pa.list_(pa.int64())),
        "bool": pa.array([[True], [], None, [None], [False, True]], pa.list_(pa.bool_())),
        "decimal": pa.array([[decimal.Decimal("1.5")], [], None, [None], []], pa.list_(pa.decimal128(9, 2))),
        "fixed": pa.array([[1, 2, 3], [4, None, 6], [0, 0, 0], [7, 8, 9], [1, 1, 1]], pa.list_(pa.float64(), 3)),
        "words": pa.array([["a"], [], None, [None], []], pa.list_(pa.string())),
        "nested": pa.array([[[1.0]], [], None, [None], []], pa.list_(pa.list_(pa.float64()))),
    }
    return pa.table(columns)


def series(rows=40):
    """Text, numbers, lists and dictionaries that change over the rows."""
    columns = {
        "timestamp": pa.array([(START * 10 + i) * NS // 10 for i in range(rows)], pa.timestamp("ns")),
        "vib": pa.array([None if i % 9 == 4 else v for i, v in enumerate(random.normal(1, 0.2, rows).round(3).tolist())], pa.float64()),
        "count": pa.array(range(rows), pa.int64()),
        "phase": pa.array([f"phase {i // 5}" for i in range(rows)], pa.string()).dictionary_encode(),
        "flight_id": pa.array([f"a flight that is called {i // 11}" for i in range(rows)], pa.string()),
        "samples": pa.array([None if i % 7 == 6 else list(range(i % 4)) for i in range(rows)], pa.list_(pa.int32())),
        "on": pa.array([i % 3 == 0 for i in range(rows)], pa.bool_()),
    }
    return pa.table(columns)


def exotic():
    """Beside a usable column every type that no rule of ours can use."""
    day = datetime.date(2025, 10, 11)
    columns = {
        "timestamp": pa.array([START, START + 1], pa.timestamp("ms")),
        "date32": pa.array([day, None]),
        "date64": pa.array([day, None], pa.date64()),
        "time32": pa.array([1, None], pa.time32("ms")),
        "time64": pa.array([1, None], pa.time64("us")),
        "duration": pa.array([1, None], pa.duration("us")),
        "binary": pa.array([b"\xff", None]),
        "large_binary": pa.array([b"\xff", None], pa.large_binary()),
        "binary_view": pa.array([b"\xff", None], pa.binary_view()),
        "fixed_binary": pa.array([b"\xff\x00", None], pa.binary(2)),
        "struct": pa.array([{"x": 1, "y": {"z": "a"}}, None]),
        "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int32())),
        "structs": pa.array([[{"x": 1}], None]),
        "uuid": pa.array([b"0123456789abcdef", None], pa.uuid()),
        "json": pa.array(['{"a": 1}', None], pa.json_()),
        "shared_binary": pa.array([b"\xff", None]).dictionary_encode(),
        "shared_date": pa.array([day, None]).dictionary_encode(),
    }
    usable = ("timestamp", "json")
    return pa.table(columns), [c for c in columns if c not in usable]


class Keys(pe.KmsClient):
    """Keys for the test alone: they are not kept from anybody."""

    def wrap_key(self, key, master):
        return key.hex()

    def unwrap_key(self, wrapped, master):
        return bytes.fromhex(wrapped)


def write_encrypted(out, name, plaintext_footer):
    factory = pe.CryptoFactory(lambda _: Keys())
    config = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["vib"]}, plaintext_footer=plaintext_footer)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), config)
    with pq.ParquetWriter(out / name, series().select(["timestamp", "vib"]).schema, encryption_properties=properties) as writer:
        writer.write_table(series().select(["timestamp", "vib"]))


def main():
    out = pathlib.Path(sys.argv[1])
    write(out, "numbers.parquet", numbers())
    write(out, "times.parquet", times(), version="2.6")
    int96 = times().select(["us_None", "ns_UTC", "whole_ns"])
    write(out, "times-int96.parquet", int96, use_deprecated_int96_timestamps=True)
    write(out, "times-without-arrow-schema.parquet", times(), store_schema=False)
    write(out, "texts.parquet", texts())
    write(out, "texts-without-arrow-schema.parquet", texts().select(["string", "dictionary"]), store_schema=False)
    write(out, "lists.parquet", lists(), other=("words", "nested"))
    write(out, "lists-old-names.parquet", lists().select(["doubles", "int16"]), use_compliant_nested_type=False)
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        write(out, f"codec-{codec}.parquet", series(), compression=codec)
    encodings = {"timestamp": "DELTA_BINARY_PACKED", "vib": "BYTE_STREAM_SPLIT", "flight_id": "DELTA_BYTE_ARRAY", "phase": "DELTA_LENGTH_BYTE_ARRAY", "on": "RLE"}
    write(out, "encodings.parquet", series(), use_dictionary=False, column_encoding=encodings, data_page_version="2.0")
    write(out, "row-groups.parquet", series(), row_group_size=7)
    write(out, "small-pages.parquet", series(), data_page_size=64, write_batch_size=4, dictionary_pagesize_limit=40)
    # A checksum on each page: of data and of dictionaries, in every row group.
    write(out, "checksums.parquet", series(), row_group_size=15, compression="zstd", write_page_checksum=True)
    table, useless = exotic()
    write(out, "exotic.parquet", table, other=useless)
    same = pa.table([pa.array([1.0]), pa.array([2.0]), pa.array([3.0])], names=["vib", "egt", "vib"])
    pq.write_table(same, out / "same-names.parquet")
    expected["same-names.parquet"] = {"vib": [1], "egt": [2]}
    write(out, "no-rows.parquet", series(0))
    pq.ParquetWriter(out / "no-row-groups.parquet", series(0).schema).close()
    expected["no-row-groups.parquet"] = expected["no-rows.parquet"]
    write_encrypted(out, "encrypted.parquet", False)
    write_encrypted(out, "encrypted-columns.parquet", True)
    lines = [f' {json.dumps(name)}: {json.dumps(columns)}' for name, columns in expected.items()]
    (out / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
