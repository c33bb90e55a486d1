import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { detector, scratch } from "../support/run.ts";

describe("ONNX Runtime", () => {
  it("is told to report nothing, and leaves no trace in the user's home", () => {
    const home = scratch();
    const { ORT_DISABLE_TELEMETRY: _, CI: __, ...environment } = process.env;
    const bin = new URL("../../bin/flightbatch", import.meta.url).pathname;
    const answer = execFileSync(process.execPath, [bin, "inspect", detector("1.0.0")], {
      encoding: "utf8",
      env: { ...environment, HOME: home, XDG_CACHE_HOME: `${home}/cache` },
    });
    expect(answer).toMatch(/vib_fan_rms/);
    expect(readdirSync(home)).toEqual([]);
  });
});
