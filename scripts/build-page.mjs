// Makes the script and the style that pages carry in themselves.
import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

await build({
  absWorkingDir: root,
  entryPoints: { page: "src/page/client/main.ts" },
  outdir: "dist/page/client",
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: "es2022",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  banner: {
    js: "/*! With Apache ECharts (Apache-2.0) and zrender (BSD-3-Clause) */",
  },
  logLevel: "warning",
});
await build({
  absWorkingDir: root,
  entryPoints: { page: "src/page/client/page.css" },
  outdir: "dist/page/client",
  minify: true,
  target: "es2022",
  logLevel: "warning",
});
// What the libraries in the bundle want to come with them.
for (const [from, to] of [
  ["echarts/LICENSE", "echarts-LICENSE"],
  ["echarts/NOTICE", "echarts-NOTICE"],
  ["zrender/LICENSE", "zrender-LICENSE"],
]) {
  copyFileSync(join(root, "node_modules", from), join(root, "dist/page/client", to));
}
