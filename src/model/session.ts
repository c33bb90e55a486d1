import { join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { Fault } from "../faults/fault.ts";
import type { ModelFacts } from "./bundle.ts";
import { MODEL_FILE, withBundleFolder } from "./fetch-bundle.ts";
import { FileFindings, type Findings } from "./findings.ts";
import { type ModelPort, modelFacts, modelPorts } from "./model-facts.ts";
import { printable } from "./printable.ts";
import { loadRuntime } from "./runtime.ts";

/** How a session is opened. */
export interface SessionOptions {
  /** Fetch the reconstruction too, where the model has one beside its score. */
  reconstruction?: boolean;
  /** Digests by file name that a bundle of an object store must still have when it is fetched. */
  digests?: Record<string, string>;
}

/** What a call of the model gives. */
export interface ModelOutput {
  /** One score a row. */
  scores: Float32Array;
  /** Row-major `[count, width]`, or null where there is none or none was asked for. */
  reconstruction: Float32Array | null;
}

/** A warm model: one thread, one call at a time. */
export interface ModelSession {
  facts: ModelFacts;
  /**
   * Scores `count` rows of scaled input, row-major `[count, width]` at the start of `rows`. With a fixed batch, `count`
   * must be that. The array is read during the call only and may be used again for the next.
   */
  run(rows: Float32Array, count: number): Promise<ModelOutput>;
  close(): Promise<void>;
}

/** A loaded model: null facts if it breaks the contract, and no session either then. */
export interface OpenedModel {
  session: InferenceSession | null;
  facts: ModelFacts | null;
  inputs: ModelPort[];
  outputs: ModelPort[];
}

/** Opens the model of a bundle. Throws a `BUNDLE_INVALID` fault if it cannot be run. */
export async function openSession(directory: string, options: SessionOptions = {}): Promise<ModelSession> {
  const found: Findings = { errors: [], warnings: [] };
  const open = (folder: string) => openModel(folder, new FileFindings(MODEL_FILE, found));
  const { session, facts } = await withBundleFolder(directory, open, options.digests);
  if (session === null || facts === null) {
    throw new Fault({
      code: "BUNDLE_INVALID",
      path: directory,
      found: found.errors.join("; "),
      expected: "an ONNX model that takes float32 [batch, features]",
      hint: `Run \`flightbatch inspect ${directory}\` for all that is understood of it.`,
    });
  }
  return makeSession(session, facts, options);
}

/**
 * Loads the model and reads its facts; errors are noted, not thrown. It is loaded by its path: then ONNX Runtime finds
 * external data in the bundle, and itself refuses any outside it (absolute paths, `..`, links that lead out).
 */
export async function openModel(directory: string, findings: FileFindings): Promise<OpenedModel> {
  const { InferenceSession } = await loadRuntime();
  try {
    const session = await InferenceSession.create(join(directory, MODEL_FILE), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      logSeverityLevel: 3,
    });
    const facts = modelFacts(session, findings);
    if (facts === null) await session.release();
    const ports = { inputs: modelPorts(session.inputMetadata), outputs: modelPorts(session.outputMetadata) };
    return { session: facts === null ? null : session, facts, ...ports };
  } catch (error) {
    findings.error(`cannot be loaded: ${printable(error instanceof Error ? error.message : String(error), 300)}`);
    return { session: null, facts: null, inputs: [], outputs: [] };
  }
}

async function makeSession(
  session: InferenceSession,
  facts: ModelFacts,
  options: SessionOptions,
): Promise<ModelSession> {
  const { Tensor } = await loadRuntime();
  const { inputName, width, scoreOutput, reconstructionOutput } = facts;
  const needsReconstruction = scoreOutput === null || options.reconstruction === true;
  const fetches = [scoreOutput, needsReconstruction ? reconstructionOutput : null].filter((name) => name !== null);
  let feed: { rows: Float32Array; count: number; tensors: Record<string, Tensor> } | null = null;

  const run = async (rows: Float32Array, count: number): Promise<ModelOutput> => {
    // The tensor only points at `rows`: as long as the caller fills the same array, it serves again.
    if (feed === null || feed.rows !== rows || feed.count !== count) {
      const tensor = new Tensor("float32", rows.subarray(0, count * width), [count, width]);
      feed = { rows, count, tensors: { [inputName]: tensor } };
    }
    const outputs = await session.run(feed.tensors, fetches).catch((error: unknown) => Promise.reject(runFault(error)));
    const reconstruction = floatsOf(outputs, needsReconstruction ? reconstructionOutput : null);
    if (reconstruction !== null) expectLength(reconstruction, count * width);
    const scores = floatsOf(outputs, scoreOutput) ?? meanSquaredErrors(rows, reconstruction!, { count, width });
    expectLength(scores, count);
    return { scores, reconstruction };
  };
  return { facts, run, close: () => session.release() };
}

/** A model may load and yet contradict itself, which only a call shows. */
function runFault(error: unknown): Fault {
  return new Fault(
    {
      code: "BUNDLE_INVALID",
      path: MODEL_FILE,
      found: `a model that cannot be run (${printable(error instanceof Error ? error.message : String(error), 300)})`,
      expected: "a model that computes a batch of its inputs",
      hint: "Export the model again.",
    },
    { cause: error },
  );
}

function floatsOf(outputs: InferenceSession.OnnxValueMapType, name: string | null): Float32Array | null {
  return name === null ? null : (outputs[name]!.data as Float32Array);
}

/** The model may leave its shapes open: then only a call shows whether it keeps to them. */
function expectLength(values: Float32Array, length: number): void {
  if (values.length === length) return;
  throw new Fault({
    code: "BUNDLE_INVALID",
    path: MODEL_FILE,
    found: `an output has ${values.length} numbers`,
    expected: `${length}, one row for each row of the input`,
    hint: "Export the model so that its outputs are anomaly_score [batch, 1] or reconstruction [batch, features].",
  });
}

/** Mean over the features of the squared difference, summed in float64, as float32. One number a row. */
export function meanSquaredErrors(
  rows: Float32Array,
  reconstruction: Float32Array,
  { count, width }: { count: number; width: number },
): Float32Array {
  const errors = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const difference = rows[i]! - reconstruction[i]!;
      sum += difference * difference;
    }
    errors[row] = sum / width;
  }
  return errors;
}
