"""Whether two result files agree: scores within rtol 1e-4 and atol 1e-5, the rest exactly.

A decision may differ where the score lies within that tolerance of a threshold of the model.
Columns that one of the files lacks, and the latency, are not compared. Exit code 1 and a line that says where if not.
"""

import argparse
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

EXACT = ["window_id", "aircraft_id", "flight_id", "timestamp"]
DECISIONS = ["is_anomaly", "anomaly_severity"]
RTOL, ATOL = 1e-4, 1e-5


def thresholds_of(model):
    t = yaml.safe_load((pathlib.Path(model) / "thresholds.yaml").read_text())
    levels = [t["severity_levels"][name]["min"] for name in ("minor", "moderate", "severe")]
    by_phase = list((t.get("flight_phase_thresholds") or {}).values())
    return np.array([t["reconstruction_error_threshold"]["default"], *levels, *by_phase])


def disagreement(expected, actual, thresholds):
    """What is different, in words; None if nothing is."""
    if expected.num_rows != actual.num_rows:
        return f"{actual.num_rows} rows instead of {expected.num_rows}"
    want, have = (t["anomaly_score"].to_numpy().astype(np.float64) for t in (expected, actual))
    near = np.abs(want[:, None] - thresholds) <= ATOL + RTOL * np.abs(thresholds)
    wrong = {"anomaly_score": ~np.isclose(have, want, rtol=RTOL, atol=ATOL)}
    for name in EXACT + DECISIONS:
        different = np.array(expected[name].to_numpy() != actual[name].to_numpy())
        wrong[name] = different & ~near.any(axis=1) if name in DECISIONS else different
    for name, rows in wrong.items():
        if rows.any():
            i = int(np.flatnonzero(rows)[0])
            return f"{name} of row {i} is {actual[name][i]} instead of {expected[name][i]} ({rows.sum()} rows in all)"
    return None


def read(path, columns):
    """A file, or a folder of files in the order of their names, whose times may be whole nanoseconds without a type."""
    table = pq.read_table(path, columns=columns)
    at = table.schema.get_field_index("timestamp")
    return table.set_column(at, "timestamp", table["timestamp"].cast(pa.timestamp("ns")))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--model", "--expected", "--actual"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    columns = [*EXACT, "anomaly_score", *DECISIONS]
    tables = [read(path, columns) for path in (options.expected, options.actual)]
    if found := disagreement(*tables, thresholds_of(options.model)):
        sys.exit(f"{options.actual} does not agree with {options.expected}: {found}")
    print(f"{tables[0].num_rows} rows agree")


if __name__ == "__main__":
    main()
