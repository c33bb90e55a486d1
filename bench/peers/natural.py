"""The job as a team would write it in Python with pandas: flight by flight, window by window; a process per core."""

import collections
import concurrent.futures
import math
import multiprocessing
import time

from detector import NS, SCHEMA, Detector, arguments, identity_of, recordings, say_done, window_id

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

detector = None
session = None
batch_size = None


def start_worker(model, size):
    global detector, session, batch_size
    pa.set_cpu_count(1)
    detector, batch_size = Detector(model), size
    session = detector.open_session()


def read_flight(path):
    """The flight's rows, sorted, each time once."""
    names = pq.read_schema(path).names
    columns = {n: next(c for c in s["columns"] if c in names) for n, s in detector.recipe["signals"].items()}
    flight = pd.read_parquet(path, columns=["timestamp", *columns.values(), "flight_phase"])
    flight = flight.rename(columns={c: n for n, c in columns.items()}).dropna(subset="timestamp")
    flight = flight.sort_values("timestamp", kind="stable").drop_duplicates("timestamp")
    flight["time"] = pd.to_datetime(flight["timestamp"], utc=True).astype("datetime64[ns, UTC]").astype("int64")
    return flight


def signal_samples(flight, name, spec, row_step):
    """Valid samples of a signal, short gaps filled: (times, values, nominal step)."""
    low, high = spec.get("range", (-math.inf, math.inf))
    valid = flight[np.isfinite(flight[name]) & flight[name].between(low, high)]
    t, x = valid["time"].to_numpy(), valid[name].to_numpy(dtype=float)
    if len(t) < 2:
        return t, x, None
    step = float(np.median(np.diff(t)))
    if spec.get("fill", "none") == "none":
        return t, x, min(step, row_step)
    new_t, new_x = [], []
    for i in np.flatnonzero(np.diff(t) > 1.5 * step):
        gap = float(t[i + 1] - t[i])
        if gap > spec.get("max_gap_s", 10) * NS:
            continue
        count = math.floor(gap / step + 0.5) - 1
        for k in range(1, count + 1):
            share = k / (count + 1)
            new_t.append(t[i] + math.floor(share * gap + 0.5))
            new_x.append(x[i] + share * (x[i + 1] - x[i]) if spec["fill"] == "linear" else x[i])
    if new_t:
        t, x = np.append(t, new_t), np.append(x, new_x)
        order = np.argsort(t)
        t, x = t[order], x[order]
    return t, x, step


def shaft_turns(t, speed):
    """Turns of a shaft at 60 rpm per percent of speed, up to each of the times."""
    speed_t, speed_x, _ = speed
    u, s = (speed_t - speed_t[0]) / NS, (t - speed_t[0]) / NS
    total = np.concatenate([[0.0], np.cumsum(0.5 * (speed_x[1:] + speed_x[:-1]) * np.diff(u))])
    i = np.clip(np.searchsorted(u, s, side="right") - 1, 0, len(u) - 1)
    return total[i] + 0.5 * (speed_x[i] + np.interp(s, u, speed_x)) * (s - u[i])


def order_ratio(spec, window, step, speed_mean, turns):
    hz = spec["order"] * spec["rated_rpm"] / 6000 * speed_mean
    std = window.std()
    if hz >= 0.5 * NS / step:
        return math.nan
    if hz < 0.5 or std == 0:
        return 0.0
    angle = 2 * np.pi * spec["order"] * spec["rated_rpm"] / 6000 * turns
    amplitude = 2 / len(window) * abs(((window - window.mean()) * np.exp(-1j * angle)).sum())
    return amplitude / math.sqrt(2) / std


def rate(t, x, seconds):
    i = np.searchsorted(t, t[-1] - round(seconds * NS), side="right") - 1
    return (x[-1] - x[i]) / ((t[-1] - t[i]) / NS) if 0 <= i < len(t) - 1 else math.nan


def compute_feature(spec, windows, turns):
    t, x, step = windows[spec["signal"]]
    if spec["op"] == "mean":
        return x.mean()
    if spec["op"] == "rms":
        return math.sqrt((x**2).mean())
    if spec["op"] == "peak":
        return np.abs(x).max()
    if spec["op"] == "rate":
        return rate(t, x, spec["seconds"])
    if spec["op"] == "order_ratio":
        return order_ratio(spec, x, step, windows[spec["speed"]][1].mean(), turns)
    raise ValueError(f"this peer does not know {spec['op']}")


