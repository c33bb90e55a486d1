import { Fault } from "../faults/fault.ts";
import { QUALITY_CHECKS, type QualityCheck, type QualityFinding } from "./finding.ts";

/** Findings in the order of their checks. */
export function inOrder(findings: readonly QualityFinding[]): QualityFinding[] {
  return [...findings].sort((a, b) => QUALITY_CHECKS.indexOf(a.check) - QUALITY_CHECKS.indexOf(b.check));
}

/** A finding in a line. */
export function describeFinding({ check, signal, example }: QualityFinding): string {
  return `${check}${signal === null ? "" : ` (${signal})`}: ${example}`;
}

/** Refuses a file for findings of these checks. @throws Fault QUALITY_REFUSED, with each of them */
export function refuseFindings(
  path: string,
  findings: readonly QualityFinding[],
  strict: readonly QualityCheck[],
): void {
  const refused = findings.filter(({ check }) => strict.includes(check));
  if (refused.length === 0) return;
  const checks = [...new Set(refused.map(({ check }) => check))];
  throw new Fault({
    code: "QUALITY_REFUSED",
    path,
    found: `data with ${refused.length} finding${refused.length === 1 ? "" : "s"} of ${checks.join(", ")}`,
    expected: "none of these, since --strict asks for them",
    hint: "Repair the recording, or leave the checks out of --strict.",
    items: refused.map(describeFinding),
  });
}
