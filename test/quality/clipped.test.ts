import { describe, expect, it } from "vitest";
import { find, names, noise, only, quantise, shaft, vibration } from "./flights.ts";

const wave = (limit: number, level = 2) => ({
  ...vibration(),
  at: (_: number, i: number) =>
    quantise(Math.min(limit, level + Math.sin(0.61 * i) + 0.3 * (noise(i, 1) + noise(i, 2) - 1)), 128),
});

describe("a clipped signal", () => {
  it("is cut off at a level that it reaches again and again", () => {
    const finding = only(find({ vib: wave(2.75), n1: shaft() }), "clipped");
    expect(finding).toMatchObject({ signal: "vib", worst: 2.75, seconds: null });
    expect(finding.count / 24_000).toBeGreaterThan(0.15);
    expect(finding.example).toMatch(/^\d+\.\d+% of the samples are exactly 2\.75, which none exceeds$/);
  });

  it("may be cut off from below", () => {
    const vib = { ...vibration({ range: [-10, 10] }), at: (_: number, i: number) => -wave(0.75, 0).at(0, i) };
    expect(only(find({ vib, n1: shaft() }), "clipped").worst).toBe(-0.75);
  });

  it("lies at the end of its range for a while, even once", () => {
    const egt = {
      spec: { range: [0, 1200] as [number, number] },
      at: (s: number, i: number) => Math.min(1200, 900 + 3 * Math.abs(s - 120) + noise(i)),
    };
    const [finding] = find({ n1: shaft(), egt }).filter(({ check }) => check === "clipped");
    expect(finding).toMatchObject({ signal: "egt", worst: 1200, count: 404 });
    expect(finding!.example).toBe("16.8333% of the samples are exactly 1200, an end of the range");
  });

  it.each([
    ["a wave with noise", wave(100)],
    [
      "a clean wave, which is at its crests for long",
      { ...vibration(), at: (_: number, i: number) => quantise(2 + Math.sin(0.61 * i), 64) },
    ],
    ["noise", vibration()],
    ["coarse noise", { ...vibration(), at: (_: number, i: number) => quantise(2 * noise(i) ** 3, 10) }],
    [
      "rare spikes from a rest",
      { ...vibration(), at: (_: number, i: number) => (noise(i) > 0.99 ? 1 + noise(i, 2) : 0.1) },
    ],
    ["zeros", { ...vibration(), at: (_: number, i: number) => Math.max(0, 2 * (noise(i) - 0.7)) }],
  ])("is not %s", (_, vib) => {
    expect(names(find({ vib, n1: shaft() }))).not.toContain("clipped vib");
  });

  it("is not one that a controller holds at its limit", () => {
    const n1 = { ...shaft(), at: (s: number, i: number) => (s > 60 && s < 80 ? 97.0625 : shaft(60).at(s, i)) };
    expect(names(find({ vib: vibration(), n1 }))).not.toContain("clipped n1");
  });
});
