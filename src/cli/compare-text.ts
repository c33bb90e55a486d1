import type { Attribution } from "../compare/attribution.ts";
import type { Comparison, GroupComparison, SideFacts, TellingWindow, UnmatchedWindows } from "../compare/comparison.ts";
import { printable } from "../model/printable.ts";
import { significant, type TableRow, tableLines } from "./text-table.ts";
import { counted, grouped, percent } from "./words.ts";

const SEVERITIES = ["none", "minor", "moderate", "severe"];
/** Aircraft, windows and flights that are named one by one; all of them are in the JSON. */
const MOST_AIRCRAFT = 20;
const MOST_TELLING = 20;

/** A comparison for a reader at a terminal. Ids are other people's text: none reaches the terminal as a control character. */
export function comparisonAsText(comparison: Comparison): string {
  const { a, b, overall, by_aircraft, by_phase } = comparison;
  const sections = [
    [describeSide("A", a), describeSide("B", b), verdict(comparison), ...notes("A", a), ...notes("B", b)],
    [...unmatched("A", comparison.only_in_a), ...unmatched("B", comparison.only_in_b)],
    overall.windows === 0 ? [] : matched(overall),
    workloads(overall, comparison),
    groups("By aircraft", by_aircraft),
    groups("By flight phase", by_phase ?? {}),
    why(comparison),
    telling(comparison.top_windows),
    tellingFlights(comparison),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function describeSide(name: string, { path, model, windows, flights, repeated_windows }: SideFacts): string {
  const repeated = repeated_windows === 0 ? "" : `, ${counted(repeated_windows, "row")} under a key that another has`;
  const of = model === null ? "" : ` of ${printable(model)}`;
  return `${name}: ${printable(path, 1000)}${of}: ${counted(windows, "window")} in ${counted(flights, "flight")}${repeated}`;
}

function notes(name: string, { warnings }: SideFacts): string[] {
  return warnings.map((warning) => `Events of ${name}: ${printable(warning, 500)}`);
}

function verdict({ equal, differences, tolerance: { absolute, relative } }: Comparison): string {
  const within = absolute === 0 && relative === 0 ? "" : ` within ${absolute} + ${relative} of the score`;
  if (equal) return `Equal${within}.`;
  const parts: [number, string][] = [
    [differences.only_in_a, "only in A"],
    [differences.only_in_b, "only in B"],
    [differences.decisions, "with another decision"],
    [differences.severities, "with another severity"],
    [differences.scores, `with another score${absolute + relative === 0 ? "" : " beyond the tolerance"}`],
    [differences.start_times, "with another start"],
  ];
  const found = parts.filter(([count]) => count > 0).map(([count, words]) => `${grouped(count)} ${words}`);
  return `Different windows: ${found.join(", ")}.`;
}

function unmatched(name: string, { windows, flights, by_aircraft }: UnmatchedWindows): string[] {
  if (windows === 0) return [];
  const aircraft = Object.entries(by_aircraft);
  const named = aircraft.slice(0, MOST_AIRCRAFT).map(([id, count]) => `${printable(id)} ${grouped(count)}`);
  const more = aircraft.length > MOST_AIRCRAFT ? `, and ${aircraft.length - MOST_AIRCRAFT} more aircraft` : "";
  return [
    `Only in ${name}: ${counted(windows, "window")} of ${counted(flights, "flight")} (${named.join(", ")}${more})`,
  ];
}

function matched({ windows, agreement, normal_to_anomaly, anomaly_to_normal, ...scores }: GroupComparison): string[] {
  const { difference, distance } = scores;
  const { p5, p50, p95 } = difference.quantiles;
  const rows = agreement.map((counts, severity): TableRow => [SEVERITIES[severity]!, ...counts.map(grouped)]);
  return [
    `Both have ${counted(windows, "window")}; severity in A (down) and in B (across)`,
    ...tableLines([["", ...SEVERITIES], ...rows]),
    `Flips: ${grouped(normal_to_anomaly)} normal -> anomaly, ${grouped(anomaly_to_normal)} anomaly -> normal (${percent(normal_to_anomaly + anomaly_to_normal, windows)})`,
    `Scores: Pearson ${significant(scores.pearson, 4)}, Spearman ${significant(scores.spearman, 4)}`,
    `Score B - A: median ${significant(p50!)}, 5% to 95% ${significant(p5!)} to ${significant(p95!)}, largest ${significant(difference.largest_absolute)}`,
    `Distance of the distributions: KS ${significant(distance.ks)}, PSI ${significant(distance.psi)}, Wasserstein-1 ${significant(distance.wasserstein)}`,
  ];
}

function workloads({ workload }: GroupComparison, { a, b }: Comparison): string[] {
  const row = (name: string, { scored_hours, ...load }: GroupComparison["workload"]["a"]): TableRow => [
    name,
    scored_hours.toFixed(1),
    grouped(load.anomalies),
    grouped(load.events),
    significant(load.anomalies_per_100_hours),
    significant(load.events_per_100_hours),
  ];
  const assumed = a.window_seconds_assumed || b.window_seconds_assumed;
  return [
    `Workload${assumed ? " (windows taken as 10 s long: no run.json says it)" : ""}`,
    ...tableLines([
      ["", "scored hours", "anomalies", "events", "anomalies/100 h", "events/100 h"],
      row("A", workload.a),
      row("B", workload.b),
    ]),
  ];
}

function groups(title: string, all: Record<string, GroupComparison>): string[] {
  const entries = Object.entries(all);
  if (entries.length === 0) return [];
  const rows = entries
    .slice(0, MOST_AIRCRAFT)
    .map(
      ([name, group]): TableRow => [
        name,
        grouped(group.windows),
        grouped(group.normal_to_anomaly),
        grouped(group.anomaly_to_normal),
        significant(group.spearman, 4),
        significant(group.difference.quantiles.p50!),
        significant(group.distance.ks),
        significant(group.workload.a.events_per_100_hours),
        significant(group.workload.b.events_per_100_hours),
      ],
    );
  const head = ["", "windows", "to anomaly", "to normal", "Spearman", "median B - A", "KS", "events/100 h A", "B"];
  const more = entries.length > MOST_AIRCRAFT ? [`  and ${entries.length - MOST_AIRCRAFT} more (--json)`] : [];
  return [title, ...tableLines([head, ...rows]), ...more];
}

function why({ differences, attribution, attribution_missing }: Comparison): string[] {
  if (differences.decisions === 0) return [];
  if (attribution === null)
    return [`Why decisions flipped: not attributed, ${printable(attribution_missing ?? "", 500)}`];
  const { attributed, flips, totals, taken_together, problems } = attribution;
  const rows = Object.entries(totals).map(
    ([part, total]): TableRow => [
      part,
      significant(total.flips, 4),
      percent(total.share, 1),
      significant(total.normal_to_anomaly, 4),
      significant(total.anomaly_to_normal, 4),
      grouped(total.alone),
    ],
  );
  return [
    `Why decisions flipped: ${grouped(attributed)} of ${counted(flips, "flip")} attributed`,
    ...(attributed > 0
      ? tableLines([["part", "flips", "share", "to anomaly", "to normal", "by it alone"], ...rows])
      : []),
    ...(isAnyBelow0(totals) ? ["  below 0: the part was, in sum, against these flips"] : []),
    ...restOfFlips(attribution),
    ...(taken_together === null ? [] : [`  ${printable(taken_together, 500)}, so they are swapped together`]),
    ...problems.map((problem) => `  ${printable(problem, 500)}`),
  ];
}

function isAnyBelow0(totals: Attribution["totals"]): boolean {
  const counts = Object.values(totals).flatMap((one) => [one.flips, one.normal_to_anomaly, one.anomaly_to_normal]);
  return counts.some((count) => count < 0);
}

function restOfFlips(attribution: Attribution): string[] {
  const rest: [number, string][] = [
    [attribution.flips_in_flights_left_out, "in flights left out (--attributed-flights)"],
    [attribution.flips_without_recording, "without a recording that can be read as it was"],
    [attribution.flips_not_reproduced, "that the bundles decide otherwise today than the results say"],
  ];
  return rest.filter(([count]) => count > 0).map(([count, words]) => `  not attributed: ${grouped(count)} ${words}`);
}

function telling(windows: TellingWindow[]): string[] {
  if (windows.length === 0) return [];
  const rows = windows
    .slice(0, MOST_TELLING)
    .map(
      ({ a, b, ...window }): TableRow => [
        window.aircraft_id,
        window.flight_id,
        window.window_id,
        a.flight_phase ?? b.flight_phase ?? "-",
        `${significant(a.anomaly_score)} of ${significant(a.threshold)}`,
        `${significant(b.anomaly_score)} of ${significant(b.threshold)}`,
        window.flip === null ? "" : window.flip.replaceAll("_", " "),
        window.shares === null ? "" : sharesInWords(window.shares),
      ],
    );
  const head = ["aircraft", "flight", "window", "phase", "A: score of threshold", "B", "flip", "made by"];
  return ["Most telling windows", ...tableLines([head, ...rows], [0, 1, 2, 3, 6, 7])];
}

function sharesInWords(shares: Record<string, number>): string {
  const parts = Object.entries(shares).filter(([, share]) => Math.abs(share) > 1e-9);
  return parts.map(([part, share]) => `${part} ${percent(share, 1).replace(".0%", "%")}`).join(", ");
}

function tellingFlights({ top_flights }: Comparison): string[] {
  if (top_flights.length === 0) return [];
  const rows = top_flights
    .slice(0, MOST_TELLING)
    .map(
      (flight): TableRow => [
        flight.aircraft_id,
        flight.flight_id,
        grouped(flight.windows),
        grouped(flight.normal_to_anomaly),
        grouped(flight.anomaly_to_normal),
        significant(flight.largest_ratio_change),
      ],
    );
  const head = ["aircraft", "flight", "windows", "to anomaly", "to normal", "largest change of score/threshold"];
  return ["Most telling flights", ...tableLines([head, ...rows], [0, 1])];
}
