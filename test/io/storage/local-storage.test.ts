import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "../../support/run.ts";
import { describeStorage } from "../../support/storage-conformance.ts";

describeStorage("a disk", () => {
  const folder = join(scratch(), "place");
  mkdirSync(folder);
  return folder;
});
