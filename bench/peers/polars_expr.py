"""Polars: flights as frames, one group-by over hops for all signals at once; sums over hops become windows in numpy.

Settings: a flight at a time in each of a thread per core (Polars leaves the interpreter's lock), since flights are too
small to share out; Polars' own pool as large; only the columns needed; no grouping by hash, since times are sorted.
"""

import concurrent.futures
import os
import sys

if "--workers" in sys.argv:
    os.environ.setdefault("POLARS_MAX_THREADS", sys.argv[sys.argv.index("--workers") + 1])

import expert
from detector import NS, SCHEMA, Detector, arguments, recordings, say_done
from hops import Hops, scored

import numpy as np
import polars as pl
import pyarrow.parquet as pq

T = pl.col("t")


def read(path, recipe):
    """Times of the rows in whole ns (sorted, each once), signals without values that cannot be, phases."""
    names = set(pq.read_schema(path).names)
    signals = []
    for name, spec in recipe["signals"].items():
        x = pl.col(next(c for c in spec["columns"] if c in names)).cast(pl.Float64)
        low, high = spec.get("range", (-np.inf, np.inf))
        signals.append(pl.when(x.is_finite() & x.is_between(low, high)).then(x).alias(name))
    phase = pl.col("flight_phase").alias("phase")
    t = pl.col("timestamp").cast(pl.Datetime("ns")).cast(pl.Int64).alias("t")
    rows = pl.scan_parquet(path).select(t, *signals, phase).filter(T.is_not_null()).collect()
    if not rows["t"].is_sorted() or rows["t"].is_duplicated().any():
        rows = rows.unique("t", keep="first", maintain_order=True).sort("t", maintain_order=True)
    return rows.with_columns(T.set_sorted())


def filled(rows, recipe):
    """The rows with samples put into short gaps, and the nominal step of each signal, ns."""
    row_step = float(rows["t"].diff().median())
    steps, extra = {}, []
    for name, spec in recipe["signals"].items():
        own = rows.select("t", name).drop_nulls(name)
        step = own["t"].diff().median()
        steps[name] = None if step is None else float(step)
        if step is None or spec.get("fill", "none") == "none":
            steps[name] = None if step is None else min(step, row_step)
            continue
        gap, next_x = T.shift(-1) - T, pl.col(name).shift(-1)
        short = (gap > 1.5 * step) & (gap <= spec.get("max_gap_s", 10) * NS)
        gaps = own.with_columns(gap=gap, next=next_x).filter(short)
        if gaps.height == 0:
            continue
        count = (pl.col("gap") / step + 0.5).floor().cast(pl.Int64) - 1
        gaps = gaps.with_columns(count=count).filter(pl.col("count") > 0)
        new = gaps.with_columns(k=pl.int_ranges(1, pl.col("count") + 1)).explode("k")
        share = pl.col("k") / (pl.col("count") + 1)
        value = pl.col(name) + share * (pl.col("next") - pl.col(name)) if spec["fill"] == "linear" else pl.col(name)
        extra.append(new.select(T + (share * pl.col("gap") + 0.5).floor().cast(pl.Int64), value))
    if extra:
        rows = pl.concat([rows, *extra], how="diagonal").sort("t", maintain_order=True).with_columns(T.set_sorted())
    return rows, steps, row_step


def rates(rows, spec, last, starts):
    """The rate of change up to the last sample of each window; `last`: time and value of the last sample by window."""
    own = rows.select("t", y=spec["signal"]).drop_nulls().with_columns(t0=T)
    seconds = round(spec["seconds"] * NS)
    ends = pl.DataFrame({"end": last[0], "x": last[1], "start": starts}).with_columns(at=pl.col("end") - seconds)
    found = ends.join_asof(own, left_on="at", right_on="t", strategy="backward")
    ok = (pl.col("t0") >= pl.col("start")) & (pl.col("t0") < pl.col("end"))
    rate = (pl.col("x") - pl.col("y")) / ((pl.col("end") - pl.col("t0")) / NS)
    return found.select(pl.when(ok).then(rate).alias("rate"))["rate"].to_numpy()


