"""`aggregate` and `compare` in pandas: results_pandas.py aggregate RESULTS OUT | compare A B OUT."""
import numpy as np
import pandas as pd
from results_common import COLUMNS, WINDOW_SECONDS, command, compared, summarise


def aggregate(path):
    rows = pd.read_parquet(path, columns=COLUMNS[1:6])
    rows = rows.sort_values(["aircraft_id", "flight_id", "timestamp"], kind="stable")
    seconds = rows.groupby(["aircraft_id", "flight_id"], sort=False)["timestamp"].diff().dt.total_seconds()
    rows["seconds"] = seconds.fillna(WINDOW_SECONDS).clip(upper=WINDOW_SECONDS)
    rows["day"] = rows["timestamp"].dt.floor("D")
    cells = rows.groupby(["aircraft_id", "flight_id", "day"], sort=False).agg(
        windows=("is_anomaly", "size"), anomalies=("is_anomaly", "sum"), highest=("anomaly_score", "max"), seconds=("seconds", "sum")
    ).reset_index()
    return summarise({
        "aircraft": cells["aircraft_id"].to_numpy(object).astype(str), "flight": cells["flight_id"].to_numpy(object).astype(str),
        "day": cells["day"].to_numpy("datetime64[D]").astype(int),
        **{name: cells[name].to_numpy(float) for name in ("windows", "anomalies", "highest", "seconds")},
    })


def compare(path_a, path_b):
    keys = ["aircraft_id", "flight_id", "window_id"]
    read = lambda path: pd.read_parquet(path, columns=[*keys, "anomaly_score", "anomaly_severity"])
    joined = read(path_a).merge(read(path_b), on=keys, how="outer", suffixes=("_a", "_b"), indicator="side")
    side = joined["side"].value_counts()
    both = joined[joined["side"] == "both"]
    codes, names = pd.factorize(both["aircraft_id"], sort=True)
    columns = [both[name].to_numpy(kind) for kind, name in ((np.float32, "anomaly_score_a"), (np.float32, "anomaly_score_b"), (int, "anomaly_severity_a"), (int, "anomaly_severity_b"))]
    return compared(int(side["left_only"]), int(side["right_only"]), (names, codes), *columns)


command(aggregate, compare)
