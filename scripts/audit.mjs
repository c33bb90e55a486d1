// Asks the package registry for known flaws in what is installed. One that does not answer this question is told of, and no failure.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { stdout } = spawnSync("npm", ["audit", "--json"], { cwd: root, encoding: "utf8", timeout: 120_000 });
const counts = answerOf(stdout)?.metadata?.vulnerabilities;

if (counts === undefined) {
  process.stdout.write("audit: the registry does not answer; nothing is known of flaws in the dependencies\n");
} else {
  const grave = counts.high + counts.critical;
  process.stdout.write(`audit: ${counts.total} known flaws in the dependencies, ${grave} of them high or critical\n`);
  process.exitCode = grave > 0 ? 1 : 0;
}

function answerOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
