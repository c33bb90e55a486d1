import { COUNT, DECIMAL, MOST_ROWS } from "../../aggregate/page/looks.ts";
import type { BarChart } from "../../page/chart.ts";
import { formatNumber, type NumberFormat } from "../../page/number-format.ts";
import type { Block, Part, Table } from "../../page/page.ts";
import type { Comparison, GroupComparison, ScoreDistribution } from "../comparison.ts";

const FINE: NumberFormat = { style: "number", digits: 4 };

/** How the scores of both are spread, and how they differ window by window. */
export function scoresPart({ overall, by_aircraft, by_phase, score_distribution }: Comparison): Part {
  const blocks: Block[] =
    overall.windows === 0
      ? [{ kind: "note", tone: "neutral", text: "No window is in both." }]
      : [
          { kind: "tiles", tiles: tilesOf(overall) },
          { kind: "chart", chart: distributionChart(score_distribution) },
          { kind: "table", table: quantileTable(overall) },
          { kind: "table", table: groupTable("scores-aircraft", "Aircraft", by_aircraft) },
          ...(by_phase === null
            ? []
            : [{ kind: "table", table: groupTable("scores-phase", "Phase", by_phase) } as const]),
        ];
  return { id: "scores", title: "How the scores differ", blocks };
}

function tilesOf({ pearson, spearman, distance, difference }: GroupComparison) {
  const tile = (label: string, value: number | null, detail: string) => ({
    label,
    value: formatNumber(value, formatOf(value)),
    detail,
  });
  return [
    tile("Pearson", pearson, "correlation of the scores"),
    tile("Spearman", spearman, "correlation of their ranks"),
    tile("KS", distance.ks, "largest difference of the cumulative shares"),
    tile("PSI", distance.psi, "over the deciles of A"),
    tile("Wasserstein-1", distance.wasserstein, "in units of the score"),
    tile("Largest difference", difference.largest_absolute, "of the two scores of a window"),
  ];
}

/** As many decimals as say something. */
function formatOf(value: number | null): NumberFormat {
  const size = Math.abs(value ?? 0);
  return { style: "number", digits: size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 3 : 4 };
}

function distributionChart({ edges, a, b }: ScoreDistribution): BarChart {
  return {
    kind: "bars",
    id: "score-distribution",
    title: "Windows by their score in A and in B",
    caption: "Of the windows in both. Bins widen with the score, six to a power of ten.",
    categoryLabel: "Score",
    categories: binNames(edges),
    value: { label: "Windows", format: COUNT, min: 0 },
    direction: "up",
    series: [
      { name: "A", values: a },
      { name: "B", values: b },
    ],
  };
}

function binNames(edges: readonly number[]): string[] {
  if (edges.length === 0) return ["all"];
  const text = (edge: number) => String(Number(edge.toPrecision(6)));
  const inner = edges.slice(1).map((edge, i) => `${text(edges[i]!)} to ${text(edge)}`);
  return [`below ${text(edges[0]!)}`, ...inner, `from ${text(edges[edges.length - 1]!)}`];
}

function quantileTable({ difference: { mean, quantiles } }: GroupComparison): Table {
  return {
    id: "difference",
    caption: "Score in B minus score in A, over the windows of both",
    columns: [{ label: "" }, { label: "B - A", format: FINE }],
    rows: [
      { cells: ["mean", mean] },
      ...Object.entries(quantiles).map(([name, value]) => ({ cells: [quantileName(name), value] })),
    ],
    isPlain: true,
  };
}

function quantileName(name: string): string {
  if (name === "p0") return "smallest";
  if (name === "p100") return "largest";
  return name === "p50" ? "median" : `${name.slice(1)}% are below`;
}

function groupTable(id: string, label: string, groups: Record<string, GroupComparison>): Table {
  const entries = Object.entries(groups);
  const names = [
    "Pearson",
    "Spearman",
    "Mean B - A",
    "Median B - A",
    "5%",
    "95%",
    "Largest difference",
    "KS",
    "PSI",
    "Wasserstein-1",
  ];
  return {
    id,
    caption: `The scores by ${label.toLowerCase()}`,
    columns: [
      { label },
      { label: "Windows", format: COUNT },
      ...names.map((name) => ({ label: name, format: name.startsWith("W") ? DECIMAL : FINE })),
    ],
    rows: entries.slice(0, MOST_ROWS).map(([name, { windows, pearson, spearman, difference, distance }]) => ({
      cells: [
        ...[name, windows, pearson, spearman, difference.mean],
        ...["p50", "p5", "p95"].map((quantile) => difference.quantiles[quantile] ?? null),
        ...[difference.largest_absolute, distance.ks, distance.psi, distance.wasserstein],
      ],
    })),
    more: entries.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${entries.length}; all are in the JSON.` : null,
  };
}
