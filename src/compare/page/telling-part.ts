import { COUNT, DECIMAL, PERCENT } from "../../aggregate/page/looks.ts";
import { formatNumber } from "../../page/number-format.ts";
import { type Cell, type Part, severityCell, type Table } from "../../page/page.ts";
import type { Comparison, TellingFlight, TellingWindow } from "../comparison.ts";

/** The windows and flights to look at first. */
export function tellingPart({ top_windows, top_flights }: Comparison): Part {
  return {
    id: "telling",
    title: "What to look at first",
    blocks: [
      { kind: "text", text: "Flips first, then the largest change of score / threshold, then of the score." },
      { kind: "table", table: windowTable(top_windows) },
      { kind: "table", table: flightTable(top_flights) },
    ],
  };
}

function windowTable(windows: readonly TellingWindow[]): Table {
  return {
    id: "windows",
    caption: "Most telling windows",
    columns: [
      { label: "Window", room: "keep" },
      { label: "Aircraft", room: "keep" },
      { label: "Flight", room: "keep" },
      { label: "Start (UTC)", room: "keep" },
      { label: "Phase" },
      { label: "Score in A", format: DECIMAL },
      { label: "Score in B", format: DECIMAL },
      { label: "Threshold in A", format: DECIMAL },
      { label: "Threshold in B", format: DECIMAL },
      { label: "Severity in A", room: "keep" },
      { label: "Severity in B", room: "keep" },
      { label: "Flip", room: "keep" },
      { label: "Made by", room: "keep" },
    ],
    rows: windows.map(({ a, b, ...window }) => ({
      cells: [
        ...[window.window_id, window.aircraft_id, window.flight_id],
        window.timestamp.slice(0, 19).replace("T", " "),
        a.flight_phase ?? b.flight_phase ?? "-",
        ...[a.anomaly_score, b.anomaly_score, a.threshold, b.threshold],
        severityCell(a.anomaly_severity),
        severityCell(b.anomaly_severity),
        flipCell(window.flip),
        sharesText(window.shares),
      ],
    })),
    empty: "no window differs",
  };
}

function flipCell(flip: TellingWindow["flip"]): string | Cell {
  if (flip === null) return "no";
  return { text: flip.replaceAll("_", " "), tone: flip === "normal_to_anomaly" ? "bad" : "good" };
}

function sharesText(shares: Record<string, number> | null): string {
  if (shares === null) return "-";
  const parts = Object.entries(shares).filter(([, share]) => Math.abs(share) > 1e-9);
  return parts.map(([part, share]) => `${part} ${formatNumber(share, PERCENT)}`).join(", ");
}

function flightTable(flights: readonly TellingFlight[]): Table {
  return {
    id: "flights",
    caption: "Most telling flights",
    columns: [
      { label: "Flight", room: "keep" },
      { label: "Aircraft", room: "keep" },
      { label: "Windows", format: COUNT },
      { label: "To anomaly", format: COUNT },
      { label: "To normal", format: COUNT },
      { label: "Largest change of score / threshold", format: DECIMAL },
      { label: "Largest change of the score", format: DECIMAL },
    ],
    rows: flights.map((one) => ({
      cells: [
        ...[one.flight_id, one.aircraft_id, one.windows, one.normal_to_anomaly, one.anomaly_to_normal],
        ...[one.largest_ratio_change, one.largest_score_change],
      ],
    })),
    empty: "no flight differs",
  };
}
