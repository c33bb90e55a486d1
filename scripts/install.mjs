// Installs what package-lock.json names and node_modules lacks. With nothing missing it needs no network and no time.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const OLDEST_NODE = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  fail(
    `Node ${process.versions.node} is running; flightbatch needs ${OLDEST_NODE} or newer. Install one and try again.`,
  );
}
const missing = missingPackages();
if (missing.length === 0) {
  process.stdout.write("install: nothing is missing\n");
} else {
  process.stdout.write(
    `install: npm ci, for what is missing: ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? `, ${missing.length - 3} more` : ""}\n`,
  );
  const status = npm(["ci", "--no-audit", "--no-fund"]);
  if (status !== 0) fail("npm ci failed (its message is above); it needs the network or a filled npm cache.", status);
}

// Dates of files say nothing after a clone or a copy, so the lock is compared with npm's own note of what it installed.
function missingPackages() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted)
    .filter(([path, { optional }]) => path !== "" && !optional)
    .filter(([path, { version }]) => installed[path]?.version !== version || !existsSync(join(root, path)))
    .map(([path]) => path.replace("node_modules/", ""));
}

function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : {};
}

function npm(args) {
  // Inside an npm script the npm that runs it is known; on Windows the plain command is a batch file.
  const own = process.env.npm_execpath?.match(/[\\/]npm(-cli)?\.c?js$/)?.input;
  const options = { cwd: root, stdio: "inherit", shell: own === undefined && process.platform === "win32" };
  const { status } = own ? spawnSync(process.execPath, [own, ...args], options) : spawnSync("npm", args, options);
  return status ?? 1;
}

function fail(message, status = 1) {
  process.stderr.write(`install: ${message}\n`);
  process.exit(status);
}
