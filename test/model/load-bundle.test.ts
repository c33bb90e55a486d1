import { createHash } from "node:crypto";
import { appendFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { inspectBundle } from "../../src/model/inspect-bundle.ts";
import { loadBundle } from "../../src/model/load-bundle.ts";
import { type BundleParts, DETECTOR, MODELS, makeBundle, RECIPE, SCALER, THRESHOLDS } from "./make-bundle.ts";

const NAMED = "test/fixtures/bundles/scalers/joblib-named.pkl";

async function faultsOf(path: string): Promise<string[]> {
  const error = await loadBundle(path).catch((reason: unknown) => reason);
  if (!(error instanceof Fault)) throw new Error(`expected a fault, found ${error}`);
  expect(error.code).toBe("BUNDLE_INVALID");
  for (const item of error.detail.items ?? []) expect(error.message).toContain(item);
  return error.detail.items ?? [];
}

describe("loadBundle", () => {
  it.each([
    ["1.0.0", "signature.json", "preprocess.yaml", "StandardScaler", 0],
    ["1.1.0", "the built-in engine-vibration recipe", "the built-in engine-vibration recipe", "MinMaxScaler", 1],
    ["1.2.0", "signature.json", "preprocess.yaml", "StandardScaler", 0],
    ["2.0.0", "preprocess.yaml", "preprocess.yaml", "StandardScaler", 0],
    ["3.0.0", "preprocess.yaml", "preprocess.yaml", "MinMaxScaler", 0],
  ])("loads the engine-vibration detector %s", async (version, order, recipe, kind, warnings) => {
    const bundle = await loadBundle(join(DETECTOR, version));
    expect(bundle).toMatchObject({
      directory: resolve(DETECTOR, version),
      detector: "engine_vibration_detector",
      version,
      origins: { feature_order: order, recipe, thresholds: "thresholds.yaml" },
      scaler: { kind },
    });
    expect(bundle.featureOrder).toEqual(bundle.recipe.features.map((feature) => feature.name));
    expect(bundle.scaler.center).toHaveLength(bundle.model.width);
    expect(bundle.warnings).toHaveLength(warnings);
  });

  it("is plain data that survives being sent to another process", async () => {
    const bundle = await loadBundle(join(DETECTOR, "3.0.0"));
    expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
    expect(bundle.scaler.clip).toEqual([-2, 2]);
  });

  it("takes the order of the signature, and puts a dict's numbers into it", async () => {
    const signature = JSON.stringify({ feature_order: ["b", "a"] });
    const scaler = await readFile("test/fixtures/bundles/scalers/table.pkl");
    const bundle = await loadBundle(await makeBundle({ signature, scaler }));
    expect(bundle.featureOrder).toEqual(["b", "a"]);
    expect(bundle.scaler).toMatchObject({ kind: "dict", center: [70, 2], scale: [9, 1e12] });
    const turned = await loadBundle(await makeBundle({ scaler }));
    expect(turned.scaler).toMatchObject({ center: [2, 70], scale: [1e12, 9] });
  });

  it("reports all faults of a bundle at once", async () => {
    const faults = await faultsOf(
      await makeBundle({
        model: "other-outputs",
        scaler: await readFile("test/fixtures/scalers/hostile/os-system.pkl"),
        recipe: RECIPE.replace("op: rms", "op: median").replace("hop_s: 5", "hop_s: -5"),
        thresholds: null,
        signature: '{"feature_order": [1]}',
      }),
    );
    expect(faults).toEqual([
      expect.stringMatching(/^thresholds.yaml: is missing/),
      expect.stringMatching(/^model.onnx: has the outputs label .* expected anomaly_score or reconstruction/),
      expect.stringMatching(/^preprocess.yaml: window: hop_s is -5/),
      expect.stringMatching(/^preprocess.yaml: feature a: op is "median"/),
      expect.stringMatching(/^signature.json: feature_order is \[1\]/),
      expect.stringMatching(/^scaler.pkl: it refers to posix.system/),
    ]);
  });

  it.each<[string, BundleParts & { scaler?: string }, unknown[]]>([
    [
      "the order of the signature and the names of the recipe",
      { signature: '{"feature_order": ["a", "c"]}' },
      ["signature.json: feature_order and preprocess.yaml differ: only in it: c; only in preprocess.yaml: b"],
    ],
    [
      "the names of the scaler and the order of the signature",
      { signature: '{"feature_order": ["b", "a"]}', scaler: NAMED },
      [expect.stringMatching(/^scaler.pkl: feature_names_in_ is a, b, but signature.json has b, a/)],
    ],
    [
      "the width of the scaler, the model and the recipe",
      { scaler: JSON.stringify({ mean: [1, 2, 3], std: [1, 1, 1] }) },
      [
        "scaler.pkl: is of 3 features, but preprocess.yaml has 2",
        "scaler.pkl: is of 3 features, but model.onnx takes 2",
      ],
    ],
    [
      "the width of the model and the recipe",
      {
        recipe: `${RECIPE}  - {name: c, op: min, signal: vib}\n`,
        scaler: JSON.stringify({ mean: [1, 2, 3], std: [1, 1, 1] }),
      },
      [
        "scaler.pkl: is of 3 features, but model.onnx takes 2",
        "model.onnx: takes 2 features, but preprocess.yaml has 3",
      ],
    ],
    [
      "the built-in recipe and the width of the model",
      { recipe: null },
      ["preprocess.yaml: is missing; the built-in engine-vibration recipe makes 9 features, but model.onnx takes 2"],
    ],
    [
      "a dict and the features",
      { scaler: "test/fixtures/scalers/valid/dict_sklearn-1.9_numpy-2.4_p4.pkl" },
      [expect.stringMatching(/^scaler.pkl: its dict has no a, b, which the model takes; it has vib_fan_rms, /)],
    ],
  ])("names both sides of a contradiction between %s", async (_, { scaler, ...parts }, expected) => {
    const content = scaler?.endsWith(".pkl") ? await readFile(scaler) : (scaler ?? SCALER);
    expect(await faultsOf(await makeBundle({ ...parts, scaler: content }))).toEqual(expected);
  });

  it("accepts names of the scaler that agree", async () => {
    const bundle = await loadBundle(await makeBundle({ scaler: await readFile(NAMED) }));
    expect(bundle.featureOrder).toEqual(["a", "b"]);
  });

  it("warns of a signature that describes another input than the model's", async () => {
    const signature = JSON.stringify({ inputs: [{ name: "x", dtype: "float32", shape: [null, 3] }] });
    const bundle = await loadBundle(await makeBundle({ signature }));
    expect(bundle.warnings).toEqual([
      'signature.json: has the input "x" float32 [null,3], but model.onnx takes "features" of 2 features',
    ]);
  });

  it("counts a scale of 0 as 1, with a warning", async () => {
    const bundle = await loadBundle(await makeBundle({ scaler: JSON.stringify({ mean: [1, 2], std: [0, 4] }) }));
    expect(bundle.scaler.scale).toEqual([1, 4]);
    expect(bundle.warnings).toEqual(["scaler.pkl: scale is 0 for a; it counts as 1"]);
  });
});

describe("the path of a bundle", () => {
  it("may end in a slash or be relative", async () => {
    expect((await loadBundle(`${DETECTOR}/../engine_vibration_detector/1.0.0/`)).version).toBe("1.0.0");
  });

  it("names the versions there are when it is their folder, or a version that is not there", async () => {
    const versions = "1.0.0, 1.1.0, 1.2.0, 2.0.0, 3.0.0";
    expect(await faultsOf(DETECTOR)).toEqual([`the path: holds versions of a bundle; name one of them: ${versions}`]);
    expect(await faultsOf(join(DETECTOR, "9.9.9"))).toEqual([
      `the path: does not exist; engine_vibration_detector has ${versions}`,
    ]);
  });

  it("sorts versions by number", async () => {
    const directory = await makeBundle();
    for (const version of ["1.10.0", "1.9.0"])
      await cp(directory, join(dirname(directory), version), { recursive: true });
    expect((await faultsOf(dirname(directory)))[0]).toContain("1.0.0, 1.9.0, 1.10.0");
  });

  it("is refused when it does not exist or is a file", async () => {
    expect(await faultsOf("/no/such/place")).toEqual(["the path: does not exist"]);
    expect((await faultsOf(join(DETECTOR, "1.0.0", "model.onnx")))[0]).toMatch(/is a file; name the folder .*1\.0\.0$/);
  });

  it("is refused with every required file when the folder is empty", async () => {
    const directory = await makeBundle({ model: null, scaler: null, recipe: null, thresholds: null });
    expect(await faultsOf(directory)).toEqual([
      "model.onnx: is missing",
      "scaler.pkl: is missing",
      "thresholds.yaml: is missing",
    ]);
  });

  it("is refused when a file of it is a folder", async () => {
    const directory = await makeBundle({ thresholds: null });
    await mkdir(join(directory, "thresholds.yaml"));
    expect((await faultsOf(directory))[0]).toMatch(/^thresholds.yaml: cannot be read/);
    const other = await makeBundle({ recipe: null });
    await mkdir(join(other, "preprocess.yaml"));
    expect(await faultsOf(other)).toEqual([expect.stringMatching(/^preprocess.yaml: cannot be read/)]);
  });
});

describe("the digests of a bundle", () => {
  it("are the sha256 of its files, and change with any of them", async () => {
    const directory = await makeBundle();
    const before = (await loadBundle(directory)).digests;
    expect(before["scaler.pkl"]).toBe(createHash("sha256").update(SCALER).digest("hex"));
    expect(Object.keys(before)).toEqual([
      "model.onnx",
      "scaler.pkl",
      "thresholds.yaml",
      "preprocess.yaml",
      "recipe",
      "bundle",
    ]);
    await writeFile(join(directory, "thresholds.yaml"), `${THRESHOLDS}# reviewed\n`);
    const after = (await loadBundle(directory)).digests;
    expect(after["thresholds.yaml"]).not.toBe(before["thresholds.yaml"]);
    expect(after.bundle).not.toBe(before.bundle);
    expect(after.recipe).toBe(before.recipe);
  });

  it("tell two spellings of one recipe to be one", async () => {
    const block = "features: [{signal: vib, op: rms, name: a}, {name: b, op: peak, signal: vib, on_missing: impute}]\n";
    const other = `${block}signals: {vib: {columns: [vib], fill: none}}\nwindow: {hop_s: 5.0, length_s: 10, min_coverage: 0.95}\n`;
    const one = (await loadBundle(await makeBundle())).digests;
    const two = (await loadBundle(await makeBundle({ recipe: other }))).digests;
    expect(two.recipe).toBe(one.recipe);
    expect(two["preprocess.yaml"]).not.toBe(one["preprocess.yaml"]);
  });

  it("take in the weights that lie beside the model, and nothing else", async () => {
    const directory = await makeBundle({ model: "external-inside" });
    await cp(join(MODELS, "weights.bin"), join(directory, "weights.bin"));
    await writeFile(join(directory, "README.md"), "notes");
    const before = (await loadBundle(directory)).digests;
    expect(Object.keys(before)).toContain("weights.bin");
    expect(Object.keys(before)).not.toContain("README.md");
    await appendFile(join(directory, "weights.bin"), "more");
    expect((await loadBundle(directory)).digests.bundle).not.toBe(before.bundle);
  });
});

describe("inspectBundle", () => {
  it("tells what it understands of a bundle that cannot be run", async () => {
    const report = await inspectBundle(await makeBundle({ model: null, thresholds: "[]" }));
    expect(report.errors).toEqual(["model.onnx: is missing", "thresholds.yaml: the file is [], expected a map"]);
    expect(report).toMatchObject({
      model: null,
      thresholds: null,
      featureOrder: ["a", "b"],
      scaler: { center: [1, 2] },
    });
    expect(report.recipe?.features).toHaveLength(2);
  });
});
