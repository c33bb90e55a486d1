import { existsSync, readFileSync } from "node:fs";

/** A JSON object of unknown making. */
export type JsonObject = Record<string, unknown>;

/** The object in a JSON file; null where there is no such file, or no object in it: a report is made of what there is. */
export function readJsonObject(path: string | null): JsonObject | null {
  if (path === null || !existsSync(path)) return null;
  try {
    return asObject(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** A value as an object, or null. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** What stands under these keys, one in the other; undefined where it ends before. */
export function valueAt(value: unknown, ...keys: string[]): unknown {
  let found = value;
  for (const key of keys) {
    const object = asObject(found);
    if (object === null || !Object.hasOwn(object, key)) return undefined;
    found = object[key];
  }
  return found;
}

/** A text under these keys, or null. */
export function textAt(value: unknown, ...keys: string[]): string | null {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : null;
}

/** A finite number under these keys, or null. */
export function numberAt(value: unknown, ...keys: string[]): number | null {
  const found = valueAt(value, ...keys);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}
