import { parseDocument } from "yaml";
import type { FileFindings } from "./findings.ts";

/** Most characters of a YAML file of a bundle. */
const LONGEST_TEXT = 1 << 18;
/** Errors that are reported: one slip of the pen can make hundreds. */
const MOST_ERRORS = 5;

/**
 * The content of a YAML 1.2 file, or undefined with errors noted. Only maps, lists, text, numbers and booleans: a tag
 * of its own, a key given twice and aliases that multiply (more than 100) are errors.
 */
export function parseYaml(text: string, findings: FileFindings): unknown {
  if (text.length > LONGEST_TEXT) {
    findings.error(`has ${text.length} characters, more than ${LONGEST_TEXT}`);
    return undefined;
  }
  try {
    const document = parseDocument(text, {
      merge: true,
      prettyErrors: true,
      strict: true,
      uniqueKeys: true,
      logLevel: "error",
    });
    const problems = [...document.errors, ...document.warnings];
    for (const problem of problems.slice(0, MOST_ERRORS)) {
      findings.error(`is not plain YAML: ${firstLine(problem.message)}`);
    }
    return problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    findings.error(`is not plain YAML: ${firstLine(error instanceof Error ? error.message : String(error))}`);
    return undefined;
  }
}

/** The parser's message goes on with an excerpt of the file. */
function firstLine(message: string): string {
  return message.split("\n", 1)[0]!.replace(/:$/, "");
}
