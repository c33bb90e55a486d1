"""Makes test/compare/statistics-cases.json: answers of SciPy and NumPy for the statistics of `flightbatch compare`.

    python scripts/make_compare_cases.py > test/compare/statistics-cases.json

Per case two lists of scores of the same windows: `pearson` and `spearman` (scipy.stats.pearsonr, spearmanr), `ks` (ks_2samp), `wasserstein`
(wasserstein_distance), `psi` (NumPy: ten bins between the deciles of a, a share at least 0.0001), `quantiles` of b - a (numpy.quantile).
`shapley`: worths of all coalitions of n players, and the values by walking all n! orders.
Seeded: the same versions give the same file. Needs numpy and scipy.
"""
import itertools, json
import numpy as np
from scipy import stats

QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]


def psi(a, b):
    edges = np.quantile(a, np.arange(1, 10) / 10)
    share = lambda x: np.maximum(np.bincount(np.searchsorted(edges, x, side="right"), minlength=10) / len(x), 0.0001)
    return float(np.sum((share(b) - share(a)) * np.log(share(b) / share(a))))


def case(name, a, b):
    a, b = np.float32(a), np.float32(b)
    x, y = a.astype(float), b.astype(float)
    varied = len(x) > 1 and np.ptp(x) > 0 and np.ptp(y) > 0
    return {
        "name": name, "a": x.tolist(), "b": y.tolist(),
        "pearson": float(stats.pearsonr(x, y).statistic) if varied else None,
        "spearman": float(stats.spearmanr(x, y).statistic) if varied else None,
        "ks": float(stats.ks_2samp(x, y).statistic), "wasserstein": float(stats.wasserstein_distance(x, y)), "psi": psi(x, y),
        "mean": float(np.mean(y - x)), "largest": float(np.max(np.abs(y - x))), "quantiles": np.quantile(y - x, QUANTILES).tolist(),
    }


def cases(rng):
    skewed = rng.lognormal(0, 1, 400)
    ties = np.round(rng.gamma(2, 1, 150), 1)
    return [
        case("correlated", skewed, 0.8 * skewed + rng.normal(0, 0.2, 400)),
        case("ties", ties, np.round(ties + rng.normal(0, 0.3, 150), 1)),
        case("heavy-tail", rng.pareto(1.5, 300), rng.pareto(1.2, 300)),
        case("apart", rng.uniform(0, 1, 60), rng.uniform(5, 6, 60)),
        case("same", skewed[:50], skewed[:50]),
        case("constant", np.full(20, 2.5), rng.normal(3, 1, 20)),
        case("two", [1, 2], [3, 2.5]),
        case("one", [1.25], [4]),
    ]


def shapley(rng):
    found = []
    for n in (1, 2, 3, 4):
        for _ in range(4):
            worth = rng.integers(0, 2, 1 << n).tolist()
            values = np.zeros(n)
            orders = list(itertools.permutations(range(n)))
            for order in orders:
                mask = 0
                for player in order:
                    values[player] += worth[mask | 1 << player] - worth[mask]
                    mask |= 1 << player
            found.append({"n": n, "worth": worth, "values": (values / len(orders)).tolist()})
    return found


rng = np.random.default_rng(20251007)
print(json.dumps({"quantiles": QUANTILES, "cases": cases(rng), "shapley": shapley(rng)}, indent=1))
