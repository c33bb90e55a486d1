"""Makes test/aggregate/statistics-cases.json: answers of SciPy and NumPy for the statistics of `flightbatch aggregate`.

    python scripts/make_aggregate_cases.py > test/aggregate/statistics-cases.json

`theil_sen`: scipy.stats.theilslopes, 95 %. `bootstrap_exact`: every resample of a few flights, counted out: no chance in it.
`bootstrap_scipy`: scipy.stats.bootstrap of many flights (percentile, 20,000 resamples): another generator, so equal within the error of both.
Seeded: the same versions give the same file. Needs numpy and scipy.
"""
import itertools, json
import numpy as np
from scipy import stats


def theil_sen(rng):
    cases = []
    shapes = [("rising", 12), ("noise", 30), ("ties", 15), ("zeros", 20), ("gaps", 9), ("five", 5), ("six", 6), ("even", 8), ("months", 24)]
    for shape, n in shapes:
        x = np.sort(rng.choice(np.arange(20360, 20360 + 4 * n), n, replace=False)).astype(float) if shape == "gaps" else 20362.0 + np.arange(n)
        y = rng.uniform(0, 0.1, n)
        if shape in ("rising", "five", "months"): y = 0.01 * np.arange(n) + rng.normal(0, 0.004, n)
        if shape == "ties": y = np.round(y, 2)
        if shape == "zeros": y = np.where(np.arange(n) < 14, 0.0, y)
        y = np.round(y, 5)
        slope, intercept, low, high = stats.theilslopes(y, x, 0.95)
        cases.append({"shape": shape, "x": x.tolist(), "y": y.tolist(), "slope": slope, "intercept": intercept, "interval": [low, high]})
    return cases


def flights(rng, n):
    windows = rng.integers(50, 700, n).astype(float)
    anomalies = rng.binomial(windows.astype(int), rng.beta(1, 12, n)).astype(float)
    return {"anomalies": anomalies.tolist(), "windows": windows.tolist(), "seconds": (5 * windows + 5).tolist()}


def rates(f, index):
    a, w, s = (np.asarray(f[key])[index].sum(axis=-1) for key in ("anomalies", "windows", "seconds"))
    return {"perWindow": a / w, "perFlight": a / np.asarray(index).shape[-1], "perSecond": a / s}


def exact(rng):
    cases = []
    for n in (2, 4, 6):
        f = flights(rng, n)
        every = rates(f, np.array(list(itertools.product(range(n), repeat=n))))
        cases.append({"flights": f, **{key: np.quantile(values, [0.025, 0.975], method="inverted_cdf").tolist() for key, values in every.items()}})
    return cases


def by_scipy(rng):
    cases = []
    for n in (25, 120):
        f = flights(rng, n)
        case = {"flights": f}
        for key in ("perWindow", "perFlight", "perSecond"):
            found = stats.bootstrap((np.arange(n),), lambda index, axis=-1: rates(f, index.astype(int))[key], n_resamples=20000,
                                    method="percentile", confidence_level=0.95, vectorized=True, rng=np.random.default_rng(7))
            case[key] = [found.confidence_interval.low, found.confidence_interval.high]
        cases.append(case)
    return cases


rng = np.random.default_rng(20251006)
print(json.dumps({"theil_sen": theil_sen(rng), "bootstrap_exact": exact(rng), "bootstrap_scipy": by_scipy(rng)}, indent=1))
