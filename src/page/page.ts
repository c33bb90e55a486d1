import type { Chart, Tone } from "./chart.ts";
import type { NumberFormat } from "./number-format.ts";

/** A page as data: what it says, in which order. `renderPage` makes the one HTML document of it. */
export interface Page {
  title: string;
  /** What it is about, under the title. */
  subtitle: string;
  /** The answer in a sentence or two, before all else. */
  headline: { text: string; tone: Tone };
  parts: Part[];
  /** At the end of the page: by which program and version it was made. */
  generator: string;
}

/** A numbered part of the page, with a place in its table of contents. */
export interface Part {
  /** Unique in the page: letters, digits and hyphens, as all ids. */
  id: string;
  title: string;
  blocks: Block[];
}

/** A piece of a part. */
export type Block =
  | { kind: "text"; text: string }
  | { kind: "note"; tone: Tone; text: string }
  | { kind: "tiles"; tiles: Tile[] }
  | { kind: "facts"; facts: Fact[] }
  | { kind: "table"; table: Table }
  | { kind: "chart"; chart: Chart }
  | Group
  | Choice;

/** Blocks under a heading of their own. */
export interface Group {
  kind: "group";
  id?: string;
  title: string;
  blocks: Block[];
}

/** Groups of which one is seen at a time, the first to begin with; without script, all. */
export interface Choice {
  kind: "choice";
  label: string;
  options: (Omit<Group, "kind"> & { id: string; short: string; detail?: string })[];
}

/** A number that matters, large. */
export interface Tile {
  label: string;
  value: string;
  detail?: string;
  tone?: Tone;
}

/** A name and what it stands for. Long digests and paths may break anywhere. */
export interface Fact {
  name: string;
  value: string;
}

/** A table that sorts by its columns and, with several rows, filters. */
export interface Table {
  id: string;
  caption: string;
  columns: Column[];
  rows: Row[];
  /** What is left out, such as "12 more aircraft are in summary.json"; always said where rows are capped. */
  more?: string | null;
  /** What to say where there are no rows. */
  empty?: string;
  /** Whether it is only looked at: neither sorted nor filtered. */
  isPlain?: boolean;
}

/** A column: numbers stand to the right and sort as numbers. */
export interface Column {
  label: string;
  format?: NumberFormat;
  /** `keep`: stays on one line; `wide`: has sentences; `break`: may break anywhere. Default: breaks between words. */
  room?: "keep" | "wide" | "break";
}

/** A row: a cell per column. An `id` is what a link can go to. */
export interface Row {
  id?: string;
  cells: (string | number | null | Cell)[];
}

/** A cell with more than its text or number. */
export interface Cell {
  text: string;
  /** What it sorts by instead of its text. */
  sort?: number | string;
  /** Id in the page that it links to. */
  link?: string;
  /** Colour, together with a mark: never colour alone. */
  tone?: Tone;
  detail?: string;
}

/** The names of severities 0 to 3 as cells, with their marks and order. */
export function severityCell(severity: number): Cell {
  const text = ["none", "minor", "moderate", "severe"][severity] ?? String(severity);
  const marks = "\u25b2".repeat(Math.min(severity, 3));
  const tone = ([undefined, "warning", "warning", "bad"] as const)[severity];
  return { text: severity === 0 ? text : `${marks} ${text}`, sort: severity, ...(tone && { tone }) };
}
