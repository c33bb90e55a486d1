import { existsSync } from "node:fs";
import { fileDigest } from "../io/file-digest.ts";
import { CERTIFIED_FILES, certifiedPath } from "../run/certificate.ts";
import type { RecordedRun } from "./read-run.ts";

/** A file of the run that is not as it was written. */
export interface DamagedFile {
  path: string;
  found: string;
}

/** Holds the files of a run against its certificate. */
export function damagedFiles(run: RecordedRun): DamagedFile[] {
  return CERTIFIED_FILES.flatMap((name): DamagedFile[] => {
    const path = certifiedPath(name, run);
    const written = run.report.certificate.files[name];
    if (written === undefined) return [];
    if (!existsSync(path)) return [{ path, found: "nothing there" }];
    const digest = fileDigest(path, "sha256");
    return digest === written ? [] : [{ path, found: `SHA-256 ${digest}, written as ${written}` }];
  });
}
