import { Fault } from "../faults/fault.ts";
import { usableCores } from "../io/usable-cores.ts";
import { printable } from "../model/printable.ts";
import { verifyResults } from "../verify/verify-results.ts";
import type { Terminal } from "./output.ts";
import { describeVerification } from "./verify-text.ts";

/** The flags of `flightbatch verify`. */
export interface VerifyFlags {
  sample: number;
  all?: boolean;
  seed?: number;
  model?: string;
  data?: string[];
  workers?: number;
  json?: boolean;
}

/**
 * Says whether an old result can be reproduced. Exit code 0 if all that was looked at is, 1 if not, or not all could be looked at.
 * @throws Fault for what cannot be begun
 */
export async function verifyCommand(results: string, flags: VerifyFlags, { out, err }: Terminal): Promise<number> {
  const { sample, all, seed, model, data, workers, json } = flags;
  const verification = await verifyResults(results, {
    sample: all === true ? null : atLeastOne("--sample", sample),
    seed: seed ?? Math.floor(Math.random() * 1e9),
    workers: atLeastOne("--workers", workers ?? usableCores()),
    model: model ?? null,
    data: data ?? null,
    onWarning: (message) => void err.write(`Warning: ${printable(message, 500)}\n`),
  });
  out.write(json === true ? `${JSON.stringify(verification, null, 1)}\n` : describeVerification(verification));
  return verification.reproduced ? 0 : 1;
}

function atLeastOne(flag: string, value: number): number {
  if (value >= 1) return value;
  const hint = "Leave the flag out for its default.";
  throw new Fault({ code: "USAGE", path: flag, found: String(value), expected: "a whole number from 1", hint });
}
