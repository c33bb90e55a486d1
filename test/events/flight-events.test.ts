import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnomalousWindow, EventRules, FlightEvent } from "../../src/events/event.ts";
import { eventId } from "../../src/events/event-id.ts";
import { eventsOfFlight } from "../../src/events/flight-events.ts";
import type { Severity } from "../../src/verdict/severity.ts";

const FLIGHT = { aircraftId: "AC001", flightId: "FL1", model: "engine/1.0.0" };
const S = 1_000_000_000n;

function rules(count: number | null, withinSeconds: number | null, cooldownSeconds: number | null): EventRules {
  return {
    featureContribution: {},
    confidence: {},
    persistence: { consecutiveAnomalies: count, withinSeconds, cooldownSeconds },
  };
}

/** Windows of 10 s that begin at these seconds; `place` is by a hop of 5 s. */
function windowsAt(...starts: number[]): AnomalousWindow[] {
  return starts.map((start) => windowAt(start));
}

function windowAt(start: number, more: Partial<AnomalousWindow> = {}): AnomalousWindow {
  const startNs = BigInt(Math.round(start * 1e3)) * 1_000_000n;
  return {
    windowId: `w${start}`,
    startNs,
    endNs: startNs + 10n * S,
    place: Math.round(start / 5),
    score: 4,
    threshold: 2,
    severity: 1,
    phase: "cruise",
    errors: null,
    ...more,
  };
}

function brief(events: FlightEvent[]): [number, number, string][] {
  return events.map(({ startTimeNs, endTimeNs, status }) => [Number(startTimeNs / S), Number(endTimeNs / S), status]);
}

describe("windows become candidates", () => {
  it("merges windows that overlap or touch, and no others", () => {
    const events = eventsOfFlight(FLIGHT, windowsAt(0, 5, 15, 25, 35.001));
    expect(brief(events)).toEqual([
      [0, 35, "raised"],
      [35, 45, "raised"],
    ]);
  });

  it("counts overlap once in the duration, and the windows between the anomalous ones", () => {
    const [event] = eventsOfFlight(FLIGHT, windowsAt(0, 5, 15));
    expect(event).toMatchObject({ durationSeconds: 25, windowCount: 4, anomalousWindowCount: 3 });
    expect(event!.windowIds).toEqual(["w0", "w15"]);
  });

  it("takes the peak of the highest score, the first of equal ones, with the ratio there", () => {
    const windows = [
      windowAt(0, { score: 5, threshold: 1, severity: 3, phase: "climb" }),
      windowAt(5, { score: 9, threshold: 3, phase: "climb" }),
      windowAt(10, { score: 9, threshold: 2, phase: "cruise" }),
      windowAt(15, { phase: "climb" }),
    ];
    const [event] = eventsOfFlight(FLIGHT, windows);
    expect(event).toMatchObject({ peakScore: 9, peakRatio: 3, peakTimeNs: 5n * S, severity: 3 });
    expect(event!.flightPhases).toEqual(["climb", "cruise", "climb"]);
  });

  it("gives no ratio to a threshold of 0, or to one that is not known", () => {
    const events = eventsOfFlight(FLIGHT, [windowAt(0, { threshold: 0 }), windowAt(60, { threshold: null })]);
    expect(events.map(({ peakRatio }) => peakRatio)).toEqual([null, null]);
  });

  it("makes nothing of no windows", () => {
    expect(eventsOfFlight(FLIGHT, [])).toEqual([]);
  });
});

describe("what the bundle says of features and scores", () => {
  const bundle: EventRules = {
    featureContribution: {
      fan: { high: 0.4, moderate: 0.2, interpretation: "fan vibration" },
      egt: { high: 0.4, moderate: 0.2, interpretation: "hot" },
      n1: { high: null, moderate: null, interpretation: "speed" },
    },
    confidence: { high: { min: 8, max: null }, medium: { min: 5, max: 8 }, low: { min: 3.5, max: 5 } },
    persistence: null,
  };
  const names = ["n1", "egt", "fan", "oil"];

  it("sums the squared errors of all windows, names the largest shares, and their level from its border on", () => {
    const windows = [
      windowAt(0, { errors: { names, values: [1, 1, 3, 0.5] } }),
      windowAt(5, { errors: { names, values: [1, 1, 2, 0.5] } }),
    ];
    expect(eventsOfFlight(FLIGHT, windows, bundle)[0]!.topFeatures).toEqual([
      { name: "fan", share: 0.5, level: "high", interpretation: "fan vibration" },
      { name: "n1", share: 0.2, level: null, interpretation: null },
      { name: "egt", share: 0.2, level: "moderate", interpretation: "hot" },
    ]);
  });

  it("names no feature where all errors are 0 or one is not finite", () => {
    const zero = eventsOfFlight(FLIGHT, [windowAt(0, { errors: { names, values: [0, 0, 0, 0] } })], bundle);
    const endless = eventsOfFlight(FLIGHT, [windowAt(0, { errors: { names, values: [Infinity, 0, 0, 0] } })], bundle);
    expect([zero[0]!.topFeatures, endless[0]!.topFeatures]).toEqual([[], []]);
  });

  it.each([
    [8, "high"],
    [7.99, "medium"],
    [5, "medium"],
    [3.5, "low"],
    [3.2, null],
  ])("gives a peak of %s the confidence %s", (score, level) => {
    expect(eventsOfFlight(FLIGHT, [windowAt(0, { score })], bundle)[0]!.confidence).toBe(level);
  });
});

