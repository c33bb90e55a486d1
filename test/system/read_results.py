"""RESULTS GOLDEN: reads our results with pyarrow and DuckDB, and holds them against the reference's answers. Prints the rows read."""
import sys
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

results, golden = sys.argv[1:3]
schema = pa.schema([
    ("window_id", pa.string()), ("aircraft_id", pa.string()), ("flight_id", pa.string()), ("timestamp", pa.timestamp("ns")),
    ("anomaly_score", pa.float32()), ("is_anomaly", pa.bool_()), ("anomaly_severity", pa.uint8()), ("inference_latency_ms", pa.float32()),
])
read = pq.read_table(results)
assert read.schema.equals(schema), read.schema
described = [(name, kind) for name, kind, *_ in duckdb.sql(f"DESCRIBE FROM read_parquet('{results}')").fetchall()]
assert described == [
    ("window_id", "VARCHAR"), ("aircraft_id", "VARCHAR"), ("flight_id", "VARCHAR"), ("timestamp", "TIMESTAMP_NS"),
    ("anomaly_score", "FLOAT"), ("is_anomaly", "BOOLEAN"), ("anomaly_severity", "UTINYINT"), ("inference_latency_ms", "FLOAT"),
], described
want = pq.read_table(golden)
assert read.num_rows == want.num_rows > 0, (read.num_rows, want.num_rows)
for name in ("window_id", "aircraft_id", "flight_id", "timestamp"):
    assert read[name].combine_chunks().equals(want[name].combine_chunks().cast(schema.field(name).type)), name
score, expected = (np.asarray(t["anomaly_score"]) for t in (read, want))
assert np.allclose(score, expected, rtol=1e-4, atol=1e-5), np.abs(score - expected).max()
assert (np.asarray(read["inference_latency_ms"]) >= 0).all()
again = duckdb.sql(f"SELECT * FROM read_parquet('{results}')").to_arrow_table()
assert again.num_rows == read.num_rows and np.array_equal(np.asarray(again["anomaly_score"]), score)
assert pq.read_metadata(results).metadata[b"flightbatch.kind"] == b"results"
for row_group in range(pq.read_metadata(results).num_row_groups):
    group = pq.read_metadata(results).row_group(row_group)
    part = pq.ParquetFile(results).read_row_group(row_group)
    statistics = group.column(3).statistics
    assert statistics.min == min(part["timestamp"].to_pylist()) and statistics.max == max(part["timestamp"].to_pylist())
print(read.num_rows)
