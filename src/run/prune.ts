import { Fault } from "../faults/fault.ts";
import { type Filter, type FilterColumn, filterColumns } from "../filter/filter.ts";
import { exactly, type FilterFacts, filterMight, type TextFact } from "../filter/restrict-filter.ts";
import type { InputFile } from "../io/input-file.ts";
import { mapLimited } from "../io/map-limited.ts";
import type { ParquetFooter } from "../io/parquet-footer.ts";
import type { Sidecar } from "../io/read-sidecar.ts";
import { textColumnFacts, windowStartRange } from "../recording/footer-facts.ts";
import { type FileIdentity, fileIdentity } from "../recording/identity.ts";
import { describeText, describeTimes, ORIGIN_RULES } from "./prune-reason.ts";

/** Where the facts about a file come from. Rejections are faults of the file, for which it is kept. */
export interface FactReader {
  sidecar(file: InputFile): Promise<Sidecar>;
  footer(file: InputFile): Promise<ParquetFooter>;
  /** Column names of a CSV file. */
  header(file: InputFile): Promise<string[]>;
}

/** A file in which no window can match the filter. */
export interface PrunedFile {
  path: string;
  /** What decided, such as `aircraft_id of the file's name`; the same for many files. */
  rule: string;
  /** What it said, such as `aircraft_id of the file's name is AC002`. */
  reason: string;
}

/** The files to read, those that need not be, and how many of these by rule. */
export interface PrunedInputs {
  kept: InputFile[];
  pruned: PrunedFile[];
  countsByRule: Record<string, number>;
}

/** Files under way at once; their reads are short, and wait for the disk. */
const FILES_AT_ONCE = 16;

/**
 * Leaves out the files in which no window can match. A file is kept where that is not certain, and where it cannot be
 * read: it has to fail with its reason. Sidecars, footers and header lines are read only where the filter needs them.
 */
export async function pruneInputs(
  files: readonly InputFile[],
  filter: Filter,
  reader: FactReader,
): Promise<PrunedInputs> {
  const columns = new Set(filterColumns(filter));
  const result: PrunedInputs = { kept: [], pruned: [], countsByRule: {} };
  const verdicts = await mapLimited(files, FILES_AT_ONCE, (file) => judge(file, { filter, columns, reader }));
  for (const [i, file] of files.entries()) {
    const verdict = verdicts[i]!;
    if (verdict === null) {
      result.kept.push(file);
      continue;
    }
    result.pruned.push({ path: file.path, ...verdict });
    result.countsByRule[verdict.rule] = (result.countsByRule[verdict.rule] ?? 0) + 1;
  }
  return result;
}

interface Judgement {
  filter: Filter;
  columns: ReadonlySet<FilterColumn>;
  reader: FactReader;
}

/** What is known of a file, each fact with the words for it. */
interface FileFact {
  facts: FilterFacts;
  rule: string;
  says: string;
}

/** Why no window of the file can match, or null. */
async function judge(file: InputFile, judgement: Judgement): Promise<{ rule: string; reason: string } | null> {
  const { filter, columns, reader } = judgement;
  const asksTime = columns.has("timestamp") || columns.has("date");
  const asksIds = columns.has("aircraft_id") || columns.has("flight_id");
  const identity = fileIdentity(file.path, asksIds ? (await reader.sidecar(file)).text : null);
  // Where the file's identity does not rule it out, only times could: without them the file need not be opened.
  if (!asksTime && explain(filter, identityFacts(identity)) === null) return null;
  try {
    const facts =
      file.format === "parquet"
        ? parquetFacts(await reader.footer(file), identity, asksTime)
        : csvFacts(await reader.header(file), identity);
    return explain(filter, facts);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

const IDS = [
  ["aircraft_id", "aircraftId"],
  ["flight_id", "flightId"],
] as const;
type IdKey = (typeof IDS)[number][1];

function identityFacts(identity: FileIdentity): FileFact[] {
  return IDS.map(([, key]) => identityFact(identity, key));
}

function identityFact(identity: FileIdentity, key: IdKey): FileFact {
  const column = key === "aircraftId" ? "aircraft_id" : "flight_id";
  const facts = { [key]: exactly(identity[key]) };
  return { facts, rule: `${column} ${ORIGIN_RULES[identity.origins[key]]}`, says: `is ${identity[key]}` };
}

/** A row's own id goes before that of the file, so the file's decides only where there is no column, or nulls in it. */
function parquetFacts({ metadata }: ParquetFooter, identity: FileIdentity, asksTime: boolean): FileFact[] {
  const found: FileFact[] = [];
  for (const [column, key] of IDS) {
    const own = textColumnFacts(metadata, column);
    if (own.kind === "absent") found.push(identityFact(identity, key));
    if (own.kind !== "known") continue;
    const fact: TextFact = { values: own.mayBeMissing ? [identity[key]] : [], range: own.range };
    found.push({ facts: { [key]: fact }, rule: `${column} in the rows`, says: describeText(fact) });
  }
  const startNs = asksTime ? windowStartRange(metadata) : null;
  if (startNs !== null) found.push({ facts: { startNs }, rule: "times in the rows", says: describeTimes(startNs) });
  return found;
}

/** A CSV file has no statistics: a column of ids in it leaves everything open. */
function csvFacts(header: readonly string[], identity: FileIdentity): FileFact[] {
  const names = new Set(header);
  // Without a column of time this line is no header that we understand.
  if (!names.has("timestamp") && !names.has("timestamp_start")) return [];
  return IDS.filter(([column]) => !names.has(column)).map(([, key]) => identityFact(identity, key));
}

/** The one fact that rules the file out, else all together, or null if even these do not. */
function explain(filter: Filter, found: readonly FileFact[]): { rule: string; reason: string } | null {
  for (const { facts, rule, says } of found) {
    if (filterMight(filter, facts) === "none") return { rule, reason: `${rule} ${says}` };
  }
  const facts = Object.assign({}, ...found.map((one) => one.facts)) as FilterFacts;
  if (filterMight(filter, facts) !== "none") return null;
  return {
    rule: found.map(({ rule }) => rule).join(" and "),
    reason: found.map(({ rule, says }) => `${rule} ${says}`).join(" and "),
  };
}
