import { printable } from "../model/printable.ts";
import type { Verification } from "../verify/verify-results.ts";
import { counted, grouped } from "./words.ts";

/** Lines of a kind that are shown; `--json` has all. */
const SHOWN = 5;

/** What came of a verification, in words. */
export function describeVerification(verification: Verification): string {
  const { results, reproduced, certificate, damaged, versions, inputs, seed, files, rows, examples } = verification;
  const chosen = inputs.chosen < inputs.total ? `, chosen by --seed ${seed}` : "";
  const again = files.same + files.different.length;
  const lines = [
    `Certificate: rows ${certificate.rows}`,
    ...(damaged.length === 0 ? ["Files of the run: as they were written"] : []),
    ...some(damaged.map(({ path, found }) => `Damaged: ${path}: ${found}`)),
    ...versions.map(({ name, was, now }) => `Differs: ${name} ${now}, then ${was}`),
    ...(versions.length === 0 ? [] : ["So scores need only agree within rtol 1e-4 and atol 1e-5."]),
    `Inputs: ${grouped(again)} of ${grouped(inputs.total)} scored again${chosen}`,
    ...some(inputs.missing.map((note) => `Missing: ${note}`)),
    ...some(inputs.changed.map((note) => `Changed: ${note}`)),
    ...some(inputs.notes.map((note) => `Note: ${note}`)),
    `Rows: ${rowsInWords(rows, versions.length > 0)}`,
    ...some(files.different.map(differenceInWords)),
    ...examples.map(exampleInWords),
    ...wholeInWords(certificate),
    `${printable(results, 200)}: ${reproduced ? "reproduced" : reasonNot(verification)}`,
  ];
  return `${lines.map((line) => printable(line, 400)).join("\n")}\n`;
}

function rowsInWords(
  { equal, close, different, onlyInResults, onlyNow }: Verification["rows"],
  tolerant: boolean,
): string {
  return [
    `${grouped(equal)} the same bit for bit`,
    ...(tolerant ? [`${grouped(close)} within the tolerance`] : []),
    `${grouped(different)} different`,
    ...(onlyInResults > 0 ? [`${grouped(onlyInResults)} only in the results`] : []),
    ...(onlyNow > 0 ? [`${grouped(onlyNow)} not in the results`] : []),
  ].join(", ");
}

function differenceInWords({ path, rows, failure }: Verification["files"]["different"][number]): string {
  const outcome =
    failure.was === failure.now ? "" : `; failed then: ${failure.was ?? "no"}, now: ${failure.now ?? "no"}`;
  const count = rows.different + rows.onlyInResults + rows.onlyNow;
  return `  ${path}: ${counted(count, "row")} not the same${outcome}`;
}

function exampleInWords({ aircraftId, flightId, windowId, verdict, values }: Verification["examples"][number]): string {
  const name = `    window ${windowId} of ${flightId} of ${aircraftId}`;
  if (verdict === "onlyInResults") return `${name}: only in the results`;
  if (verdict === "onlyNow") return `${name}: not in the results`;
  const changes = Object.entries(values).map(([column, { was, now }]) => `${column} ${was} in the results, ${now} now`);
  return `${name}: ${changes.join("; ")}`;
}

function wholeInWords({ rows, found }: Verification["certificate"]): string[] {
  if (found === null) return [];
  return [
    found === rows
      ? "All rows together have the digest of the certificate"
      : `All rows together have another digest: ${found}`,
  ];
}

function reasonNot({ damaged, inputs, files }: Verification): string {
  const unread = inputs.missing.length + inputs.changed.length;
  const reasons = [
    ...(damaged.length > 0 ? ["files of the run are damaged"] : []),
    ...(files.different.length > 0 ? [`${counted(files.different.length, "file")} came out differently`] : []),
    ...(unread > 0 ? [`${counted(unread, "input")} could not be scored again`] : []),
  ];
  return `not reproduced: ${reasons.join(", ")}`;
}

function some(lines: readonly string[]): string[] {
  const rest = lines.length - SHOWN;
  return rest > 0 ? [...lines.slice(0, SHOWN), `  ... and ${grouped(rest)} more (--json)`] : [...lines];
}
