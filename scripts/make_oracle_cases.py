"""Makes test/oracle/reference-cases.json: small random recordings with the answers of the slow Python reference.

    python scripts/make_oracle_cases.py path/to/reference.py > test/oracle/reference-cases.json
    npx biome format --write test/oracle/reference-cases.json

The reference is not part of this repository; the cases are, so that the TypeScript oracle has a second, independent author.
Seeded: the same reference and numpy give the same file. Needs numpy, pandas, pyarrow and pyyaml.
"""
import importlib.util, json, math, pathlib, sys, warnings
import numpy as np, pyarrow as pa

NS = 1_000_000_000
LEVEL_OPS = ["mean", "min", "max", "first", "last", "rms", "peak", "peak_to_peak", "std", "crest_factor", "skewness", "kurtosis", "slope"]
QUALITIES = ["VALID", "INTERPOLATED", "OUTLIER_CAPPED", "OUTLIER_REMOVED", "SENSOR_ERROR", "ODD", None]
SHAPES = ["noise", "offset", "sine", "steps", "constant", "stretches"]
THRESHOLDS = [
    {"cruise": 0.3, "climb": 0.3, "taxi": 0.9},
    {"approach_landing": 0.2, "landing": 0.7, "ground": 0.2},
    {},
]


def load(path):
    spec = importlib.util.spec_from_file_location("reference", path)
    module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
    return module


def values(rng, shape, t):
    """A signal at times t (s), rounded so that the file stays small."""
    n = len(t)
    if shape == "noise": x = rng.normal(0, 2, n)
    elif shape == "offset": return np.round(97 + 0.01 * rng.normal(size=n), 6)
    elif shape == "sine": x = 1 + np.sin(2 * np.pi * rng.uniform(0.5, 4) * t) + 0.1 * rng.normal(size=n)
    elif shape == "steps": x = np.floor(rng.uniform(0, 4, n))
    elif shape == "constant": x = np.full(n, rng.choice([0.0, 0.1, 50.0]))
    else: x = np.where(np.sin(t) > 0, 0.7, rng.normal(5, 1, n))
    return np.round(x, 3)


def speed(rng, t, rate):
    """Percent and rated rpm of a shaft: sweeps over Nyquist and 0.5 Hz, or sits exactly on one of them."""
    style = rng.integers(4)
    if style == 0: return np.full(len(t), 50.0), rate * 60.0      # order 1: exactly half the sampling rate
    if style == 1: return np.full(len(t), 50.0), 60.0             # order 1: exactly 0.5 Hz
    if style == 2: return np.round(np.linspace(20, 80, len(t)), 2), rate * 60.0
    return np.round(20 + 15 * np.sin(t / 3), 2), rate * 40.0


def recipe(rng, rated, length, hop, fills):
    signals = {"a": {"columns": ["a"], "range": [-4, 100], "fill": fills[0], "max_gap_s": float(rng.choice([0.5, 2, 10]))},
               "b": {"columns": ["b"], "fill": fills[1], "max_gap_s": float(rng.choice([0.5, 2, 10]))},
               "n": {"columns": ["n"], "range": [0, 110], "fill": fills[2]}}
    ops = [(op, s) for op in LEVEL_OPS for s in "ab"]
    picked = [ops[i] for i in sorted(rng.choice(len(ops), 9, replace=False))]
    features = [{"name": f"{s}_{op}", "op": op, "signal": s} for op, s in picked]
    features += [{"name": f"{s}_rate", "op": "rate", "signal": s, "seconds": length * float(rng.choice([0.1, 0.45, 0.9]))} for s in "an"]
    features += [{"name": f"a_{op}_{o}", "op": op, "signal": "a", "speed": "n", "order": o, "rated_rpm": rated}
                 for op, o in (("order_ratio", 1), ("order_amplitude", 1), ("order_amplitude", 0.5), ("order_ratio", 2))]
    return {"window": {"length_s": length, "hop_s": hop, "min_coverage": float(rng.choice([0, 0.4, 0.4, 0.8, 0.95, 1]))}, "signals": signals, "features": features}


