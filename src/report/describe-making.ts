import { timeText } from "../aggregate/page/looks.ts";
import { currentVersions } from "../io/versions.ts";
import { asObject, numberAt, textAt, valueAt } from "./json-file.ts";
import type { Making } from "./model.ts";
import type { ReportSource } from "./source.ts";
import { many } from "./words.ts";

/** How results and report were made. `commandLine`: that of the report. */
export function describeMaking({ run, file }: ReportSource, made: { at: Date; commandLine: string | null }): Making {
  const { flightbatch } = currentVersions();
  const facts = [
    ["Results", file.path],
    ["Model", file.model],
    ["Bundle", textAt(run, "bundle", "directory")],
    ["Digests of the bundle (sha256)", lines(valueAt(run, "bundle", "digests"))],
    ["Window", windowText(run)],
    ["Recordings", dataText(run)],
    ["Options", optionsText(run)],
    ["Run", runText(run)],
    ["Versions of the run", lines(valueAt(run, "versions"))],
    ["Certificate: digest of all rows", textAt(run, "certificate", "rows")],
    ["Certificate: digests of files (sha256)", lines(valueAt(run, "certificate", "files"))],
    ["Report", [`made ${made.at.toISOString()}`, `flightbatch ${flightbatch}`].join("\n")],
    ["Command of the report", made.commandLine],
  ].flatMap(([name, value]) => (value == null ? [] : [{ name: name!, value }]));
  return { facts, madeAt: made.at.toISOString(), flightbatch };
}

/** Names and texts of an object, a line each. */
function lines(value: unknown): string | null {
  const texts = Object.entries(asObject(value) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return texts.length === 0 ? null : texts.map(([name, text]) => `${name} ${text}`).join("\n");
}

function windowText(run: unknown): string | null {
  const [length, hop] = [numberAt(run, "window", "lengthSeconds"), numberAt(run, "window", "hopSeconds")];
  return length === null || hop === null ? null : `${length} s, a new one every ${hop} s`;
}

function dataText(run: unknown): string | null {
  const data = valueAt(run, "options", "data");
  const inputs = valueAt(run, "inputs");
  if (!Array.isArray(data)) return null;
  const count = Array.isArray(inputs) ? ` (${many(inputs.length, "file")})` : "";
  return `${data.map(String).join(", ")}${count}, from ${textAt(run, "workingDirectory") ?? "an unknown folder"}`;
}

const SHOWN_OPTIONS = ["workers", "batchSize", "filter", "inputKind", "explain", "strict", "verify", "cacheDirectory"];

function optionsText(run: unknown): string | null {
  const options = asObject(valueAt(run, "options"));
  if (options === null) return null;
  const shown = SHOWN_OPTIONS.filter((name) => Object.hasOwn(options, name) && options[name] !== null);
  return shown
    .map((name) => `${name} ${typeof options[name] === "string" ? options[name] : JSON.stringify(options[name])}`)
    .join("\n");
}

function runText(run: unknown): string | null {
  const [startedAt, elapsedMs] = [textAt(run, "startedAt"), numberAt(run, "elapsedMs")];
  return startedAt === null || elapsedMs === null ? null : `begun ${startedAt}, took ${timeText(elapsedMs / 1000)}`;
}
