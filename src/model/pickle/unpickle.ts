import { Budget } from "./budget.ts";
import { ByteReader } from "./byte-reader.ts";
import { decompress } from "./decompress.ts";
import { PickleMachine } from "./machine.ts";
import { OPCODES } from "./opcodes.ts";
import { refusal } from "./refusal.ts";
import type { PickleValue } from "./values.ts";

/**
 * The value in a pickle or joblib file, protocols 0 to 5. Nothing in the file is ever executed: only numbers, text,
 * bytes, lists, dicts, numpy arrays and scikit-learn scalers (as plain records) can come out. Throws a `BUNDLE_INVALID`
 * fault that names whatever else is found. Bytes behind the pickle are not read, as in Python.
 */
export function unpickle(file: Uint8Array): PickleValue {
  const bytes = decompress(file);
  if (!OPCODES.has(bytes[0]!)) {
    const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
    throw refusal(`it is neither a pickle nor JSON: it begins with "${head}"`);
  }
  return new PickleMachine(new ByteReader(bytes), new Budget()).run();
}
