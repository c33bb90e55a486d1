import { mapLimited } from "../io/map-limited.ts";
import { findResults } from "./find-results.ts";
import { usage } from "./options.ts";
import { describeResultFile, type ResultFile } from "./result-file.ts";

/** Files whose beginnings are read at once. */
const FILES_AT_ONCE = 16;

/** The results that the arguments lead to, and how many other files were passed over. @throws Fault `USAGE` where there are none */
export async function listResults(input: readonly string[]): Promise<{ files: ResultFile[]; passedOver: number }> {
  const candidates = await findResults(input);
  const described = await mapLimited(candidates, FILES_AT_ONCE, describeResultFile);
  const files = described.filter((file) => file !== null);
  if (files.length > 0) return { files, passedOver: candidates.length - files.length };
  throw usage(input.join(" "), {
    found: candidates.length === 0 ? "no file of results" : `${candidates.length} files, none of them results`,
    expected: "results of flightbatch run: .parquet, .csv, .csv.gz, .jsonl or .json",
    hint: "Give the files that --output of the run named, or a folder or pattern of them.",
  });
}
