"""The best plain-Python peer: a whole flight at a time, vectorised over blocks of one hop; a process per core."""

import multiprocessing
import time

from detector import NS, SCHEMA, UNKNOWN_PHASE, Detector, arguments, identity_of, recordings, say_done, window_id

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

detector = None
session = None
batch_size = None


def start_worker(size):
    global session, batch_size
    pa.set_cpu_count(1)
    session, batch_size = detector.open_session(), size


# ---- one signal: its valid samples, short gaps filled ------------------------------------------


def samples(t, x, spec, row_step):
    """(times, values, nominal step) of the samples that are present and in range."""
    low, high = spec.get("range", (-np.inf, np.inf))
    ok = np.isfinite(x) & (x >= low) & (x <= high)
    if not ok.all():
        t, x = t[ok], x[ok]
    x = x.astype(np.float64)
    if len(t) < 2:
        return t, x, None
    gaps = np.diff(t)
    step = float(np.median(gaps))
    if spec.get("fill", "none") == "none":
        return t, x, min(step, row_step)
    wide = np.flatnonzero((gaps > 1.5 * step) & (gaps <= spec.get("max_gap_s", 10) * NS))
    return (*filled(t, x, wide, step, spec["fill"]), step) if len(wide) else (t, x, step)


def filled(t, x, before, step, how):
    """The samples with evenly spaced ones put in after each position of `before`."""
    gap = (t[before + 1] - t[before]).astype(np.float64)
    count = np.floor(gap / step + 0.5).astype(np.int64) - 1
    i = np.repeat(before, count)
    k = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + 1
    share = k / (np.repeat(count, count) + 1)
    new_t = t[i] + np.floor(share * np.repeat(gap, count) + 0.5).astype(np.int64)
    new_x = x[i] + share * (x[i + 1] - x[i]) if how == "linear" else x[i]
    return np.insert(t, i + 1, new_t), np.insert(x, i + 1, new_x)


# ---- windows as runs of blocks -----------------------------------------------------------------


class Blocks:
    """Samples of one signal cut into blocks of a hop; a window is `span` blocks."""

    def __init__(self, t, x, step, edges, span):
        self.t, self.x, self.step, self.span = t, x, step, span
        self.edges = np.searchsorted(t, edges)
        self.counts = np.diff(self.edges)
        self.count = self.windows(np.add, self.counts)

    def windows(self, combine, blocks):
        """A value per window from one per block."""
        n = len(blocks) - self.span + 1
        total = blocks[:n]
        for k in range(1, self.span):
            total = combine(total, blocks[k : k + n])
        return total

    def reduce(self, combine, x, empty=0.0):
        """A value per window from one per sample."""
        if len(x) == 0:
            return np.full(len(self.count), empty)
        at = np.minimum(self.edges[:-1], len(x) - 1)
        blocks = combine.reduceat(x[: max(self.edges[-1], at[-1] + 1)], at)
        if not self.counts.all():
            blocks[self.counts == 0] = empty
        return self.windows(combine, blocks)

    def total(self, x):
        return self.reduce(np.add, x)

    def mean(self):
        with np.errstate(all="ignore"):
            return self.total(self.x) / self.count

    def rms(self):
        with np.errstate(all="ignore"):
            return np.sqrt(self.total(self.x * self.x) / self.count)

    def peak(self):
        return self.reduce(np.maximum, np.abs(self.x), -np.inf)

    def rate(self, seconds):
        if len(self.t) == 0:
            return np.full(len(self.count), np.nan)
        last = np.maximum(self.edges[self.span :] - 1, 0)
        i = np.searchsorted(self.t, self.t[last] - round(seconds * NS), side="right") - 1
        ok = (i >= self.edges[: len(last)]) & (i < last)
        i = np.where(ok, i, 0)
        with np.errstate(all="ignore"):
            return np.where(ok, (self.x[last] - self.x[i]) / ((self.t[last] - self.t[i]) / NS), np.nan)

    def order_ratio(self, speed, order, rated_rpm):
        hz = order * rated_rpm / 6000.0 * speed.mean()
        aliased = ~(hz < 0.5 * NS / self.step)
        if aliased.all():
            return np.full(len(hz), np.nan)
        # The angle of the shaft, in turns; only the part after the point matters, and float32 holds it well enough.
        u, s = (speed.t - speed.t[0]) / NS, (self.t - speed.t[0]) / NS
        v = speed.x
        before = np.concatenate([[0.0], np.cumsum(0.5 * (v[1:] + v[:-1]) * np.diff(u))])
        i = np.clip(np.searchsorted(u, s, side="right") - 1, 0, len(u) - 1)
        turns = order * rated_rpm / 6000.0 * (before[i] + 0.5 * (v[i] + np.interp(s, u, v)) * (s - u[i]))
        angle = ((turns - np.floor(turns)) * (2 * np.pi)).astype(np.float32)
        cos, sin = np.cos(angle).astype(np.float64), np.sin(angle).astype(np.float64)
        with np.errstate(all="ignore"):
            mean = self.total(self.x) / self.count
            variance = np.maximum(self.total(self.x * self.x) / self.count - mean * mean, 0)
            real = self.total(self.x * cos) - mean * self.total(cos)
            imaginary = self.total(self.x * sin) - mean * self.total(sin)
            ratio = 2 / self.count * np.hypot(real, imaginary) / np.sqrt(2 * variance)
        return np.where(aliased, np.nan, np.where((hz < 0.5) | (variance < 1e-24), 0.0, ratio))


