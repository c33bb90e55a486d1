import { describe, expect, it } from "vitest";
import { Progress } from "../../src/cli/progress.ts";

function recorder(isTTY: boolean) {
  let written = "";
  return { err: { isTTY, write: (text: string) => (written += text) }, text: () => written };
}

const FILE = { bytes: 500, windows: 40, anomalies: 1, failed: false };

describe("Progress", () => {
  it("writes no bar, and no line before its time, where there is no terminal", () => {
    const { err, text } = recorder(false);
    const progress = new Progress(err, { files: 2, bytes: 1000 });
    progress.advance(FILE);
    progress.end();
    expect(text()).toBe("");
  });

  it("says files, windows, rate and the time left in a line", () => {
    const { err, text } = recorder(false);
    const progress = new Progress(err, { files: 2, bytes: 1000 }, { lineEveryMs: 0 });
    progress.advance(FILE);
    expect(text()).toMatch(/^Processing: 1\/2 files, 40 windows, [\d,]+ windows\/s, \d\.\ds left\n$/);
    progress.advance(FILE);
    expect(text()).toMatch(/2\/2 files, 80 windows, [\d,]+ windows\/s, 0\.0s left\n$/);
  });
});
