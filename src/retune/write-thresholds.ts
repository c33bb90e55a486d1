import { isDeepStrictEqual } from "node:util";
import { parseDocument, stringify } from "yaml";
import { Fault } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";
import { type ReadThresholds, readThresholds } from "../model/read-thresholds.ts";

const PHASES = "flight_phase_thresholds";
const DEFAULT = "reconstruction_error_threshold";

/**
 * The text of a `thresholds.yaml` with other thresholds; all else in it stays, comments too. Where that cannot be, since values stand for one
 * another (aliases of YAML), it is written anew, with the same content.
 */
export function editThresholds(text: string, proposed: Readonly<Record<string, number>>): string {
  const wanted = withProposed(contentOf(text), proposed);
  const document = parseDocument(text, { merge: true });
  const { default: ofUnknown, ...byPhase } = proposed;
  try {
    if (ofUnknown !== undefined) document.setIn([DEFAULT, "default"], ofUnknown);
    if (document.get(PHASES) == null) document.set(PHASES, document.createNode({}));
    for (const [phase, threshold] of Object.entries(byPhase)) document.setIn([PHASES, phase], threshold);
    const edited = String(document);
    if (isDeepStrictEqual(contentOf(edited), wanted)) return edited;
  } catch {
    // An alias has no keys that could be set.
  }
  return stringify(wanted, { aliasDuplicateObjects: false });
}

type Content = Record<string, unknown>;

/** What is in a file that has been read as thresholds already. */
function contentOf(text: string): Content {
  return structuredClone(parseDocument(text, { merge: true }).toJS({ maxAliasCount: 100 }) as Content);
}

function withProposed(content: Content, { default: ofUnknown, ...byPhase }: Readonly<Record<string, number>>): Content {
  const phases = { ...(content[PHASES] as Content | null), ...byPhase };
  const fallback = { ...(content[DEFAULT] as Content), ...(ofUnknown === undefined ? {} : { default: ofUnknown }) };
  return { ...content, [DEFAULT]: fallback, [PHASES]: phases };
}

/** Writes the thresholds with those of a proposal, and reads them back as a bundle's would be. @throws Fault where they cannot be written */
export async function writeThresholds(
  path: string,
  { text }: Pick<ReadThresholds, "text">,
  proposed: Readonly<Record<string, number>>,
): Promise<ReadThresholds> {
  try {
    writeFileAtomic(path, editThresholds(text, proposed));
  } catch (error) {
    throw new Fault(
      {
        code: "OUTPUT_UNWRITABLE",
        path,
        found: error instanceof Error ? error.message : String(error),
        expected: "a file that can be written",
        hint: "Choose another --write, or make its folder.",
      },
      { cause: error },
    );
  }
  return readThresholds(path);
}
