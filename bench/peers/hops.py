"""From sums over hops to the features of windows: what is left to do once an engine has gone through the rows."""

import numpy as np

from detector import NS, UNKNOWN_PHASE


def over_windows(combine, hops, span):
    """A value per window from one per hop; a window is `span` hops."""
    n = len(hops) - span + 1
    total = hops[:n]
    for k in range(1, span):
        total = combine(total, hops[k : k + n])
    return total


def main_phases(counts, limits, span):
    """The commonest phase of each window from counts by hop and phase: a tie goes to the lowest threshold, then to the lower code."""
    counts = over_windows(np.add, counts, span)
    rank = np.lexsort((np.arange(len(limits)), limits)).argsort()
    return np.where(counts.any(axis=1), np.argmax(counts * len(limits) - rank, axis=1), UNKNOWN_PHASE)


def expected_count(length, step):
    return np.inf if step is None or not np.isfinite(step) else max(1, int(length / step + 0.5))


class Hops:
    """What an engine found of one signal of a flight, an array by hop each.

    `n` samples, `s` their sum, `q` the sum of their squares, `peak` the largest magnitude; `step` the nominal step, ns.
    """

    def __init__(self, n, s, q, peak, step, span):
        self.step, self.span = step, span
        self.count, self.sum, self.squares = (over_windows(np.add, np.asarray(x, float), span) for x in (n, s, q))
        self.largest = over_windows(np.fmax, np.asarray(peak, float), span)

    def mean(self):
        with np.errstate(all="ignore"):
            return self.sum / self.count

    def rms(self):
        with np.errstate(all="ignore"):
            return np.sqrt(self.squares / self.count)

    def peak(self):
        return self.largest

    def shaft_hz(self, spec, speed):
        """How often the shaft turns in a second, by window, and whether that cannot be seen at this rate of samples."""
        hz = spec["order"] * spec["rated_rpm"] / 6000.0 * speed.mean()
        return hz, ~(hz < 0.5 * NS / self.step)

    def order_ratio(self, spec, speed, sums):
        """`sums`: by hop the sums of x cos, x sin, cos and sin of the shaft's angle; None where none can be seen."""
        hz, aliased = self.shaft_hz(spec, speed)
        if sums is None:
            return np.full(len(hz), np.nan)
        xc, xs, c, s = (over_windows(np.add, np.asarray(x, float), self.span) for x in sums)
        with np.errstate(all="ignore"):
            mean = self.sum / self.count
            variance = np.maximum(self.squares / self.count - mean * mean, 0)
            ratio = 2 / self.count * np.hypot(xc - mean * c, xs - mean * s) / np.sqrt(2 * variance)
        return np.where(aliased, np.nan, np.where((hz < 0.5) | (variance < 1e-24), 0.0, ratio))


def features(recipe, hops, rates, order_sums):
    """Feature values by name. `rates` and `order_sums`: by name of the feature, what the engine found for these two ops."""
    found = {}
    for spec in recipe["features"]:
        signal, name = hops[spec["signal"]], spec["name"]
        if spec["op"] == "rate":
            found[name] = rates[name]
        elif spec["op"] == "order_ratio":
            found[name] = signal.order_ratio(spec, hops[spec["speed"]], order_sums.get(name))
        else:
            found[name] = {"mean": signal.mean, "rms": signal.rms, "peak": signal.peak}[spec["op"]]()
    return found


def scored(path, detector, results, flight):
    """The result rows of a flight: `flight` has `starts`, `hops`, `rates`, `order_sums` and `phases` (counts by hop and phase)."""
    recipe = detector.recipe
    length, hop = (round(recipe["window"][k] * NS) for k in ("length_s", "hop_s"))
    values = features(recipe, flight["hops"], flight["rates"], flight["order_sums"])
    kept = np.ones(len(flight["starts"]), bool)
    for signal in flight["hops"].values():
        kept &= signal.count / expected_count(length, signal.step) >= recipe["window"].get("min_coverage", 0.95)
    typical = dict(zip(detector.feature_order, detector.scaler.mean_))
    for spec in recipe["features"]:
        if spec.get("on_missing", "skip") == "impute":
            x = values[spec["name"]]
            values[spec["name"]] = np.where(np.isfinite(x), x, typical[spec["name"]])
    rows = np.column_stack([values[n] for n in detector.feature_order])
    kept &= np.isfinite(rows).all(axis=1)
    phases = main_phases(np.asarray(flight["phases"]), detector.limits, length // hop)
    return results(path, flight["starts"][kept], rows[kept], phases[kept])
