import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const STYLE = readFileSync("src/page/client/page.css", "utf8");

/** The two colours of a name: light and dark. */
function colours(name: string): [string, string] {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(STYLE);
  if (found === null) throw new Error(`no colour ${name}`);
  return [found[1]!, found[2]!];
}

/** Relative luminance by WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const TONES = ["good", "warning", "bad", "missing"];
const ON_CARD = ["text", "quiet", "link", "neutral", ...TONES, ...[0, 1, 2, 3, 4, 5].map((i) => `series-${i}`)];

describe.each(["light", "dark"])("%s", (mode) => {
  const of = (name: string) => colours(name)[mode === "light" ? 0 : 1];

  it.each(ON_CARD)("%s can be read on a card", (name) => {
    expect(contrast(of(name), of("card"))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(TONES)("text, quiet text and its own mark can be read on the card of %s", (name) => {
    for (const ink of ["text", "quiet", name])
      expect(contrast(of(ink), of(`${name}-card`)), ink).toBeGreaterThanOrEqual(4.5);
  });

  it.each([0, 1, 2, 3, 4, 5])("the value on step %i of a heat map can be read", (step) => {
    expect(contrast(of(`ink-${step}`), of(`heat-${step}`))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])("labels, lines and points can be seen on stretch %i", (band) => {
    expect(contrast(of("text"), of(`band-${band}`))).toBeGreaterThanOrEqual(4.5);
    for (const line of ["series-0", "neutral", "bad"])
      expect(contrast(of(line), of(`band-${band}`)), line).toBeGreaterThanOrEqual(3);
  });
});

it("goes from weak to strong in steps of brightness that can be told apart without colour", () => {
  for (const mode of [0, 1]) {
    const steps = [1, 2, 3, 4, 5].map((step) => luminance(colours(`heat-${step}`)[mode]!));
    const ordered = mode === 0 ? [...steps].reverse() : steps;
    for (const [i, value] of ordered.entries())
      if (i > 0) expect((value + 0.05) / (ordered[i - 1]! + 0.05)).toBeGreaterThan(1.25);
  }
});
