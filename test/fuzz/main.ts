import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Corpus } from "./corpus.ts";
import { fuzz } from "./fuzz.ts";

/**
 * `npm run fuzz -- --variants 20000 --seed 1`: exit code 1 if anything was found. `--json` prints the report and nothing else.
 * `--write DIR` writes the damaged recordings there instead, to be looked at or to be scored by a run.
 */
const { values } = parseArgs({
  options: {
    variants: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    fixtures: { type: "string", default: "test/fixtures" },
    write: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const variants = Number(values.variants);
const fixtures = new URL(`${values.fixtures}/`, `file://${process.cwd()}/`).pathname;
if (values.write === undefined) await examineAll();
else writeRecordings(values.write);

async function examineAll(): Promise<void> {
  const report = await fuzz({
    fixtures,
    seed: Number(values.seed),
    variants,
    timeLimitMs: 30_000,
    memoryLimitBytes: 1.5 * 2 ** 30,
    progress: (done) => {
      if (!values.json && done % 1000 === 0) console.error(`${done} of ${variants}`);
    },
  });
  console.log(JSON.stringify(report, null, 1));
  process.exitCode = report.wrong.length > 0 ? 1 : 0;
}

function writeRecordings(folder: string): void {
  const corpus = new Corpus(fixtures, Number(values.seed));
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < variants; index++) {
    const { place, bytes } = corpus.variant(index);
    if (place.kind === "recording") writeFileSync(join(folder, `V${index}_20251012_060000${place.ending}`), bytes);
  }
}
