import { expect, it } from "vitest";
import { FileFindings } from "../../src/model/findings.ts";
import { parseThresholds } from "../../src/model/thresholds-file.ts";
import { roundestBetween } from "../../src/retune/roundest.ts";
import { editThresholds } from "../../src/retune/write-thresholds.ts";

function parsed(text: string) {
  const found = { errors: [], warnings: [] };
  const read = parseThresholds(text, new FileFindings("thresholds.yaml", found));
  expect(found).toEqual({ errors: [], warnings: [] });
  return read!;
}

const LEVELS = "severity_levels: {minor: {min: 3}, moderate: {min: 5}, severe: {min: 8}}";

it("changes the numbers that are proposed, and keeps comments and all else", () => {
  const text = `# ours\nreconstruction_error_threshold: {default: 3.5}\n${LEVELS}\nflight_phase_thresholds:\n  cruise: 3.4 # agreed\n  climb: 3\n`;
  const edited = editThresholds(text, { cruise: 4.25, taxi: 9, default: 6 });
  expect(edited).toContain("# ours");
  expect(edited).toContain("cruise: 4.25 # agreed");
  expect(parsed(edited).thresholds).toEqual({
    default: 6,
    byPhase: { cruise: 4.25, climb: 3, taxi: 9 },
    severity: { minor: 3, moderate: 5, severe: 8 },
  });
});

it.each(["", "flight_phase_thresholds:\n", "flight_phase_thresholds: null\n"])(
  "makes the part where it is absent: %j",
  (part) => {
    const edited = editThresholds(`reconstruction_error_threshold: {default: 3.5}\n${LEVELS}\n${part}`, { climb: 2 });
    expect(parsed(edited).thresholds).toMatchObject({ default: 3.5, byPhase: { climb: 2 } });
  },
);

it("changes nothing else where values stand for one another", () => {
  const scalars = `reconstruction_error_threshold: {default: &t 3}\nseverity_levels: {minor: {min: *t}, moderate: {min: 5}, severe: {min: 8}}\nflight_phase_thresholds: {cruise: *t, climb: *t}\n`;
  expect(parsed(editThresholds(scalars, { cruise: 7, default: 6 })).thresholds).toEqual({
    default: 6,
    byPhase: { cruise: 7, climb: 3 },
    severity: { minor: 3, moderate: 5, severe: 8 },
  });
  const maps = `common: &all {cruise: 3, climb: 4}\nreconstruction_error_threshold: {default: 3}\n${LEVELS}\nflight_phase_thresholds: *all\n`;
  expect(parsed(editThresholds(maps, { cruise: 7 })).thresholds.byPhase).toEqual({ cruise: 7, climb: 4 });
});

it.each([
  [3.4001, 3.4087, 3.408],
  [2, 3, 3],
  [0.00123, 0.00126, 0.00126],
  [-3, -1.5, -2],
  [0, 1e-12, 1e-12],
  [99.5, 101, 100],
])("takes the number with the fewest digits above %d and not above %d: %d", (low, high, expected) => {
  expect(roundestBetween(low, high)).toBe(expected);
});
