import { Fault } from "../../faults/fault.ts";
import { printable } from "../printable.ts";

/** The fault of a scaler file that is not read further, with what was found in it. */
export function refusal(found: string, cause?: unknown): Fault {
  return new Fault(
    {
      code: "BUNDLE_INVALID",
      found: printable(found, 300),
      expected: "a fitted scikit-learn scaler written by pickle or joblib",
      hint: "Save the scaler alone, with pickle.dump or joblib.dump.",
    },
    { cause },
  );
}