describe("persistence", () => {
  it("raises from the needed number on, the time inclusive, and says the numbers", () => {
    const [raised] = eventsOfFlight(FLIGHT, windowsAt(0, 10, 20), rules(3, 20, null));
    const [suppressed] = eventsOfFlight(FLIGHT, windowsAt(0, 10, 20), rules(3, 19.9, null));
    expect([raised!.status, raised!.rule]).toEqual(["raised", "3 anomalies within 20 s"]);
    expect([suppressed!.status, suppressed!.rule]).toEqual([
      "suppressed",
      "persistence: 2 anomalies within 19.9 s, 3 needed",
    ]);
  });

  it("counts anomalies on both sides of a gap for each candidate that holds one of them", () => {
    const events = eventsOfFlight(FLIGHT, windowsAt(0, 15, 30, 80, 95), rules(3, 30, null));
    expect(brief(events)).toEqual([
      [0, 10, "raised"],
      [15, 25, "raised"],
      [30, 40, "raised"],
      [80, 90, "suppressed"],
      [95, 105, "suppressed"],
    ]);
  });

  it("counts windows of one start as one anomaly", () => {
    const [event] = eventsOfFlight(FLIGHT, windowsAt(0, 0, 5), rules(3, 30, null));
    expect([event!.status, event!.anomalousWindowCount]).toEqual(["suppressed", 3]);
  });

  it("looks at the candidate alone where no time is given", () => {
    const events = eventsOfFlight(FLIGHT, windowsAt(0, 5, 10, 30, 45), rules(3, null, null));
    expect(brief(events).map(([, , status]) => status)).toEqual(["raised", "suppressed", "suppressed"]);
    expect(events[0]!.rule).toBe("3 anomalies in a row");
  });
});

describe("cool-down", () => {
  it("suppresses what begins within it and ends by its end; at its end the next may begin", () => {
    const events = eventsOfFlight(FLIGHT, windowsAt(0, 299, 310), rules(null, null, 300));
    expect(brief(events)).toEqual([
      [0, 10, "raised"],
      [299, 309, "suppressed"],
      [310, 320, "raised"],
    ]);
    expect(events[1]!.rule).toBe(
      `cool-down: began 289 s after the end of event ${events[0]!.eventId}, cool-down 300 s`,
    );
  });

  it("is not begun anew by what was suppressed", () => {
    const events = eventsOfFlight(FLIGHT, windowsAt(0, 200, 400), rules(null, null, 300));
    expect(brief(events).map(([, , status]) => status)).toEqual(["raised", "suppressed", "raised"]);
  });

  it("does not hide what outlasts it", () => {
    const events = eventsOfFlight(FLIGHT, windowsAt(0, 295, 305), rules(null, null, 300));
    expect(brief(events)).toEqual([
      [0, 10, "raised"],
      [295, 315, "raised"],
    ]);
    expect(events[1]!.rule).toContain("outlasted");
  });
});

describe("the id of an event", () => {
  it("is of aircraft, flight and start alone", () => {
    const id = eventId("AC001", "FL1", 5n);
    expect(id).toBe("50164ada875e3645");
    const others = [eventId("AC002", "FL1", 5n), eventId("AC001", "FL2", 5n), eventId("AC001", "FL1", 6n)];
    expect(new Set([id, ...others]).size).toBe(4);
  });

  it("survives another end, score and model", () => {
    const [short] = eventsOfFlight(FLIGHT, windowsAt(0, 5));
    const [long] = eventsOfFlight({ ...FLIGHT, model: null }, [...windowsAt(0, 5), windowAt(10, { score: 99 })]);
    expect(long!.eventId).toBe(short!.eventId);
  });
});

/** The same by looking at all windows again for each question. */
function naively(starts: number[], lengthMs: number, { persistence }: EventRules): [number, number, string][] {
  const { consecutiveAnomalies, withinSeconds, cooldownSeconds } = persistence!;
  const candidates: number[][] = [];
  for (const start of starts) {
    const last = candidates.at(-1);
    if (last !== undefined && start <= last.at(-1)! + lengthMs) last.push(start);
    else candidates.push([start]);
  }
  let raisedEnd: number | null = null;
  return candidates.map((own) => {
    const distinct = [...new Set(withinSeconds === null ? own : starts)];
    const span = withinSeconds === null ? Infinity : withinSeconds * 1000;
    const isPersistent = distinct.some((first) => {
      const within = distinct.filter((start) => start >= first && start <= first + span);
      const needed = Math.max(1, consecutiveAnomalies ?? 1);
      // Any run of so many that begins here and holds one of the candidate's own.
      return within.length >= needed && within.slice(0, needed).some((start) => own.includes(start));
    });
    const [begin, end] = [own[0]!, own.at(-1)! + lengthMs];
    const cooled = raisedEnd === null ? -Infinity : raisedEnd + (cooldownSeconds ?? 0) * 1000;
    const isRaised = isPersistent && (begin >= cooled || end > cooled);
    if (isRaised) raisedEnd = end;
    return [begin, end, isRaised ? "raised" : "suppressed"];
  });
}

it("agrees with looking at all windows again for each question", () => {
  const anyRules = fc
    .tuple(
      fc.option(fc.integer({ min: 0, max: 5 })),
      fc.option(fc.integer({ min: 0, max: 40 })),
      fc.option(fc.integer({ min: 0, max: 60 })),
    )
    .map(([count, within, cooldown]) => rules(count, within, cooldown));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 120 })), anyRules, (seconds, anyRule) => {
      const starts = seconds.sort((a, b) => a - b).map((second) => second * 1000);
      const windows = starts.map((start) => windowAt(start / 1000, { severity: 1 as Severity }));
      const found = brief(eventsOfFlight(FLIGHT, windows, anyRule));
      expect(found).toEqual(naively(starts, 10_000, anyRule).map(([a, b, status]) => [a / 1000, b / 1000, status]));
    }),
    { numRuns: 500 },
  );
});
