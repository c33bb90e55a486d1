import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Damaged, damage, diceOf } from "./damage.ts";

/** Where a damaged file goes: a recording, what stands beside one, or a file of the bundle. */
export type Place = { kind: "recording"; ending: string } | { kind: "sidecar" } | { kind: "bundle"; file: string };

/** A sound file that is damaged, and where it belongs. */
interface Sound {
  name: string;
  form: string;
  place: Place;
  bytes: Uint8Array;
}

/** A damaged file. */
export interface Variant extends Damaged {
  index: number;
  name: string;
  form: string;
  place: Place;
}

const MODELS = "models/engine_vibration_detector";
/** Of ten variants so many are of this form: Parquet is what matters and what is most entangled. */
const SHARES = ["parquet", "parquet", "parquet", "parquet", "csv", "csv.gz", "pickle", "yaml", "json", "onnx"];

/** Damaged variants of the fixtures: the same for the same seed and index. */
export class Corpus {
  readonly #sound = new Map<string, Sound[]>();
  readonly #seed: number;

  constructor(fixtures: string, seed: number) {
    this.#seed = seed;
    for (const sound of [...recordings(fixtures), ...bundleFiles(fixtures)])
      this.#sound.set(sound.form, [...(this.#sound.get(sound.form) ?? []), sound]);
  }

  /** The variant of a number. */
  variant(index: number): Variant {
    const dice = diceOf(this.#seed * 1_000_003 + index);
    const sounds = this.#sound.get(SHARES[dice(SHARES.length)]!)!;
    const { name, form, place, bytes } = sounds[dice(sounds.length)]!;
    const other = sounds[dice(sounds.length)]!.bytes;
    return { index, name, form, place, ...damage(form, bytes, { dice, other }) };
  }
}

function recordings(fixtures: string): Sound[] {
  const files = [
    "parquet",
    "data/features",
    "data/interim/aircraft_id=AC001",
    "data/processed",
    "data/faulty/odd_but_valid",
  ]
    .flatMap((folder) => readdirSync(join(fixtures, folder)).map((name) => join(folder, name)))
    .concat("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet")
    .filter((name) => name.endsWith(".parquet"));
  const parquet = files.map((name) =>
    sound(fixtures, name, { form: "parquet", place: { kind: "recording", ending: ".parquet" } }),
  );
  const table = gunzipSync(readFileSync(join(fixtures, "data/csv/AC001_20251012_060000.csv.gz")));
  // A minute of it: more would only take longer.
  const text = new Uint8Array(Buffer.from(`${table.toString().split("\n").slice(0, 600).join("\n")}\n`));
  const sidecar = join("data/raw/engine_vibration/2025-10/AC001_20251012_060000.parquet.meta.json");
  return [
    ...parquet,
    { name: "minute.csv", form: "csv", place: { kind: "recording", ending: ".csv" }, bytes: text },
    {
      name: "minute.csv.gz",
      form: "csv.gz",
      place: { kind: "recording", ending: ".csv.gz" },
      bytes: new Uint8Array(gzipSync(text)),
    },
    sound(fixtures, sidecar, { form: "json", place: { kind: "sidecar" } }),
  ];
}

function bundleFiles(fixtures: string): Sound[] {
  const scalers = ["valid", "hostile"].flatMap((folder) =>
    readdirSync(join(fixtures, "scalers", folder))
      .filter((name) => name.endsWith(".pkl"))
      .map((name) => sound(fixtures, join("scalers", folder, name), { form: "pickle", place: inBundle("scaler.pkl") })),
  );
  const own = ["1.0.0", "3.0.0"].flatMap((version) => [
    sound(fixtures, `${MODELS}/${version}/preprocess.yaml`, { form: "yaml", place: inBundle("preprocess.yaml") }),
    sound(fixtures, `${MODELS}/${version}/thresholds.yaml`, { form: "yaml", place: inBundle("thresholds.yaml") }),
    sound(fixtures, `${MODELS}/${version}/model.onnx`, { form: "onnx", place: inBundle("model.onnx") }),
  ]);
  const signature = sound(fixtures, `${MODELS}/1.0.0/signature.json`, {
    form: "json",
    place: inBundle("signature.json"),
  });
  return [...scalers, ...own, signature];
}

function inBundle(file: string): Place {
  return { kind: "bundle", file };
}

function sound(fixtures: string, name: string, { form, place }: { form: string; place: Place }): Sound {
  return { name, form, place, bytes: new Uint8Array(readFileSync(join(fixtures, name))) };
}
