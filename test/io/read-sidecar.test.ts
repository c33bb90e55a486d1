import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSidecar } from "../../src/io/read-sidecar.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sidecar-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function sidecarOf(name: string, content?: string | Uint8Array) {
  if (content !== undefined) writeFileSync(join(folder, `${name}.meta.json`), content);
  return readSidecar(join(folder, name));
}

describe("the sidecar of a file", () => {
  test("is its text, as it stands", async () => {
    expect(await sidecarOf("a.csv", '{"aircraft_id": "Ä"}')).toEqual({ text: '{"aircraft_id": "Ä"}', warning: null });
    expect(await sidecarOf("empty.csv", "")).toEqual({ text: "", warning: null });
  });

  test("may be missing", async () => {
    expect(await sidecarOf("none.csv")).toEqual({ text: null, warning: null });
  });

  test("is a warning where it is too large, no UTF-8 or no file", async () => {
    mkdirSync(join(folder, "dir.csv.meta.json"));
    const found = [
      await sidecarOf("large.csv", " ".repeat(1_000_001)),
      await sidecarOf("latin.csv", Uint8Array.of(0x7b, 0xc4, 0x7d)),
      await sidecarOf("dir.csv"),
    ];
    for (const { text, warning } of found) {
      expect(text).toBeNull();
      expect(warning).toContain(".csv.meta.json: ");
    }
  });
});