def with_hop(rows, t0, hop, count):
    return rows.with_columns(hop=(T - t0) // hop).filter(pl.col("hop").is_between(0, count - 1))


def by_hop(grouped, count):
    """A row for each hop, those without any sample too."""
    every = pl.DataFrame({"hop": np.arange(count)})
    return every.join(grouped, on="hop", how="left", maintain_order="left")


def order_sums(rows, spec, hop_of):
    """By hop the sums of x cos, x sin, cos and sin of the shaft's angle, which the speed's samples give by trapezes."""
    v, u = pl.col(spec["speed"]), (T - T.first()) / NS
    known_u = pl.when(v.is_not_null()).then(u)
    before_v, before_u = v.forward_fill().shift(1), known_u.forward_fill().shift(1)
    angle = rows.with_columns(u=u, inc=(0.5 * (v + before_v) * (known_u - before_u)).fill_null(0.0))
    angle = angle.with_columns(
        turned=pl.col("inc").cum_sum(),
        v0=v.forward_fill().backward_fill(),
        u0=pl.when(v.is_not_null()).then("u").forward_fill().backward_fill(),
        vs=v.interpolate_by("u").forward_fill().backward_fill(),
    ).filter(pl.col(spec["signal"]).is_not_null())
    scale = spec["order"] * spec["rated_rpm"] / 6000.0
    turns = scale * (pl.col("turned") + 0.5 * (pl.col("v0") + pl.col("vs")) * (pl.col("u") - pl.col("u0")))
    angle = angle.select("t", x=spec["signal"], a=((turns - turns.floor()) * (2 * np.pi)).cast(pl.Float32))
    angle = angle.with_columns(c=pl.col("a").cos().cast(pl.Float64), s=pl.col("a").sin().cast(pl.Float64))
    x, c, s = pl.col("x"), pl.col("c"), pl.col("s")
    return hop_of(angle, [(x * c).sum().alias("xc"), (x * s).sum().alias("xs"), c.sum().alias("cs"), s.sum().alias("ss")])


def work(path):
    detector, recipe = expert.detector, expert.detector.recipe
    length, hop = (round(recipe["window"][k] * NS) for k in ("length_s", "hop_s"))
    span = length // hop
    rows, steps, row_step = filled(read(path, recipe), recipe)
    t0 = rows["t"][0]
    windows = max(0, int((int(rows["t"][-1] - t0) + 1.5 * row_step - length) // hop) + 1)
    if windows == 0:
        return SCHEMA.empty_table()
    count = windows + span - 1

    def hop_of(frame, sums):
        grouped = with_hop(frame, t0, hop, count).with_columns(pl.col("hop").set_sorted())
        return by_hop(grouped.group_by("hop", maintain_order=True).agg(sums), count)

    sums = [(pl.col("phase") == code).sum().cast(pl.Int64).alias(f"phase{code}") for code in range(8)]
    for name in recipe["signals"]:
        x = pl.col(name)
        sums += [x.count().alias(f"{name}.n"), x.sum().alias(f"{name}.s"), (x * x).sum().alias(f"{name}.q")]
        sums += [x.abs().max().alias(f"{name}.p"), x.drop_nulls().last().alias(f"{name}.x")]
        sums += [T.filter(x.is_not_null()).last().alias(f"{name}.t")]
    table = hop_of(rows, sums)
    column = lambda name: table[name].fill_null(0).to_numpy()
    peak = lambda name: table[name].fill_null(-np.inf).to_numpy()
    hops = {n: Hops(*(column(f"{n}.{k}") for k in "nsq"), peak(f"{n}.p"), steps[n], span) for n in recipe["signals"]}
    starts = t0 + np.arange(windows) * hop
    found, orders = {}, {}
    for spec in recipe["features"]:
        if spec["op"] == "rate":
            last = [latest(table[f"{spec['signal']}.{k}"], windows, span) for k in "tx"]
            found[spec["name"]] = rates(rows, spec, last, starts)
        if spec["op"] == "order_ratio" and not hops[spec["signal"]].shaft_hz(spec, hops[spec["speed"]])[1].all():
            of_hop = order_sums(rows, spec, hop_of)
            orders[spec["name"]] = [of_hop[k].fill_null(0.0).to_numpy() for k in ("xc", "xs", "cs", "ss")]
    phases = table.select(pl.col("^phase.$").fill_null(0)).to_numpy()
    flight = {"starts": starts, "hops": hops, "rates": found, "order_sums": orders, "phases": phases}
    return scored(path, detector, expert.results, flight)


def latest(column, windows, span):
    """The last value of each window, from the last of each hop."""
    found = column.slice(span - 1, windows)
    for k in range(span - 2, -1, -1):
        found = found.zip_with(found.is_not_null(), column.slice(k, windows))
    return found


def main():
    options = arguments(__doc__, batch_size=1024)
    expert.detector = Detector(options.model)
    expert.start_worker(options.batch_size)
    files = [str(f) for f in recordings(options.data)]
    windows = 0
    pool = concurrent.futures.ThreadPoolExecutor(options.workers)
    with pool, pq.ParquetWriter(options.output, SCHEMA) as writer:
        for table in pool.map(work, files):
            writer.write_table(table)
            windows += table.num_rows
    say_done(len(files), windows)


if __name__ == "__main__":
    main()
