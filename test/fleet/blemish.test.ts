import { describe, expect, it } from "vitest";
import { type Blemish, drawBlemish, withBlemish, withoutRows } from "../../src/fleet/blemish.ts";
import { simulateFlight } from "../../src/fleet/flight.ts";
import { createRandom } from "../../src/fleet/random.ts";

const SECONDS = 60;
const fly = () =>
  simulateFlight({ seconds: SECONDS, rateHz: 100, wear: { wear: "healthy", severity: 0 }, random: createRandom(2) });
const blemished = (blemish: Blemish) => withBlemish(fly(), blemish, createRandom(9));

describe("withBlemish", () => {
  it("takes seven seconds of rows out of a flight with a gap", () => {
    const { ticks, phase } = blemished("gap");
    expect(ticks).toHaveLength((SECONDS - 7) * 100);
    expect(phase).toHaveLength(ticks.length);
    const steps = [...ticks].slice(1).map((tick, k) => tick - ticks[k]!);
    expect(steps.filter((step) => step !== 1)).toEqual([701]);
  });

  it("leaves 6 s of N1 without samples, and no other signal", () => {
    const lost = blemished("lost_n1");
    const samples = (values: Float32Array) => values.filter((value) => !Number.isNaN(value)).length;
    expect(samples(lost.n1)).toBe((SECONDS - 6) * 10);
    expect(samples(lost.n2)).toBe(SECONDS * 10);
  });

  it("sticks N1 far outside its range for 4 s", () => {
    expect(blemished("stuck_n1").n1.filter((value) => value === -999)).toHaveLength(40);
  });
});

describe("withoutRows", () => {
  it("keeps the rows before and after, with their own values", () => {
    const whole = fly();
    const rest = withoutRows(whole, 1000, 1500);
    expect(rest.vibFan[999]).toBe(whole.vibFan[999]);
    expect(rest.vibFan[1000]).toBe(whole.vibFan[1500]);
    expect(rest.ticks[1000]).toBe(1500);
  });
});

describe("drawBlemish", () => {
  it("leaves most flights alone and has each blemish for some", () => {
    const random = createRandom(4);
    const drawn = Array.from({ length: 500 }, () => drawBlemish(random));
    const count = (blemish: Blemish | null) => drawn.filter((one) => one === blemish).length;
    expect(count(null)).toBeGreaterThan(300);
    for (const blemish of ["gap", "lost_n1", "stuck_n1"] as const) expect(count(blemish)).toBeGreaterThan(20);
  });
});
