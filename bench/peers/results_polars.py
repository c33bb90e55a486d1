"""`aggregate` and `compare` in polars: results_polars.py aggregate RESULTS OUT | compare A B OUT."""
import numpy as np
import polars as pl
from results_common import COLUMNS, WINDOW_SECONDS, command, compared, summarise


def aggregate(path):
    flight = ["aircraft_id", "flight_id"]
    step = pl.col("timestamp").diff().over(flight).dt.total_nanoseconds() / 1e9
    cells = (
        pl.scan_parquet(path).select(COLUMNS[1:6]).sort([*flight, "timestamp"])
        .with_columns(seconds=step.fill_null(WINDOW_SECONDS).clip(upper_bound=WINDOW_SECONDS), day=pl.col("timestamp").dt.date())
        .group_by([*flight, "day"])
        .agg(windows=pl.len(), anomalies=pl.col("is_anomaly").sum(), highest=pl.col("anomaly_score").max(), seconds=pl.col("seconds").sum())
        .collect()
    )
    return summarise({
        "aircraft": np.array(cells["aircraft_id"].to_list()), "flight": np.array(cells["flight_id"].to_list()),
        "day": cells["day"].to_numpy().astype("datetime64[D]").astype(int),
        **{name: cells[name].to_numpy().astype(float) for name in ("windows", "anomalies", "highest", "seconds")},
    })


def compare(path_a, path_b):
    keys = ["aircraft_id", "flight_id", "window_id"]
    read = lambda path: pl.scan_parquet(path).select([*keys, "anomaly_score", "anomaly_severity"])
    joined = read(path_a).join(read(path_b), on=keys, how="full", suffix="_b", coalesce=True).collect()
    only_b, only_a = (joined[name].null_count() for name in ("anomaly_score", "anomaly_score_b"))
    both = joined.drop_nulls()
    names, codes = np.unique(both["aircraft_id"].cast(pl.Categorical).to_physical().to_numpy(), return_inverse=True)
    first = {code: name for name, code in zip(both["aircraft_id"].unique(maintain_order=True), dict.fromkeys(codes.tolist()))}
    severities = [both[name].to_numpy().astype(int) for name in ("anomaly_severity", "anomaly_severity_b")]
    aircraft = [first[i] for i in range(len(names))]
    return compared(only_a, only_b, (aircraft, codes), both["anomaly_score"].to_numpy(), both["anomaly_score_b"].to_numpy(), *severities)


command(aggregate, compare)
