import type { InferenceSession } from "onnxruntime-node";
import type { ModelFacts } from "./bundle.ts";
import { shown } from "./fields.ts";
import type { FileFindings } from "./findings.ts";

type Metadata = InferenceSession.ValueMetadata;
type TensorMetadata = InferenceSession.TensorValueMetadata;

const SCORE = "anomaly_score";
const RECONSTRUCTION = "reconstruction";

/** What a session says of its inputs and outputs, checked against the contract; null, with errors noted, if it is not kept. */
export function modelFacts(
  session: Pick<InferenceSession, "inputMetadata" | "outputMetadata">,
  findings: FileFindings,
): ModelFacts | null {
  const errorsBefore = findings.errorCount;
  const input = readInput(session.inputMetadata, findings);
  const outputs = session.outputMetadata;
  const score = outputs.find((output) => output.name === SCORE);
  const reconstruction = outputs.find((output) => output.name === RECONSTRUCTION);
  if (score === undefined && reconstruction === undefined) {
    findings.error(`has the outputs ${describePorts(outputs)}, expected ${SCORE} or ${RECONSTRUCTION}`);
  }
  if (input === null) return null;
  if (score !== undefined) checkOutput(score, { width: 1, fixedBatch: input.fixedBatch }, findings);
  if (reconstruction !== undefined) checkOutput(reconstruction, input, findings);
  if (findings.errorCount > errorsBefore) return null;
  return { ...input, scoreOutput: score?.name ?? null, reconstructionOutput: reconstruction?.name ?? null };
}

/** An input or output of the model. */
export interface ModelPort {
  name: string;
  dtype: string;
  /** A number, or the axis' name (perhaps empty) where it is dynamic. */
  shape: (number | string)[];
}

/** Inputs or outputs as plain data. */
export function modelPorts(ports: readonly Metadata[]): ModelPort[] {
  return ports.map((port) => ({
    name: port.name,
    dtype: port.isTensor ? port.type : "no tensor",
    shape: port.isTensor ? [...port.shape] : [],
  }));
}

/** Inputs or outputs in words: `score float32 [batch, 1], other int64 [3]`. */
export function describePorts(ports: readonly Metadata[]): string {
  return ports.map(describePort).join(", ") || "(none)";
}

function describePort(port: Metadata): string {
  return port.isTensor ? `${port.name} ${port.type} [${port.shape.join(", ")}]` : `${port.name} (no tensor)`;
}

function readInput(inputs: readonly Metadata[], findings: FileFindings): Axes | null {
  const expected = "one input float32 [batch, features]";
  const [input] = inputs;
  const isMatrix = inputs.length === 1 && input?.isTensor && input.type === "float32" && input.shape.length === 2;
  const [batch, width] = isMatrix ? input.shape : [];
  if (!isMatrix || batch === undefined || typeof width !== "number" || width < 1) {
    findings.error(`has the inputs ${describePorts(inputs)}, expected ${expected}, with a fixed number of features`);
    return null;
  }
  return { inputName: input.name, width, fixedBatch: typeof batch === "number" && batch > 0 ? batch : null };
}

type Axes = Pick<ModelFacts, "inputName" | "width" | "fixedBatch">;

/** An axis that the model leaves open may be anything; one that it fixes must fit. A score may lack its axis of 1. */
function checkOutput(
  output: Metadata,
  { width, fixedBatch }: Pick<Axes, "width" | "fixedBatch">,
  findings: FileFindings,
): void {
  const isFloat = output.isTensor && output.type === "float32";
  if (!isFloat || !shapeFits(output, [fixedBatch, width])) {
    const batch = fixedBatch ?? "batch";
    findings.error(
      `has the output ${describePort(output)}, expected ${shown(output.name)} float32 [${batch}, ${width}]`,
    );
  }
}

function shapeFits({ shape }: TensorMetadata, [batch, width]: [number | null, number]): boolean {
  if (shape.length === 0) return true;
  const [rows, columns = width === 1 ? 1 : undefined] = shape;
  const rowsFit = batch === null || typeof rows !== "number" || rows === batch;
  const columnsFit = typeof columns === "string" || columns === width;
  return shape.length <= 2 && rowsFit && columnsFit;
}
