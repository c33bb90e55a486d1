"""DuckDB SQL with ONNX Runtime: flights by the dozen in one database, sums over hops in SQL, windows of them in numpy.

Settings: as many threads as cores; so many flights at a time that all threads have work and the rows stay in memory;
`lag` over the rows as they lie, which needs no sorting, where they are in order; columns without missing values share
it; only the columns needed are read; ids and scores are joined outside.
"""

import expert
from detector import NS, SCHEMA, Detector, arguments, recordings, say_done
from hops import Hops, scored

import duckdb
import numpy as np
import pyarrow.parquet as pq

# Rows of a batch of flights: 2 to 4 million rows of seven columns are 100 to 250 MB.
ROWS_PER_BATCH = 2_500_000


class Flights:
    """The rows of some flights as a table, and what SQL finds in it."""

    def __init__(self, db, paths, recipe):
        self.db, self.recipe, self.paths = db, recipe, paths
        self.length, self.hop = (round(recipe["window"][k] * NS) for k in ("length_s", "hop_s"))
        self.span = self.length // self.hop
        names = set(pq.read_schema(paths[0]).names)
        signals = [self._signal(name, spec, names) for name, spec in recipe["signals"].items()]
        db.execute(
            f"""CREATE OR REPLACE TEMP TABLE r AS
            SELECT file_index::INTEGER AS f, flight_phase AS phase, epoch_ns("timestamp"::TIMESTAMP_NS) AS t, {", ".join(signals)}
            FROM read_parquet($paths) WHERE "timestamp" IS NOT NULL""",
            {"paths": paths},
        )
        if self.one(f"SELECT count(*) FROM ({self.series('t')}) WHERE t <= p"):
            db.execute("CREATE OR REPLACE TEMP TABLE r AS SELECT DISTINCT ON (f, t) * FROM r ORDER BY f, t, rowid")
        self._find_steps()
        self._fill_gaps()

    def one(self, query):
        return self.db.execute(query).fetchone()[0]

    def series(self, name):
        """Times and values of a signal, each with those before it in the same flight."""
        before = lambda x: f"CASE WHEN f = lag(f) OVER () THEN lag({x}) OVER () END"
        return f"SELECT f, t, {name} AS x, {before('t')} AS p, {before(name)} AS x0 FROM r WHERE {name} IS NOT NULL"

    @staticmethod
    def _signal(name, spec, names):
        column = next(c for c in spec["columns"] if c in names)
        low, high = spec.get("range", ("-inf", "inf"))
        return f"""CASE WHEN "{column}" BETWEEN {low} AND {high} AND isfinite("{column}") THEN "{column}"::DOUBLE END AS {name}"""

    def _find_steps(self):
        """The nominal steps of each flight's rows and signals, and where it begins."""
        names = list(self.recipe["signals"])
        rows, *counts = self.db.execute(f"SELECT count(*), {', '.join(f'count({n})' for n in names)} FROM r").fetchone()
        # Signals without missing values have the times of the rows.
        self.source = {n: n if count < rows else "t" for n, count in zip(names, counts)}
        steps = {n: self._steps(n) for n in {"t", *self.source.values()}}
        t0, t1 = (self.db.execute(f"SELECT {m}(t) AS t FROM r GROUP BY f ORDER BY f").fetchnumpy()["t"] for m in ("min", "max"))
        self.t0 = t0
        self.steps = {
            n: np.minimum(steps[self.source[n]], steps["t"]) if spec.get("fill", "none") == "none" else steps[self.source[n]]
            for n, spec in self.recipe["signals"].items()
        }
        self.count = np.nan_to_num(np.maximum(0, (t1 - t0 + 1.5 * steps["t"] - self.length) // self.hop + 1)).astype(int)
        self.db.register("found", {"f": np.arange(len(t0)), "t0": t0, **{f"s_{n}": self.steps[n] for n in names}})
        self.db.execute("CREATE OR REPLACE TEMP TABLE flights AS SELECT * FROM found")

    def _steps(self, name):
        """By flight, NaN where there are not two samples."""
        found = self.db.execute(f"SELECT f, median(t - p) AS step FROM ({self.series(name)}) GROUP BY f").fetchnumpy()
        steps = np.full(len(self.paths), np.nan)
        steps[found["f"]] = np.ma.filled(np.ma.asarray(found["step"], float), np.nan)
        return steps

    def _fill_gaps(self):
        """Puts samples into short gaps, as rows with nothing else."""
        for name, spec in self.recipe["signals"].items():
            if spec.get("fill", "none") == "none":
                continue
            inside = f"t - p > 1.5 * s_{name} AND t - p <= {spec.get('max_gap_s', 10) * NS}"
            gaps = f"SELECT *, floor((t - p) / s_{name} + 0.5)::BIGINT - 1 AS n FROM ({self.series(name)}) JOIN flights USING (f) WHERE {inside}"
            if not self.one(f"SELECT count(*) FROM ({gaps})"):
                continue
            value = "x0 + k / (n + 1) * (x - x0)" if spec["fill"] == "linear" else "x0"
            self.db.execute(
                f"""INSERT INTO r (f, t, {name}) SELECT f, p + floor(k / (n + 1) * (t - p) + 0.5)::BIGINT, {value}
                FROM (SELECT *, unnest(generate_series(1, n)) AS k FROM ({gaps}))"""
            )

    def hops(self):
        """Sums by flight and hop, with a row for every hop of every flight."""
        sums = [f"count(*) FILTER (phase = {code}) AS phase{code}" for code in range(8)]
        for n in self.recipe["signals"]:
            sums += [f"count({n}) AS n_{n}", f"sum({n}) AS s_{n}", f"sum({n} * {n}) AS q_{n}", f"max(abs({n})) AS p_{n}"]
        for n in {spec["signal"] for spec in self.recipe["features"] if spec["op"] == "rate"}:
            sums += [f"max(t - t0) FILTER ({n} IS NOT NULL) AS t_{n}", f"arg_max({n}, t) AS x_{n}"]
        return self.by_hop(f"SELECT f, (t - t0) // {self.hop} AS h, {', '.join(sums)} FROM r JOIN flights USING (f) GROUP BY ALL")

    def by_hop(self, query):
        """The answers of a query, by flight and hop, as arrays of all hops of all flights; NaN or 0 where there is none."""
        found = self.db.execute(f"SELECT * FROM ({query})").fetchnumpy()
        starts = self.hop_starts()
        f, h = found.pop("f").astype(int), found.pop("h").astype(int)
        ok = h < (starts[1:] - starts[:-1])[f]
        at = starts[f[ok]] + h[ok]
        arrays = {}
        for name, values in found.items():
            arrays[name] = np.full(starts[-1], np.nan)
            arrays[name][at] = np.ma.filled(values.astype(float), np.nan)[ok]
        return arrays

    def hop_starts(self):
        """Where the hops of each flight begin in such arrays."""
        counts = np.where(self.count > 0, self.count + self.span - 1, 0)
        return np.concatenate([[0], np.cumsum(counts)])

    def rates(self, spec, ends):
        """The rate of change up to the end of each window; `ends` has `f`, `at`, `t`, `x` and `start` of each."""
        self.db.register("ends", ends)
        return self.db.execute(
            f"""SELECT CASE WHEN s.t >= e.start AND s.t < e.t THEN (e.x - s.{spec["signal"]}) / ((e.t - s.t) / 1e9) END AS rate
            FROM ends e ASOF LEFT JOIN (SELECT f, t, {spec["signal"]} FROM r WHERE {spec["signal"]} IS NOT NULL) s
            ON e.f = s.f AND e.at >= s.t ORDER BY e.row"""
        ).fetchnumpy()["rate"]

    def order_sums(self, spec, flights):
        """By hop the sums of x cos, x sin, cos and sin of the shaft's angle, which the speed's samples give by trapezes."""
        speed, signal = spec["speed"], spec["signal"]
        some = ", ".join(map(str, flights))
        return self.by_hop(
            f"""WITH steps AS (
              SELECT f, (t - t0) / 1e9 AS u, {speed} AS v, lead((t - t0) / 1e9) OVER w AS u1, lead({speed}) OVER w AS v1,
                coalesce(0.5 * ({speed} + lag({speed}) OVER w) * ((t - lag(t) OVER w) / 1e9), 0) AS step
              FROM r JOIN flights USING (f) WHERE {speed} IS NOT NULL AND f IN ({some}) WINDOW w AS (PARTITION BY f ORDER BY t)),
            turned AS (SELECT *, sum(step) OVER (PARTITION BY f ORDER BY u) AS turned FROM steps),
            first AS (SELECT f, min(u) AS u_first, arg_min(v, u) AS v_first FROM steps GROUP BY f),
            samples AS (SELECT f, (t - t0) / 1e9 AS s, (t - t0) // {self.hop} AS h, {signal} AS x
              FROM r JOIN flights USING (f) WHERE {signal} IS NOT NULL AND f IN ({some})),
            turns AS (SELECT a.f, h, x, {spec["order"] * spec["rated_rpm"] / 6000.0} * coalesce(
                turned + 0.5 * (v + coalesce(v + (v1 - v) * (s - u) / (u1 - u), v)) * (s - u), v_first * (s - u_first)) AS turns
              FROM samples a ASOF LEFT JOIN turned b ON a.f = b.f AND a.s >= b.u JOIN first c ON c.f = a.f),
            angles AS (SELECT f, h, x, cos((turns - floor(turns)) * 2 * pi()) AS c, sin((turns - floor(turns)) * 2 * pi()) AS s FROM turns)
            SELECT f, h, sum(x * c) AS xc, sum(x * s) AS xs, sum(c) AS c, sum(s) AS s FROM angles GROUP BY ALL"""
        )


def score(db, paths):
    """The result rows of some flights, a table each."""
    detector, recipe = expert.detector, expert.detector.recipe
    flights = Flights(db, paths, recipe)
    sums, starts, span = flights.hops(), flights.hop_starts(), flights.span
    t0, zero = flights.t0, np.nan_to_num

    def signal(f, name):
        own = [sums[f"{k}_{name}"][starts[f] : starts[f + 1]] for k in "nsqp"]
        return Hops(*map(zero, own[:3]), np.where(np.isnan(own[3]), -np.inf, own[3]), flights.steps[name][f], span)

    there = [f for f in range(len(paths)) if flights.count[f] > 0]
    hops = {f: {n: signal(f, n) for n in recipe["signals"]} for f in there}
    window_starts = {f: t0[f] + np.arange(flights.count[f]) * flights.hop for f in there}
    rates, orders = {f: {} for f in there}, {f: {} for f in there}
    for spec in recipe["features"]:
        if spec["op"] == "rate":
            found = split(flights.rates(spec, window_ends(spec, sums, flights, window_starts)), window_starts)
            for f in there:
                rates[f][spec["name"]] = found[f]
        if spec["op"] == "order_ratio":
            some = [f for f in there if not hops[f][spec["signal"]].shaft_hz(spec, hops[f][spec["speed"]])[1].all()]
            found = flights.order_sums(spec, some) if some else None
            for f in some:
                orders[f][spec["name"]] = [zero(found[k][starts[f] : starts[f + 1]]) for k in ("xc", "xs", "c", "s")]
    for f, path in enumerate(paths):
        if f not in hops:
            yield SCHEMA.empty_table()
            continue
        phases = np.column_stack([zero(sums[f"phase{code}"][starts[f] : starts[f + 1]]) for code in range(8)])
        flight = {"starts": window_starts[f], "hops": hops[f], "rates": rates[f], "order_sums": orders[f], "phases": phases}
        yield scored(path, detector, expert.results, flight)


def window_ends(spec, sums, flights, window_starts):
    """The last sample of each window of each flight: that of its last hop that has one."""
    columns = {k: [] for k in ("f", "t", "x", "start")}
    starts, span = flights.hop_starts(), flights.span
    for f, begins in window_starts.items():
        t, x = (sums[f"{k}_{spec['signal']}"][starts[f] : starts[f + 1]] for k in "tx")
        last_t, last_x = t[: len(begins)], x[: len(begins)]
        for k in range(1, span):
            later = ~np.isnan(t[k : k + len(begins)])
            last_t, last_x = (np.where(later, a[k : k + len(begins)], b) for a, b in ((t, last_t), (x, last_x)))
        last_t = flights.t0[f] + np.nan_to_num(last_t).astype(np.int64)
        for name, values in zip(columns, (np.full(len(begins), f), last_t, last_x, begins)):
            columns[name].append(values)
    ends = {k: np.concatenate(v) for k, v in columns.items()}
    return {**ends, "at": ends["t"] - round(spec["seconds"] * NS), "row": np.arange(len(ends["t"]))}


def split(values, window_starts):
    """Values of the windows of all flights, by flight."""
    values = np.ma.filled(np.ma.asarray(values).astype(float), np.nan)
    edges = np.cumsum([len(starts) for starts in window_starts.values()])[:-1]
    return dict(zip(window_starts, np.split(values, edges)))


def batches(files):
    """The files in turn, so many at a time that their rows fit."""
    batch, rows = [], 0
    for path in files:
        own = pq.read_metadata(path).num_rows
        if batch and rows + own > ROWS_PER_BATCH:
            yield batch
            batch, rows = [], 0
        batch.append(path)
        rows += own
    if batch:
        yield batch


def main():
    options = arguments(__doc__, batch_size=1024)
    expert.detector = Detector(options.model)
    expert.start_worker(options.batch_size)
    db = duckdb.connect(config={"threads": options.workers})
    files = [str(f) for f in recordings(options.data)]
    windows = 0
    with pq.ParquetWriter(options.output, SCHEMA) as writer:
        for batch in batches(files):
            for table in score(db, batch):
                writer.write_table(table)
                windows += table.num_rows
    say_done(len(files), windows)


if __name__ == "__main__":
    main()
