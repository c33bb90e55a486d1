import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MakeFleetFlags, makeFleetCommand } from "../../src/cli/make-fleet.ts";

let folder: string;
let said: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "make-fleet-"));
  said = "";
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(flags: Partial<MakeFleetFlags> = {}): Promise<number> {
  const small = { output: folder, aircraft: "2", days: "1", minutes: "0.5" };
  return makeFleetCommand({ ...small, ...flags }, { write: (text) => (said += text) });
}

const recordings = async () => (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".parquet"));

describe("flightbatch make-fleet", () => {
  it("writes a recording per flight and says what is the matter with each aircraft", async () => {
    expect(await run()).toBe(0);
    expect(await recordings()).toHaveLength(2);
    expect(said).toContain("2 flights");
    expect(said).toMatch(/AC001 {2}healthy/);
    expect(said).toMatch(/AC002 {2}fan imbalance/);
  });

  it("makes the folder when there is none", async () => {
    expect(await run({ output: join(folder, "new", "fleet") })).toBe(0);
    expect(await recordings()).toHaveLength(2);
  });

  it("adds damaged files with --with-faulty, and names them", async () => {
    await run({ withFaulty: true });
    expect(await recordings()).toHaveLength(2 + 3);
    expect(said.match(/cannot be read/g)).toHaveLength(3);
  });

  it("warns that the example detector cannot do with 10 Hz", async () => {
    await run({ rate: "10" });
    expect(said).toContain("wants recordings of 100 Hz");
  });

  it("refuses a folder that is in use, and leaves it as it is", async () => {
    await writeFile(join(folder, "mine.txt"), "keep");
    await expect(run()).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE", detail: { path: folder } });
    expect(await readdir(folder)).toEqual(["mine.txt"]);
  });

  it("writes beside what is there with --force", async () => {
    await mkdir(join(folder, "mine"));
    expect(await run({ force: true })).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(["mine", "raw"]);
  });

  it("refuses an output that is a file", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(run({ output: file })).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
  });

  it("refuses flags that cannot be meant, all at once, before it writes", async () => {
    const wrong = run({ days: "many", aircraft: "", rate: "50" });
    await expect(wrong).rejects.toMatchObject({
      code: "USAGE",
      detail: { found: expect.stringMatching(/aircraft NaN.*days NaN.*rateHz 50/) },
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
