"""What both peers of `aggregate` and `compare` share: all that comes after the rows are summed up or joined, in numpy and scipy."""
import json
import sys

import numpy as np
from scipy import stats

WINDOW_SECONDS = 10.0
RESAMPLES = 1000
QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
COLUMNS = ["window_id", "aircraft_id", "flight_id", "timestamp", "anomaly_score", "is_anomaly", "anomaly_severity"]


def command(aggregate, compare):
    name, *paths, output = sys.argv[1:]
    answer = aggregate(*paths) if name == "aggregate" else compare(*paths)
    with open(output, "w") as file:
        json.dump(answer, file)


def interval(flights, rng):
    """95 % of the anomaly rate when whole flights are drawn; `flights` has windows and anomalies of each."""
    windows, anomalies = flights
    if len(windows) < 2:
        return None
    drawn = rng.integers(len(windows), size=(RESAMPLES, len(windows)))
    rates = anomalies[drawn].sum(axis=1) / windows[drawn].sum(axis=1)
    return np.quantile(rates, [0.025, 0.975], method="inverted_cdf").tolist()


def summarise(cells):
    """The summary of cells: arrays aircraft, flight, day (since 1970), windows, anomalies, highest (score), seconds, one entry per flight and day."""
    rng = np.random.default_rng(1)
    aircraft, of_aircraft = np.unique(cells["aircraft"], return_inverse=True)
    flights, of_flight = np.unique(of_aircraft * (1 << 32) + np.unique(cells["flight"], return_inverse=True)[1], return_inverse=True)
    flight_aircraft = flights >> 32
    total = lambda name, groups, count: np.bincount(groups, weights=cells[name], minlength=count)
    windows, anomalies = (total(name, of_flight, len(flights)) for name in ("windows", "anomalies"))
    by_aircraft, trend = {}, {}
    for i, name in enumerate(aircraft.tolist()):
        own, rows = flight_aircraft == i, of_aircraft == i
        days, of_day = np.unique(cells["day"][rows], return_inverse=True)
        rates = np.bincount(of_day, cells["anomalies"][rows]) / np.bincount(of_day, cells["windows"][rows])
        slope, _, low, high = stats.theilslopes(rates, days, 0.95)
        by_aircraft[name] = {
            "flights": int(own.sum()), "windows": windows[own].sum(), "anomalies": anomalies[own].sum(),
            "max_anomaly_score": float(cells["highest"][rows].max()), "scored_hours": cells["seconds"][rows].sum() / 3600,
            "interval": interval((windows[own], anomalies[own]), rng),
        }
        trend[name] = {"slope": slope, "low": low, "high": high}
    days, of_day = np.unique(cells["day"], return_inverse=True)
    by_date = {}
    for i, day in enumerate(days.tolist()):
        rows = of_day == i
        own = (total_of(cells, "windows", rows, of_flight), total_of(cells, "anomalies", rows, of_flight))
        by_date[str(np.datetime64(day, "D"))] = {"windows": own[0].sum(), "anomalies": own[1].sum(), "interval": interval(own, rng)}
    return {
        "total_windows": windows.sum(), "total_flights": len(flights), "anomalies": anomalies.sum(),
        "interval": interval((windows, anomalies), rng), "by_aircraft": by_aircraft, "by_date": by_date, "trend": trend,
    }


def total_of(cells, name, rows, of_flight):
    _, own = np.unique(of_flight[rows], return_inverse=True)
    return np.bincount(own, weights=cells[name][rows])


def psi(a, b):
    edges = np.quantile(a, np.linspace(0.1, 0.9, 9))
    share = lambda x: np.maximum(np.bincount(np.searchsorted(edges, x, side="right"), minlength=10) / len(x), 1e-4)
    pa, pb = share(a), share(b)
    return float(((pb - pa) * np.log(pb / pa)).sum())


def group(a, b, severity_a, severity_b):
    """What is said of matched windows: scores and severities of both."""
    agreement = np.bincount(severity_a.astype(int) * 4 + severity_b, minlength=16).reshape(4, 4)
    difference = b.astype(float) - a
    return {
        "windows": len(a), "agreement": agreement.tolist(), "pearson": float(np.corrcoef(a.astype(float), b.astype(float))[0, 1]),
        "spearman": float(stats.spearmanr(a, b).statistic), "quantiles": np.quantile(difference, QUANTILES).tolist(),
        "mean": float(difference.mean()), "ks": float(stats.ks_2samp(a, b, method="asymp").statistic), "psi": psi(a.astype(float), b.astype(float)),
        "wasserstein": float(stats.wasserstein_distance(a, b)),
    }


def compared(only_a, only_b, aircraft, a, b, severity_a, severity_b):
    """The comparison of matched windows, in all and by aircraft (codes `aircraft[1]` of names `aircraft[0]`)."""
    names, codes = aircraft
    of = lambda rows: group(a[rows], b[rows], severity_a[rows], severity_b[rows])
    return {
        "only_in_a": only_a, "only_in_b": only_b, "overall": of(slice(None)),
        "by_aircraft": {str(name): of(codes == i) for i, name in enumerate(names)},
    }
