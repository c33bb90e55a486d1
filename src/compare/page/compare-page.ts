import { COUNT, DECIMAL, PERCENT } from "../../aggregate/page/looks.ts";
import { currentVersions } from "../../io/versions.ts";
import type { Tone } from "../../page/chart.ts";
import { formatNumber } from "../../page/number-format.ts";
import type { Block, Page, Part, Table } from "../../page/page.ts";
import type { Comparison, SideFacts, UnmatchedWindows } from "../comparison.ts";
import { decisionsPart } from "./decisions-part.ts";
import { scoresPart } from "./scores-part.ts";
import { tellingPart } from "./telling-part.ts";
import { whyPart } from "./why-part.ts";

/** The page of a comparison: what both have, how they decide, why decisions flipped, how scores differ, what to look at first, and its making. */
export function comparePage(comparison: Comparison): Page {
  return {
    title: "Two results compared",
    subtitle: `A: ${nameOf(comparison.a)}. B: ${nameOf(comparison.b)}.`,
    headline: headline(comparison),
    parts: [
      coveragePart(comparison),
      decisionsPart(comparison),
      whyPart(comparison),
      scoresPart(comparison),
      tellingPart(comparison),
      madePart(comparison),
    ],
    generator: `flightbatch ${currentVersions().flightbatch} compare`,
  };
}

function nameOf({ model, path }: SideFacts): string {
  return model === null ? path : `${model} (${path})`;
}

function headline({ equal, differences, overall, tolerance }: Comparison): { text: string; tone: Tone } {
  const within = tolerance.absolute + tolerance.relative > 0 ? " within the tolerance" : "";
  if (equal && overall.windows > 0)
    return {
      text: `Equal${within}: every window is in both, with the same decision, severity and score.`,
      tone: "good",
    };
  if (overall.windows === 0) return { text: "No window is in both: there is nothing to compare.", tone: "neutral" };
  const share = formatNumber(differences.decisions / overall.windows, PERCENT);
  const flips = `${count(overall.normal_to_anomaly)} to anomaly, ${count(overall.anomaly_to_normal)} to normal`;
  const text = `${count(differences.decisions)} of ${count(overall.windows)} decisions flipped (${share}): ${flips}. ${count(differences.scores)} scores differ${within === "" ? "" : " beyond the tolerance"}.`;
  return { text, tone: differences.decisions > 0 ? "bad" : "warning" };
}

function coveragePart({ a, b, only_in_a, only_in_b, overall, differences }: Comparison): Part {
  const missing = (windows: number) => (windows > 0 ? ({ tone: "missing" } as const) : {});
  const blocks: Block[] = [
    {
      kind: "tiles",
      tiles: [
        { label: "Windows in both", value: count(overall.windows) },
        {
          label: "Only in A",
          value: count(only_in_a.windows),
          detail: `of ${count(a.windows)}`,
          ...missing(only_in_a.windows),
        },
        {
          label: "Only in B",
          value: count(only_in_b.windows),
          detail: `of ${count(b.windows)}`,
          ...missing(only_in_b.windows),
        },
        { label: "Flights", value: `${count(a.flights)} and ${count(b.flights)}`, detail: "in A and in B" },
        { label: "Other decision", value: count(differences.decisions) },
        { label: "Other severity", value: count(differences.severities) },
        { label: "Other score", value: count(differences.scores) },
        { label: "Other start", value: count(differences.start_times) },
      ],
    },
  ];
  if (only_in_a.windows + only_in_b.windows > 0) {
    const text =
      "All that follows is of the windows in both, but for the workload: so that another coverage does not look like another model.";
    blocks.push({ kind: "note", tone: "neutral", text });
  }
  for (const [name, side] of [
    ["A", a],
    ["B", b],
  ] as const) {
    const notes = side.warnings.map(
      (text) => ({ kind: "note", tone: "neutral", text: `Events of ${name}: ${text}` }) as const,
    );
    blocks.push(...notes);
  }
  return {
    id: "both",
    title: "What both have",
    blocks: [...blocks, ...unmatchedTables("A", only_in_a), ...unmatchedTables("B", only_in_b)],
  };
}

function unmatchedTables(side: string, { windows, flights, by_aircraft, by_flight }: UnmatchedWindows): Block[] {
  if (windows === 0) return [];
  const id = `only-in-${side.toLowerCase()}`;
  const aircraft = Object.entries(by_aircraft);
  const tables: Table[] = [
    {
      id: `${id}-aircraft`,
      caption: `Windows only in ${side}, by aircraft`,
      columns: [{ label: "Aircraft" }, { label: "Windows", format: COUNT }],
      rows: aircraft.slice(0, 200).map(([name, n]) => ({ cells: [name, n] })),
      more: aircraft.length > 200 ? `The first 200 of ${aircraft.length} aircraft.` : null,
    },
    {
      id: `${id}-flights`,
      caption: `Windows only in ${side}, by flight`,
      columns: [{ label: "Aircraft" }, { label: "Flight", room: "keep" }, { label: "Windows", format: COUNT }],
      rows: by_flight.map((one) => ({ cells: [one.aircraft_id, one.flight_id, one.windows] })),
      more: flights > by_flight.length ? `The first ${by_flight.length} of ${count(flights)} flights.` : null,
    },
  ];
  return tables.map((table) => ({ kind: "table", table }));
}

function madePart({ a, b, tolerance, attribution }: Comparison): Part {
  const row = (name: string, side: SideFacts, directory: string | undefined) => ({
    cells: [
      name,
      side.path,
      side.model ?? "nothing says it",
      side.bundle_sha256 ?? "-",
      directory ?? "-",
      side.repeated_windows,
      side.window_seconds,
      side.window_seconds_assumed ? "assumed" : "from run.json",
    ],
  });
  const table: Table = {
    id: "sides",
    caption: "The two results",
    columns: [
      { label: "Side" },
      { label: "Results", room: "break" },
      { label: "Model" },
      { label: "SHA-256 of the bundle", room: "break" },
      { label: "Bundle for the attribution", room: "break" },
      { label: "Rows under a key that another has", format: COUNT },
      { label: "Window, s", format: DECIMAL },
      { label: "Length of the window" },
    ],
    rows: [row("A", a, attribution?.models.a), row("B", b, attribution?.models.b)],
  };
  const facts = [
    { name: "Program", value: `flightbatch ${currentVersions().flightbatch}` },
    { name: "Windows matched by", value: "aircraft_id, flight_id, window_id" },
    { name: "Scores are the same within", value: `${tolerance.absolute} + ${tolerance.relative} of the larger score` },
  ];
  return {
    id: "made",
    title: "How it was made",
    blocks: [
      { kind: "facts", facts },
      { kind: "table", table },
    ],
  };
}

function count(value: number): string {
  return formatNumber(value, COUNT);
}
