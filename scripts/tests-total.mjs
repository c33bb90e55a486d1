/** Adds up what test runs report (`--reporter=json`), and says so in one line. */
import { readFileSync } from "node:fs";

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf8")));
const total = (key) => reports.reduce((sum, report) => sum + report[key], 0);
// A file that cannot be loaded has no tests to fail: it counts as one.
const failedFiles = reports
  .flatMap((report) => report.testResults)
  .filter((file) => file.status === "failed" && file.assertionResults.length === 0);
console.log(`${total("numPassedTests")} passed, ${total("numFailedTests") + failedFiles.length} failed`);
