"""DATASET RESULTS: reads a data set with pyarrow, pandas and DuckDB, their types said and guessed, and holds its rows against a results file of the
same run. Prints the rows read."""
import sys
import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

folder, results = sys.argv[1:3]
own = [
    ("window_id", pa.string()), ("flight_id", pa.string()), ("timestamp", pa.timestamp("ns")), ("anomaly_score", pa.float32()),
    ("is_anomaly", pa.bool_()), ("anomaly_severity", pa.uint8()), ("inference_latency_ms", pa.float32()),
]
keys = [("date", pa.date32()), ("aircraft_id", pa.string())]
order = [("aircraft_id", "ascending"), ("flight_id", "ascending"), ("window_id", "ascending")]
compared = ["aircraft_id", "flight_id", "window_id", "timestamp", "anomaly_score", "is_anomaly", "anomaly_severity"]
want = pq.read_table(results).select(compared).sort_by(order)

# pyarrow, types said.
dataset = ds.dataset(folder, partitioning=ds.partitioning(pa.schema(keys), flavor="hive"))
assert dataset.schema.remove_metadata().equals(pa.schema(own + keys)), dataset.schema
table = dataset.to_table()
assert table.select(compared).sort_by(order).equals(want)
days = table["timestamp"].cast(pa.timestamp("s"), safe=False).cast(pa.date32())
assert days.combine_chunks().equals(table["date"].combine_chunks())
one = table["aircraft_id"][0].as_py()
assert dataset.to_table(filter=ds.field("aircraft_id") == one).num_rows == table.filter(pa.compute.equal(table["aircraft_id"], one)).num_rows

# pandas and pyarrow, types guessed.
frame = pd.read_parquet(folder)
assert len(frame) == len(want) and set(frame["aircraft_id"].astype(str)) == set(want["aircraft_id"].to_pylist()), frame["aircraft_id"]

# DuckDB.
typed = "hive_partitioning = true, hive_types = {'date': DATE, 'aircraft_id': VARCHAR}"
for pattern in ("*/*/*.parquet", "**/*.parquet"):
    source = f"read_parquet('{folder}/{pattern}', {typed})"
    rows = duckdb.sql(f"SELECT {', '.join(compared)} FROM {source} ORDER BY aircraft_id, flight_id, window_id").to_arrow_table()
    assert rows.equals(want.cast(rows.schema)), pattern
    described = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE FROM {source}").fetchall()}
    assert (described["date"], described["aircraft_id"], described["timestamp"]) == ("DATE", "VARCHAR", "TIMESTAMP_NS"), described
print(len(want))
