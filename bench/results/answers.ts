/** Numbers of an answer that all contenders have to give alike, by their names. */
export type Answers = Map<string, number>;

interface Stats {
  windows: number;
  agreement: number[][];
  pearson: number;
  spearman: number;
  quantiles: number[];
  mean: number;
  ks: number;
  psi: number;
  wasserstein: number;
}

type Json = Record<string, unknown>;

/** Intervals come from other random draws: as shares of their width they may differ by so much. */
const INTERVAL_TOLERANCE = 0.25;
/** The rest is the same but for rounding. */
const TOLERANCE = 1e-6;

/** What a peer says, flat. */
export function flatten(value: unknown, name = "", into: Answers = new Map()): Answers {
  if (typeof value === "number") into.set(name, value);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) flatten(inner, name === "" ? key : `${name}.${key}`, into);
  return into;
}

/** The same of a summary of ours. */
export function ofSummary(summary: Json): Answers {
  const groupOf = (group: Json) => ({
    flights: group.flights,
    windows: group.windows,
    anomalies: group.anomalies,
    max_anomaly_score: group.max_anomaly_score,
    scored_hours: group.scored_hours,
    interval: group.anomaly_rate_interval,
  });
  const each = <T>(groups: unknown, of: (group: Json) => T) =>
    Object.fromEntries(Object.entries(groups as Record<string, Json>).map(([key, group]) => [key, of(group)]));
  const trend = (summary.trend as Json).by_aircraft;
  return flatten({
    total_windows: summary.total_windows,
    total_flights: summary.total_flights,
    anomalies: summary.anomalies,
    interval: summary.anomaly_rate_interval,
    by_aircraft: each(summary.by_aircraft, groupOf),
    by_date: each(summary.by_date, (group) => ({
      windows: group.windows,
      anomalies: group.anomalies,
      interval: group.anomaly_rate_interval,
    })),
    trend: each(trend, ({ slope, slope_interval }) => {
      const [low, high] = slope_interval as [number, number];
      return { slope, low, high };
    }),
  });
}

/** The same of a comparison of ours. */
export function ofComparison(comparison: Json): Answers {
  const statsOf = (group: Json): Stats => {
    const { mean, quantiles } = group.difference as { mean: number; quantiles: Record<string, number> };
    const { windows, agreement, pearson, spearman } = group as unknown as Stats;
    return {
      windows,
      agreement,
      pearson,
      spearman,
      quantiles: Object.values(quantiles),
      mean,
      ...(group.distance as Pick<Stats, "ks" | "psi" | "wasserstein">),
    };
  };
  const groups = Object.entries(comparison.by_aircraft as Record<string, Json>);
  return flatten({
    only_in_a: (comparison.only_in_a as Json).windows,
    only_in_b: (comparison.only_in_b as Json).windows,
    overall: statsOf(comparison.overall as Json),
    by_aircraft: Object.fromEntries(groups.map(([id, group]) => [id, statsOf(group)])),
  });
}

/** Names on which two do not agree, the first few with both numbers. */
export function disagreements(ours: Answers, theirs: Answers): string[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].flatMap((name) => {
    const [x, y] = [ours.get(name), theirs.get(name)];
    const isSame =
      x !== undefined &&
      y !== undefined &&
      Math.abs(x - y) <= allowed(name, theirs, Math.max(Math.abs(x), Math.abs(y)));
    return isSame ? [] : [`${name}: ${x} and ${y}`];
  });
}

function allowed(name: string, answers: Answers, size: number): number {
  const bound = /^(.*interval)\.[01]$/.exec(name);
  if (bound === null) return TOLERANCE * (1 + size);
  return INTERVAL_TOLERANCE * Math.abs(answers.get(`${bound[1]}.1`)! - answers.get(`${bound[1]}.0`)!) + TOLERANCE;
}
