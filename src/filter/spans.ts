import type { Span } from "./filter.ts";

/** How a time is compared. */
export type TimeOperator = "==" | "<" | "<=" | ">" | ">=";

/** The starts that stand in the relation `operator` to the stretch from `fromNs` to `untilNs` (exclusive): an instant, or a day. */
export function spanOf(operator: TimeOperator, fromNs: bigint, untilNs: bigint): Span {
  switch (operator) {
    case "==":
      return { fromNs, untilNs };
    case "<":
      return { fromNs: null, untilNs: fromNs };
    case "<=":
      return { fromNs: null, untilNs };
    case ">":
      return { fromNs: untilNs, untilNs: null };
    case ">=":
      return { fromNs, untilNs: null };
  }
}

/** Closed stretches as ascending spans that neither overlap nor touch: a month of days becomes one span. */
export function mergeStretches(stretches: readonly { fromNs: bigint; untilNs: bigint }[]): Span[] {
  const sorted = stretches.toSorted((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0));
  const merged: { fromNs: bigint; untilNs: bigint }[] = [];
  for (const { fromNs, untilNs } of sorted) {
    const last = merged.at(-1);
    if (last === undefined || fromNs > last.untilNs) merged.push({ fromNs, untilNs });
    else if (untilNs > last.untilNs) last.untilNs = untilNs;
  }
  return merged;
}

/** Whether one of the ascending `spans` holds the instant. */
export function spansHold(spans: readonly Span[], instantNs: bigint): boolean {
  const span = spans[firstEndingAfter(spans, instantNs)];
  return span !== undefined && (span.fromNs === null || span.fromNs <= instantNs);
}

/** How much of the stretch from `earliestNs` to `latestNs` (both inclusive) lies in the ascending `spans`. */
export function spansCover(spans: readonly Span[], earliestNs: bigint, latestNs: bigint): "all" | "some" | "none" {
  const span = spans[firstEndingAfter(spans, earliestNs)];
  if (span === undefined || (span.fromNs !== null && span.fromNs > latestNs)) return "none";
  // Spans do not touch, so a stretch within them lies within one.
  const begins = span.fromNs === null || span.fromNs <= earliestNs;
  return begins && (span.untilNs === null || latestNs < span.untilNs) ? "all" : "some";
}

/** Index of the first span that ends after the instant (binary search), or the number of spans. */
function firstEndingAfter(spans: readonly Span[], instantNs: bigint): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { untilNs } = spans[middle]!;
    if (untilNs === null || untilNs > instantNs) high = middle;
    else low = middle + 1;
  }
  return low;
}