def feature(spec, blocks):
    signal, op = blocks[spec["signal"]], spec["op"]
    if op == "rate":
        return signal.rate(spec["seconds"])
    if op == "order_ratio":
        return signal.order_ratio(blocks[spec["speed"]], spec["order"], spec["rated_rpm"])
    return {"mean": signal.mean, "rms": signal.rms, "peak": signal.peak}[op]()


def main_phases(t, codes, edges, span):
    """The commonest phase of each window: a tie goes to the lowest threshold, then to the lower code."""
    known = np.isfinite(codes) & (codes >= 0) & (codes < 8)
    block = np.searchsorted(edges, t[known], side="right") - 1
    inside = (block >= 0) & (block < len(edges) - 1)
    cell = block[inside] * 8 + codes[known][inside].astype(np.int64)
    counts = np.bincount(cell, minlength=8 * (len(edges) - 1)).reshape(-1, 8)
    n = len(counts) - span + 1
    counts = sum(counts[k : k + n] for k in range(span))
    rank = np.lexsort((np.arange(8), detector.limits)).argsort()
    return np.where(counts.any(axis=1), np.argmax(counts * 8 - rank, axis=1), UNKNOWN_PHASE)


# ---- a file ------------------------------------------------------------------------------------


def read(path, recipe):
    """Times of the rows (sorted, each once), values by signal and phase codes."""
    names = set(pq.read_schema(path).names)
    columns = {n: next(c for c in s["columns"] if c in names) for n, s in recipe["signals"].items()}
    table = pq.read_table(path, columns=["timestamp", *columns.values(), "flight_phase"], use_threads=False)
    numpy_of = lambda name: table[name].combine_chunks().to_numpy(zero_copy_only=False)
    t = table["timestamp"].combine_chunks().cast(pa.timestamp("ns", table["timestamp"].type.tz)).cast(pa.int64()).to_numpy()
    values = {n: numpy_of(c) for n, c in columns.items()}
    codes = numpy_of("flight_phase").astype(np.float64)
    if (np.diff(t) <= 0).any():
        order = np.argsort(t, kind="stable")
        order = order[np.concatenate([[True], np.diff(t[order]) > 0])]
        t, codes = t[order], codes[order]
        values = {n: x[order] for n, x in values.items()}
    return t, values, codes


def work(path):
    recipe = detector.recipe
    length, hop = (round(recipe["window"][k] * NS) for k in ("length_s", "hop_s"))
    span = length // hop
    assert span * hop == length, "this peer knows windows of whole hops only"
    t, values, codes = read(path, recipe)
    row_step = float(np.median(np.diff(t)))
    windows = max(0, int((int(t[-1] - t[0]) + 1.5 * row_step - length) // hop) + 1)
    if windows == 0:
        return SCHEMA.empty_table()
    edges = t[0] + np.arange(windows + span) * hop
    blocks, covered = {}, np.ones(windows, bool)
    for name, spec in recipe["signals"].items():
        b = blocks[name] = Blocks(*samples(t, values[name], spec, row_step), edges, span)
        expected = np.inf if b.step is None else max(1, int(length / b.step + 0.5))
        covered &= b.count / expected >= recipe["window"].get("min_coverage", 0.95)
    typical = dict(zip(detector.feature_order, detector.scaler.mean_))
    features = {}
    for spec in recipe["features"]:
        x = feature(spec, blocks)
        if spec.get("on_missing", "skip") == "impute":
            x = np.where(np.isfinite(x), x, typical[spec["name"]])
        features[spec["name"]] = x
    rows = np.column_stack([features[n] for n in detector.feature_order])
    kept = covered & np.isfinite(rows).all(axis=1)
    return results(path, edges[:windows][kept], rows[kept], main_phases(t, codes, edges, span)[kept])


def results(path, starts, rows, phases):
    scaled = (rows - detector.scaler.mean_) / detector.scaler.scale_
    if clip := detector.recipe.get("clip_sigma"):
        scaled = np.clip(scaled, -clip, clip)
    scaled = scaled.astype(np.float32)
    scores, latency = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    for i in range(0, len(rows), batch_size):
        begin = time.perf_counter()
        part = session.run(["anomaly_score"], {"input_features": scaled[i : i + batch_size]})[0]
        scores[i : i + batch_size] = part[:, 0]
        latency[i : i + batch_size] = (time.perf_counter() - begin) * 1000 / len(part)
    limits = np.append(detector.limits, detector.default_limit)[phases]
    anomaly = scores.astype(np.float64) >= limits
    severity = np.where(anomaly, np.maximum(1, np.digitize(scores.astype(np.float64), detector.severities)), 0)
    aircraft, flight = identity_of(path)
    ids = [window_id(aircraft, start) for start in starts.tolist()]
    columns = [ids, [aircraft] * len(ids), [flight] * len(ids), pa.array(starts, pa.timestamp("ns"))]
    return pa.table([*columns, scores, anomaly, severity.astype(np.uint8), latency], schema=SCHEMA)


def main():
    global detector
    options = arguments(__doc__, batch_size=1024)
    detector = Detector(options.model)
    files = [str(f) for f in recordings(options.data)]
    windows = 0
    pool = multiprocessing.get_context("fork").Pool(options.workers, start_worker, (options.batch_size,))
    with pool, pq.ParquetWriter(options.output, SCHEMA) as writer:
        for table in pool.imap(work, files):
            writer.write_table(table)
            windows += table.num_rows
        pool.close()
        pool.join()
    say_done(len(files), windows)


if __name__ == "__main__":
    main()
