import { COUNT, DECIMAL, MOST_ROWS, PERCENT } from "../../aggregate/page/looks.ts";
import { formatNumber } from "../../page/number-format.ts";
import type { Block, Part, Table } from "../../page/page.ts";
import type { Attribution, PartTotal } from "../attribution.ts";
import type { Comparison } from "../comparison.ts";

/** Which part of the bundle made decisions flip. */
export function whyPart({ attribution, attribution_missing, differences }: Comparison): Part {
  return {
    id: "why",
    title: "Why decisions flipped",
    blocks:
      differences.decisions === 0
        ? [{ kind: "text", text: "No decision flipped." }]
        : blocksOf(attribution, attribution_missing),
  };
}

function blocksOf(attribution: Attribution | null, missing: string | null): Block[] {
  if (attribution === null)
    return [{ kind: "note", tone: "neutral", text: `Not attributed: ${missing ?? "nothing says why"}.` }];
  const { totals, by_aircraft, by_phase } = attribution;
  return [
    ...restNotes(attribution),
    { kind: "chart", chart: partsChart(totals, attribution.attributed) },
    {
      kind: "text",
      text: "A flip is shared out among the parts by the Shapley value: shares of a flip add up to 1, and one below 0 was against it. By it alone: flips that swapping this part alone makes.",
    },
    { kind: "table", table: partsTable("parts", "Flips by part of the bundle", [["", totals]]) },
    {
      kind: "table",
      table: partsTable("parts-aircraft", "The same by aircraft", Object.entries(by_aircraft), "Aircraft"),
    },
    ...(by_phase === null
      ? []
      : [
          {
            kind: "table",
            table: partsTable("parts-phase", "The same by phase", Object.entries(by_phase), "Phase"),
          } as const,
        ]),
  ];
}

function restNotes(attribution: Attribution): Block[] {
  const rest: [number, string][] = [
    [attribution.flips_in_flights_left_out, "are in flights left out (--attributed-flights)"],
    [attribution.flips_without_recording, "have no recording that can be read as it was"],
    [attribution.flips_not_reproduced, "are decided otherwise by the bundles today than the results say"],
  ];
  const texts = rest
    .filter(([n]) => n > 0)
    .map(
      ([n, words]) =>
        `${formatNumber(n, COUNT)} of ${formatNumber(attribution.flips, COUNT)} flips ${words}: not attributed.`,
    );
  const together =
    attribution.taken_together === null ? [] : [`${attribution.taken_together}, so they are swapped together.`];
  return [...texts, ...together, ...attribution.problems].map((text) => ({ kind: "note", tone: "neutral", text }));
}

function partsChart(totals: Record<string, PartTotal>, attributed: number) {
  const parts = Object.entries(totals).sort(([, x], [, y]) => y.share - x.share);
  const [first] = parts;
  return {
    kind: "bars" as const,
    id: "parts-chart",
    title: "What the flips are owed to",
    caption:
      first === undefined
        ? "No flip was attributed."
        : `Of ${formatNumber(attributed, COUNT)} attributed flips ${formatNumber(first[1].share, PERCENT)} are owed to the ${first[0]}.`,
    categoryLabel: "Part",
    categories: parts.map(([name]) => name),
    value: { label: "Flips", format: DECIMAL },
    direction: "across" as const,
    isStacked: true,
    series: [
      { name: "Normal to anomaly", values: parts.map(([, one]) => one.normal_to_anomaly), tone: "bad" as const },
      { name: "Anomaly to normal", values: parts.map(([, one]) => one.anomaly_to_normal), tone: "good" as const },
    ],
  };
}

function partsTable(
  id: string,
  caption: string,
  groups: readonly [string, Record<string, PartTotal>][],
  label?: string,
): Table {
  const rows = groups.flatMap(([group, totals]) =>
    Object.entries(totals).map(([part, one]) => ({
      cells: [
        ...(label === undefined ? [] : [group]),
        part,
        one.flips,
        one.share,
        one.normal_to_anomaly,
        one.anomaly_to_normal,
        one.alone,
      ],
    })),
  );
  return {
    id,
    caption,
    columns: [
      ...(label === undefined ? [] : [{ label }]),
      { label: "Part" },
      { label: "Flips", format: DECIMAL },
      { label: "Share", format: PERCENT },
      { label: "To anomaly", format: DECIMAL },
      { label: "To normal", format: DECIMAL },
      { label: "By it alone", format: COUNT },
    ],
    rows: rows.slice(0, MOST_ROWS),
    more: rows.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${rows.length} rows; all are in the JSON.` : null,
  };
}
