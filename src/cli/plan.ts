import { accessSync, constants, existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Fault } from "../faults/fault.ts";
import { isRemote } from "../io/storage/address.ts";
import { loadBundle } from "../model/load-bundle.ts";
import type { InputKind } from "../recording/recording.ts";
import { forecastRun } from "../run/forecast/forecast.ts";
import { settleOptions } from "../run/run-options.ts";
import type { VerifyLevel } from "../task/verify.ts";
import type { Terminal } from "./output.ts";
import { describeForecast, forecastFailures } from "./plan-text.ts";

/** The flags of `flightbatch plan`: those of `run` on which it depends what is to be done. */
export interface PlanFlags {
  model: string;
  data: string[];
  output?: string;
  workers?: number;
  batchSize?: number;
  filter?: string;
  inputKind?: InputKind;
  memoryLimit?: string;
  explain?: boolean;
  strict?: string[] | true;
  verify?: VerifyLevel;
  fresh?: boolean;
  verbose?: boolean;
  json?: boolean;
}

/**
 * Says what a run would do, and writes nothing. Exit code 0, or 1 if files will fail.
 * @throws Fault for what a run could not be begun with
 */
export async function planCommand(flags: PlanFlags, { out }: Terminal): Promise<number> {
  const { output, verbose, json, strict, ...options } = flags;
  // A place where nothing is, so that nothing of it is passed over or stands.
  const nowhere = join(tmpdir(), `flightbatch-plan-${process.pid}`, "results.parquet");
  const checks = strict === undefined ? {} : { strict: strict === true ? [] : strict };
  const settled = settleOptions({ ...options, ...checks, output: output ?? nowhere });
  const bundle = await loadBundle(settled.model);
  if (output !== undefined) checkPlace(output);
  const forecast = await forecastRun(bundle, settled, output ?? null);
  const failures = forecastFailures(forecast);
  out.write(
    json === true
      ? `${JSON.stringify({ ...forecast, failures }, null, 1)}\n`
      : describeForecast(forecast, { verbose: verbose === true }),
  );
  return failures.length > 0 ? 1 : 0;
}

/** What a run tries by writing is judged by permissions here. @throws Fault OUTPUT_UNWRITABLE */
function checkPlace(output: string): void {
  if (isRemote(output)) return;
  const isDataSet = output.endsWith("/");
  if (!isDataSet && existsSync(output) && statSync(output).isDirectory()) throw unwritable(output, "a folder");
  let folder = dirname(resolve(output));
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) throw unwritable(folder, "not a folder");
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(folder, `a folder that cannot be written (${(error as Error).message})`);
  }
}

function unwritable(path: string, found: string): Fault {
  return new Fault({
    code: "OUTPUT_UNWRITABLE",
    path,
    found,
    expected: "a place where the results can be written",
    hint: "Choose another --output, or ask for permission.",
  });
}
