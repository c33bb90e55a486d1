import { cp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { meanSquaredErrors, openSession } from "../../src/model/session.ts";
import { DETECTOR, MODELS, makeBundle } from "./make-bundle.ts";

const ROWS = Float32Array.of(1, 2, 3, 4, -5, 6);

describe("openSession", () => {
  it.each([
    ["1.0.0", { width: 9, fixedBatch: null, scoreOutput: "anomaly_score", reconstructionOutput: "reconstruction" }],
    ["2.0.0", { width: 9, fixedBatch: null, scoreOutput: null, reconstructionOutput: "reconstruction" }],
    ["3.0.0", { width: 19, fixedBatch: 8, scoreOutput: "anomaly_score", reconstructionOutput: "reconstruction" }],
  ])("tells the facts of the detector %s", async (version, facts) => {
    const session = await openSession(join(DETECTOR, version));
    expect(session.facts).toEqual({ inputName: "input_features", ...facts });
    await session.close();
  });

  it("takes the score from anomaly_score, and fetches nothing else", async () => {
    const session = await openSession(await makeBundle({ model: "both" }));
    const { scores, reconstruction } = await session.run(ROWS, 3);
    expect(scores).toEqual(Float32Array.of(3, 7, 1));
    expect(reconstruction).toBeNull();
  });

  it("fetches the reconstruction beside the score when asked, with the same scores bit for bit", async () => {
    const directory = join(DETECTOR, "1.0.0");
    const plain = await openSession(directory);
    const both = await openSession(directory, { reconstruction: true });
    const rows = Float32Array.from({ length: 16 * 9 }, (_, i) => Math.sin(i * 12.9898) * 3);
    const output = await both.run(rows, 16);
    expect(output.reconstruction).toHaveLength(16 * 9);
    expect((await plain.run(rows, 16)).scores).toEqual(output.scores);
  });

  it("takes the mean squared error where there is only a reconstruction", async () => {
    const session = await openSession(await makeBundle({ model: "reconstruction" }));
    const { scores, reconstruction } = await session.run(ROWS, 3);
    expect(reconstruction).toEqual(Float32Array.of(0.5, 1, 1.5, 2, -2.5, 3));
    expect(scores).toEqual(Float32Array.of(0.625, 3.125, 7.625));
  });

  it("reads an array again that was filled anew, and as many rows as it is told", async () => {
    const session = await openSession(await makeBundle({ model: "score" }));
    const rows = Float32Array.from(ROWS);
    expect((await session.run(rows, 3)).scores).toEqual(Float32Array.of(3, 7, 1));
    rows.set([10, 20]);
    expect((await session.run(rows, 3)).scores).toEqual(Float32Array.of(30, 7, 1));
    expect((await session.run(rows, 1)).scores).toEqual(Float32Array.of(30));
  });

  it("runs a model of a fixed batch", async () => {
    const session = await openSession(await makeBundle({ model: "fixed-batch" }));
    expect(session.facts.fixedBatch).toBe(4);
    expect((await session.run(Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4), 4)).scores).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  it.each([
    [
      "other-outputs",
      /has the outputs label float32 \[batch, 1\], score_samples .* expected anomaly_score or reconstr/,
    ],
    ["two-inputs", /has the inputs features float32 \[batch, 2\], more float32 .* expected one input float32/],
    ["float64", /has the inputs features float64/],
    ["open-width", /has the inputs features float32 \[batch, features\].*fixed number of features/],
    ["narrow-reconstruction", /has the output reconstruction float32 \[batch, 1\], expected .* \[batch, 2\]/],
  ])("refuses the model %s", async (model, message) => {
    await expect(openSession(await makeBundle({ model }))).rejects.toThrow(message);
  });

  it("names a model that loads, and fails when it is called", async () => {
    const session = await openSession(await makeBundle({ model: "fails-when-called" }));
    await expect(session.run(ROWS, 3)).rejects.toMatchObject({
      code: "BUNDLE_INVALID",
      message: expect.stringMatching(/model\.onnx.*cannot be run .*Reshape/),
    });
    await session.close();
  });

  it("refuses a file that is no model", async () => {
    const directory = await makeBundle();
    await writeFile(join(directory, "model.onnx"), "# a model");
    await expect(openSession(directory)).rejects.toMatchObject({ code: "BUNDLE_INVALID" });
  });

  it("reads weights that lie beside the model", async () => {
    const directory = await makeBundle({ model: "external-inside" });
    await cp(join(MODELS, "weights.bin"), join(directory, "weights.bin"));
    expect((await (await openSession(directory)).run(ROWS, 3)).scores).toEqual(Float32Array.of(3, 7, 1));
  });

  it.each(["external-outside", "external-absolute"])("refuses weights that lie elsewhere: %s", async (model) => {
    const directory = await makeBundle({ model });
    await cp(join(MODELS, "weights.bin"), join(dirname(directory), "weights.bin"));
    await expect(openSession(directory)).rejects.toThrow(/cannot be loaded.*[Ee]xternal data/);
  });
});

describe("meanSquaredErrors", () => {
  it("sums in float64", () => {
    const rows = Float32Array.of(4096, 0.5, 0.5, 0.5);
    const exact = (4096 ** 2 + 3 * 0.25) / 4;
    expect(meanSquaredErrors(rows, new Float32Array(4), { count: 1, width: 4 })[0]).toBe(Math.fround(exact));
  });

  it("is not finite where the model gives no number", () => {
    const [first, second] = meanSquaredErrors(Float32Array.of(1, 2), Float32Array.of(Number.NaN, 2), {
      count: 2,
      width: 1,
    });
    expect([first, second]).toEqual([Number.NaN, 0]);
  });
});