def bundle(reference, recipe, thresholds):
    b = object.__new__(reference.Bundle)
    b.recipe, b.names = recipe, [f["name"] for f in recipe["features"]]
    b.thresholds = {"reconstruction_error_threshold": {"default": 0.5}, "flight_phase_thresholds": thresholds,
                    "severity_levels": {"minor": {"min": 0.4}, "moderate": {"min": 0.8}, "severe": {"min": 1.5}}}
    return b


def cells(row):
    """Numbers as one text, `-` for none: an eighth of the lines of formatted JSON. 13 digits are enough for rtol 1e-9."""
    return None if row is None else " ".join("-" if v is None or not math.isfinite(v) else str(v) if isinstance(v, int) else f"{v:.13g}" for v in row)


def answers(windows, origin):
    return [{"start": start - origin, "values": cells(row), "phase": phase} for _, _, start, row, phase in windows]


def holes(rng, x, share):
    return [None if rng.random() < share else float(v) for v in x]


def series_case(reference, seed):
    rng = np.random.default_rng(seed)
    rate = float(rng.choice([1, 3, 7, 10, 30, 100])); n = int(rng.integers(40, 90))
    step = 1 / rate
    t = np.arange(n) * step
    if rng.random() < 0.4: t = t + rng.uniform(-0.3, 0.3, n) * step
    for _ in range(rng.integers(0, 3)):  # gaps
        t[int(rng.integers(1, n)):] += float(rng.choice([0.5, 0.5, 1.4, 2.5, 8, 30])) * step
    length = step * float(rng.choice([8, 12.5, 20])); hop = length * float(rng.choice([0.5, 1, 0.37, 1.3]))
    length, hop = round(length, 6), round(hop, 6)
    origin = 1_700_000_000_123_456_789
    ns = [origin + int(v) for v in np.floor((t - t.min()) * NS + 0.5)]
    n_x, rated = speed(rng, t, rate)
    columns = {}
    for name in "abn":
        x = n_x if name == "n" else values(rng, str(rng.choice(SHAPES)), t)
        thin = 1 if name != "n" else int(rng.choice([1, 1, 4]))  # slower than the rows
        x = [v if i % thin == 0 else None for i, v in enumerate(holes(rng, x, float(rng.choice([0, 0.02, 0.2]))))]
        columns[name] = x
    if rng.random() < 0.15: columns["b"] = [columns["b"][0]] + [None] * (n - 1)
    if rng.random() < 0.15:  # a signal slower than the window
        columns["b"] = [v if i % 15 == 0 else None for i, v in enumerate(columns["b"])]
    columns["a"] = [None if v is None else 1e9 if rng.random() < 0.01 else v for v in columns["a"]]
    quality = [QUALITIES[i] if rng.random() < 0.1 else None for i in rng.integers(0, len(QUALITIES), n)]
    phase = [None if rng.random() < 0.1 else int(v) for v in np.clip(np.arange(n) // max(1, n // 8) + rng.integers(0, 2, n), 0, 7)]
    rows = list(range(n))
    if rng.random() < 0.5: rng.shuffle(rows)
    rows += [int(i) for i in rng.choice(n, 3)]  # equal times with other values
    table = {"timestamp": [ns[i] for i in rows], "a": [columns["a"][i] for i in rows], "b": [columns["b"][i] for i in rows], "n": [columns["n"][i] for i in rows],
             "b_quality": [quality[i] for i in rows], "flight_phase": [phase[i] for i in rows]}
    for j in range(-3, 0): table["b"][j] = 77.7
    for time in (None, origin + 8 * 86_400 * NS, origin - 700_000 * NS):
        table["timestamp"].append(time)
        for name, v in (("a", 1.0), ("b", 1.0), ("n", 1.0), ("b_quality", None), ("flight_phase", 3)): table[name].append(v)
    r = recipe(rng, rated, length, hop, [str(v) for v in rng.choice(["none", "linear", "hold"], 3)])
    thresholds = THRESHOLDS[seed % len(THRESHOLDS)]
    arrow = pa.table({"timestamp": pa.array(table["timestamp"], pa.timestamp("ns")), "flight_phase": pa.array(table["flight_phase"], pa.int8()),
                      "b_quality": pa.array(table["b_quality"], pa.string()), **{k: pa.array(table[k], pa.float64()) for k in "abn"}})
    windows = reference.windows_of_series(pathlib.Path("A_20240101_000000.parquet"), arrow, bundle(reference, r, thresholds))
    offsets = [None if v is None else v - origin for v in table["timestamp"]]
    return {"seed": seed, "recipe": r, "byPhase": thresholds, "originNs": str(origin), "rows": {**{k: cells(v) for k, v in table.items() if k != "b_quality"}, "timestamp": cells(offsets), "b_quality": " ".join(q or "-" for q in table["b_quality"])}, "windows": answers(windows, origin)}


def list_case(reference, seed):
    rng = np.random.default_rng(seed)
    rate = float(rng.choice([2, 7, 25])); n = int(rng.integers(12, 30)); length = n / rate; count = 7
    origin = 1_700_000_000_123_456_789; start = origin; rows = []; tied = seed % 4 == 0; count -= tied
    _, rated = speed(rng, np.arange(n) / rate, rate)
    for i in range(count):
        extent = math.floor(length * NS * float(rng.choice([1, 1, 1, 0.9])) + 0.5)
        end = None if rng.random() < 0.06 else start if rng.random() < 0.06 else start + extent
        row = {"start": start, "end": end, "phase": None if rng.random() < 0.2 else int(rng.integers(0, 8))}
        for name in "abn":
            m = n if rng.random() < 0.75 else int(rng.choice([0, 1, n - 2, n + 3]))
            if tied: m = n + i % 2  # as many of one length as of the other
            if name == "n": m = max(1, m // 3) if m else 0
            t = np.arange(m) / rate
            x = speed(rng, t, rate)[0] if name == "n" else values(rng, str(rng.choice(SHAPES)), t)
            row[name] = None if rng.random() < 0.03 else holes(rng, x, float(rng.choice([0, 0, 0.04, 0.3])))
        rows.append(row); start += int(rng.choice([0, 1, 2])) * (extent // 2)
    r = recipe(rng, rated, length, length, ["none", "none", "none"])
    thresholds = THRESHOLDS[seed % len(THRESHOLDS)]
    arrow = pa.table({"timestamp_start": pa.array([w["start"] for w in rows], pa.timestamp("ns")), "timestamp_end": pa.array([w["end"] for w in rows], pa.timestamp("ns")),
                      "flight_phase": pa.array([w["phase"] for w in rows], pa.int8()), **{k: pa.array([w[k] for w in rows], pa.list_(pa.float64())) for k in "abn"}})
    windows = reference.windows_of_lists(pathlib.Path("A_20240101_000000.parquet"), arrow, bundle(reference, r, thresholds))
    listed = [{**w, "start": w["start"] - origin, "end": None if w["end"] is None else w["end"] - origin, **{k: cells(w[k]) for k in "abn"}} for w in rows]
    return {"seed": seed, "recipe": r, "byPhase": thresholds, "rows": listed, "windows": answers(windows, origin)}


def decide_case(reference, thresholds):
    b = bundle(reference, {"features": []}, thresholds)
    cases = []
    for codes in ([], [4], [6], [7], [0], [4, 3], [6, 7], [1, 2, 5], [0, 6], [0, 1, 2, 3, 4, 5, 6, 7]):
        phase = reference.main_phase(codes, b)
        for score in (0.1, 0.2, 0.3, 0.45, 0.5, 0.9, 1.5):
            stored = float(np.float32(score))
            anomaly, severity = b.classify(np.float32(score), phase)
            cases.append(cells([stored, sum(1 << c for c in codes), phase, int(anomaly), severity]))
    return {"byPhase": thresholds, "cases": cases}


def main():
    warnings.simplefilter("ignore")
    reference = load(sys.argv[1])
    out = {"series": [series_case(reference, s) for s in range(32)], "lists": [list_case(reference, s) for s in range(100, 116)],
           "decisions": [decide_case(reference, t) for t in THRESHOLDS]}
    print(json.dumps(out, separators=(",", ":")))


if __name__ == "__main__":
    main()
