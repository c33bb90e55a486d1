import { createRequire } from "node:module";
import { cpus } from "node:os";

/** What a result depends on beside its inputs and its bundle. */
export interface Versions {
  flightbatch: string;
  node: string;
  onnxruntime: string;
  /** Scores are the same to the last bit on one build of ONNX Runtime and one family of processors. */
  cpu: string;
}

const require = createRequire(import.meta.url);

/** The versions that this process runs with. */
export function currentVersions(): Versions {
  return {
    flightbatch: versionIn("../../package.json"),
    node: process.versions.node,
    onnxruntime: versionIn("onnxruntime-node/package.json"),
    cpu: cpus()[0]?.model ?? "unknown",
  };
}

function versionIn(path: string): string {
  return (require(path) as { version: string }).version;
}