def main_phase(codes):
    """The commonest phase: a tie goes to the lowest threshold, then to the lower code; None if there is none."""
    counts = collections.Counter(int(c) for c in codes if 0 <= c < 8)
    return min(counts, key=lambda c: (-counts[c], detector.limits[c], c)) if counts else None


def windows_of(flight):
    """(start, feature values by name, phase) of every window that is covered."""
    recipe = detector.recipe
    length, hop = (round(recipe["window"][k] * NS) for k in ("length_s", "hop_s"))
    times = flight["time"].to_numpy()
    row_step = float(np.median(np.diff(times)))
    signals = {n: signal_samples(flight, n, spec, row_step) for n, spec in recipe["signals"].items()}
    turns = {s["name"]: shaft_turns(signals[s["signal"]][0], signals[s["speed"]]) for s in recipe["features"] if s["op"] == "order_ratio"}
    coded = flight.dropna(subset="flight_phase")
    phase_times, codes = coded["time"].to_numpy(), coded["flight_phase"].to_numpy()
    count = int((int(times[-1] - times[0]) + 1.5 * row_step - length) // hop) + 1
    for start in (int(times[0]) + k * hop for k in range(count)):
        windows, ranges, covered = {}, {}, True
        for name, (t, x, step) in signals.items():
            a, b = ranges[name] = np.searchsorted(t, [start, start + length])
            windows[name] = (t[a:b], x[a:b], step)
            expected = math.inf if step is None else max(1, math.floor(length / step + 0.5))
            covered = covered and (b - a) / expected >= recipe["window"].get("min_coverage", 0.95)
        if not covered:
            continue
        values = {}
        for spec in recipe["features"]:
            part = turns[spec["name"]][slice(*ranges[spec["signal"]])] if spec["name"] in turns else None
            values[spec["name"]] = compute_feature(spec, windows, part)
        a, b = np.searchsorted(phase_times, [start, start + length])
        yield start, values, main_phase(codes[a:b])


def impute(values):
    """The values in the model's order, or None if one is missing that must not be."""
    rules = {spec["name"]: spec.get("on_missing", "skip") for spec in detector.recipe["features"]}
    row = []
    for name, typical in zip(detector.feature_order, detector.scaler.mean_):
        value = typical if rules[name] == "impute" and not math.isfinite(values[name]) else values[name]
        if not math.isfinite(value):
            return None
        row.append(value)
    return row


def infer(rows):
    """(score, latency in ms) per row."""
    scaled = (np.array(rows) - detector.scaler.mean_) / detector.scaler.scale_
    if clip := detector.recipe.get("clip_sigma"):
        scaled = scaled.clip(-clip, clip)
    scored = []
    for i in range(0, len(rows), batch_size):
        begin = time.perf_counter()
        scores = session.run(["anomaly_score"], {"input_features": scaled[i : i + batch_size].astype(np.float32)})[0]
        latency = (time.perf_counter() - begin) * 1000 / len(scores)
        scored += [(float(score), latency) for score in scores[:, 0]]
    return scored


def classify(score, phase):
    limit = detector.default_limit if phase is None else detector.limits[phase]
    if score < limit:
        return False, 0
    return True, max([1] + [rank for rank, low in enumerate(detector.severities, 1) if score >= low])


def score_file(path):
    aircraft, flight = identity_of(path)
    kept, rows = [], []
    for start, values, phase in windows_of(read_flight(path)):
        row = impute(values)
        if row is not None:
            kept.append((start, phase))
            rows.append(row)
    found = []
    for (start, phase), (score, latency) in zip(kept, infer(rows) if rows else []):
        is_anomaly, severity = classify(score, phase)
        values = (window_id(aircraft, start), aircraft, flight, start, score, is_anomaly, severity, latency)
        found.append(dict(zip(SCHEMA.names, values)))
    return found


def main():
    options = arguments(__doc__, batch_size=128)
    files = recordings(options.data)
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(
        options.workers, context, start_worker, (options.model, options.batch_size)
    ) as pool:
        rows = [row for found in pool.map(score_file, files) for row in found]
    pq.write_table(pa.Table.from_pandas(pd.DataFrame(rows), schema=SCHEMA, preserve_index=False), options.output)
    say_done(len(files), len(rows))


if __name__ == "__main__":
    main()
