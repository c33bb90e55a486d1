import { isMap, parseDocument } from "yaml";
import { Fault } from "../faults/fault.ts";
import { writeFileAtomic } from "../io/atomic-write.ts";

import { type ReadThresholds, readThresholds } from "../model/read-thresholds.ts";

const PHASES = "flight_phase_thresholds";

/** The text of a `thresholds.yaml` with other thresholds; all else in it stays, comments too. */
export function editThresholds(text: string, proposed: Readonly<Record<string, number>>): string {
  const { default: ofUnknown, ...byPhase } = proposed;
  const document = parseDocument(text, { merge: true });
  if (ofUnknown !== undefined) document.setIn(["reconstruction_error_threshold", "default"], ofUnknown);
  if (!isMap(document.get(PHASES))) document.set(PHASES, document.createNode({}));
  for (const [phase, threshold] of Object.entries(byPhase)) document.setIn([PHASES, phase], threshold);
  return String(document);
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
