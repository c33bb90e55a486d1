// Puts the programs together from their modules: to open and link a hundred small files takes a process longer than to run them. What is
// loaded only when it is needed stays in pieces of its own.
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// As deep in the tree as the modules are that look for files beside them.
const outdir = "dist/bundle";
/** Small, and needed by nearly every run; the other dependencies are native, large or seldom used, and stay where they are. */
const bundled = [
  ...["cli-progress", "commander", "hyparquet", "hyparquet-writer", "papaparse"],
  ...["picomatch", "pino", "workerpool", "yaml"],
];

const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
rmSync(join(root, outdir), { recursive: true, force: true });
// One at a time: pieces that two programs shared would be more and smaller.
for (const [name, entry] of [
  ["main", "src/cli/main.ts"],
  ["local-worker", "src/run/engines/local-worker.ts"],
]) {
  await build({
    absWorkingDir: root,
    entryPoints: { [name]: entry },
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: Object.keys(dependencies).filter((dependency) => !bundled.includes(dependency)),
    banner: {
      // For dependencies that are CommonJS.
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    legalComments: "none",
    logLevel: "warning",
  });
}
