"""EVENTS RESULTS WINDOWS AGAIN: reads events and results decided again with pyarrow, and finds the events' windows again with pandas. Prints the events read."""
import sys
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

events_path, results_path, windows_path, again_path = sys.argv[1:5]
feature = pa.struct([("name", pa.string()), ("share", pa.float64()), ("level", pa.string()), ("interpretation", pa.string())])
expected = {
    "event_id": pa.string(), "aircraft_id": pa.string(), "flight_id": pa.string(), "model": pa.string(), "status": pa.string(), "rule": pa.string(),
    "start_time": pa.timestamp("ns"), "end_time": pa.timestamp("ns"), "duration_seconds": pa.float64(), "severity": pa.uint8(),
    "confidence": pa.string(), "peak_score": pa.float32(), "peak_ratio": pa.float64(), "peak_time": pa.timestamp("ns"),
    "window_count": pa.int64(), "anomalous_window_count": pa.int64(), "first_window_id": pa.string(), "last_window_id": pa.string(),
}
table = pq.read_table(events_path)
for name, kind in expected.items():
    assert table.schema.field(name).type == kind, (name, table.schema.field(name).type)
assert pa.types.is_list(table.schema.field("flight_phases").type) and table.schema.field("flight_phases").type.value_type == pa.string()
assert table.schema.field("top_features").type.value_type == feature, table.schema.field("top_features").type

results, windows = (pq.read_table(path).to_pandas() for path in (results_path, windows_path))
errors = [name for name in windows.columns if name.startswith("squared_error_")]
both = results.merge(windows[["aircraft_id", "flight_id", "window_id", "flight_phase", *errors]], on=["aircraft_id", "flight_id", "window_id"])
length = pd.Timedelta(seconds=10)
found = []
for (aircraft, flight), rows in both[both.is_anomaly].sort_values("timestamp").groupby(["aircraft_id", "flight_id"]):
    island = (rows.timestamp.diff() > length).cumsum()
    for _, own in rows.groupby(island):
        shares = own[errors].astype("float64").sum().sort_values(ascending=False, kind="stable")
        phases = own.flight_phase[own.flight_phase != own.flight_phase.shift()].tolist()
        start, end = own.timestamp.iloc[0], own.timestamp.iloc[-1] + length
        found.append((aircraft, flight, start, end, own.anomaly_score.max(), len(own), phases, shares.index[0][14:], shares.iloc[0] / shares.sum()))
rows = table.to_pylist()
assert len(rows) == len(found) > 0, (len(rows), len(found))
for row, (aircraft, flight, start, end, peak, count, phases, top, share) in zip(rows, sorted(found, key=lambda f: f[:3])):
    assert (row["aircraft_id"], row["flight_id"], row["start_time"], row["end_time"]) == (aircraft, flight, start, end), row
    assert (row["peak_score"], row["anomalous_window_count"], row["flight_phases"]) == (peak, count, phases), row
    assert row["top_features"][0]["name"] == top and abs(row["top_features"][0]["share"] - share) < 1e-9, row

again, first = pq.read_table(again_path), pq.read_table(results_path)
assert again.schema.equals(first.schema), again.schema
assert again.equals(first)
print(len(rows))
