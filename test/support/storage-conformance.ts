import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/faults/fault.ts";
import { joinPlace } from "../../src/io/storage/address.ts";
import { type Storage, storageOf } from "../../src/io/storage/storage.ts";
import { scratch } from "./run.ts";

/** Names that keys and files may have. */
const NAMES = [
  "plain.txt",
  "with blank + plus.txt",
  "ünï çødé-日本.txt",
  "per%20cent&amp;=.txt",
  "deep/er/still.txt",
  "'\"#?.txt",
];
/** More than a page of a listing. */
const MANY = 1050;

/** What every storage promises. `makeFolder` gives a new empty place of it. */
export function describeStorage(name: string, makeFolder: () => string): void {
  const place = async (): Promise<Place> => {
    const folder = makeFolder();
    return { folder, storage: await storageOf(folder), at: (name) => joinPlace(folder, name) };
  };
  describeWhole(name, place);
  describePieces(name, place);
  describeCreation(name, place);
  describeListing(name, place);
}

interface Place {
  folder: string;
  storage: Storage;
  at: (name: string) => string;
}

type MakePlace = () => Promise<Place>;

function describeWhole(name: string, place: MakePlace): void {
  describe(`${name}: what is written is there, whole`, () => {
    it.each(NAMES)("%s", async (own) => {
      const { folder, storage, at } = await place();
      const bytes = randomBytes(3000);
      if (own.includes("/")) await storage.upload(fileOf("x"), at(own));
      await storage.write(at(own), bytes);
      expect(Buffer.from(await storage.read(at(own)))).toEqual(bytes);
      expect(await storage.stat(at(own))).toMatchObject({ path: at(own), sizeBytes: 3000 });
      const [listed, ...others] = await listAll(storage, folder);
      expect(others).toEqual([]);
      expect(listed).toEqual(await storage.stat(at(own)));
      await storage.write(at(own), "shorter");
      expect(new TextDecoder().decode(await storage.read(at(own)))).toBe("shorter");
    });

    it("from a file of any size, to a file of any size", async () => {
      const { storage, at } = await place();
      for (const size of [0, 1, 17 * 2 ** 20 + 3]) {
        const file = join(scratch(), "up");
        writeFileSync(file, randomBytes(size));
        await storage.upload(file, at("large.bin"));
        expect((await storage.stat(at("large.bin")))?.sizeBytes).toBe(size);
        await storage.download(at("large.bin"), `${file}.down`);
        expect(readFileSync(`${file}.down`).equals(readFileSync(file))).toBe(true);
      }
    });
  });
}

function describePieces(name: string, place: MakePlace): void {
  describe(`${name}: pieces`, () => {
    it("are those that were asked for", async () => {
      const { storage, at } = await place();
      const bytes = randomBytes(1000);
      await storage.write(at("f"), bytes);
      for (const [start, end] of [
        [0, 1],
        [0, 1000],
        [999, 1000],
        [10, 500],
        [7, 7],
      ] as [number, number][])
        expect(Buffer.from(await storage.readRange(at("f"), { start, end }))).toEqual(bytes.subarray(start, end));
    });

    it("are never fewer bytes than asked for", async () => {
      const { storage, at } = await place();
      await storage.write(at("f"), "0123456789");
      expect(await codeOf(storage.readRange(at("f"), { start: 5, end: 20 }))).toMatch(/^FILE_(CORRUPT|UNREADABLE)$/);
    });
  });

  describe(`${name}: versions`, () => {
    it("tell that a file was changed, whatever its size", async () => {
      const { storage, at } = await place();
      await storage.write(at("f"), "first");
      const first = (await storage.stat(at("f")))!.version;
      expect(new TextDecoder().decode(await storage.read(at("f"), first))).toBe("first");
      // A disk tells the time of a change in steps of some milliseconds.
      await setTimeout(20);
      await storage.write(at("f"), "other");
      expect((await storage.stat(at("f")))!.version).not.toBe(first);
      expect(await codeOf(storage.read(at("f"), first))).toBe("FILE_CHANGED");
      expect(await codeOf(storage.readRange(at("f"), { start: 0, end: 2 }, first))).toBe("FILE_CHANGED");
    });
  });

  describe(`${name}: what is not there`, () => {
    it("is a fault to read, null to look at, and nothing to remove or list", async () => {
      const { folder, storage, at } = await place();
      expect(await codeOf(storage.read(at("none")))).toBe("FILE_MISSING");
      expect(await codeOf(storage.readRange(at("none"), { start: 0, end: 1 }))).toBe("FILE_MISSING");
      expect(await codeOf(storage.download(at("none"), join(scratch(), "x")))).toBe("FILE_MISSING");
      expect(await storage.stat(at("none"))).toBeNull();
      await storage.remove(at("none"));
      expect(await listAll(storage, joinPlace(folder, "none"))).toEqual([]);
      await storage.write(at("f"), "x");
      await storage.remove(at("f"));
      expect(await storage.stat(at("f"))).toBeNull();
    });
  });
}

function describeCreation(name: string, place: MakePlace): void {
  describe(`${name}: a file that must not be there yet`, () => {
    it("is made by exactly one of many", async () => {
      const { storage, at } = await place();
      for (let race = 0; race < 5; race++) {
        const won = await Promise.all([...Array(8).keys()].map((i) => storage.create(at(`race-${race}`), `by ${i}`)));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(new TextDecoder().decode(await storage.read(at(`race-${race}`)))).toBe(`by ${won.indexOf(true)}`);
      }
    });

    it("can be made again once it is gone", async () => {
      const { storage, at } = await place();
      expect(await storage.create(at("f"), "1")).toBe(true);
      expect(await storage.create(at("f"), "2")).toBe(false);
      await storage.remove(at("f"));
      expect(await storage.create(at("f"), "3")).toBe(true);
    });
  });
}

function describeListing(name: string, place: MakePlace): void {
  describe(`${name}: a listing`, () => {
    it("has all files of the folder, however many, and none beside it", async () => {
      const { folder, storage, at } = await place();
      const names = [...Array(MANY).keys()].map((i) => `f-${String(i).padStart(5, "0")}`);
      await storage.upload(fileOf("beside"), `${folder}-beside/f`);
      for (let i = 0; i < MANY; i += 50)
        await Promise.all(names.slice(i, i + 50).map((own) => storage.write(at(own), own)));
      const listed = await listAll(storage, folder);
      expect(listed.map(({ path }) => path).sort()).toEqual(names.map(at));
      expect((await listAll(storage, folder, "f-0000")).map(({ path }) => path).sort()).toEqual(
        names.slice(0, 10).map(at),
      );
    });
  });
}

async function listAll(storage: Storage, folder: string, start?: string) {
  const listed = [];
  for await (const one of storage.list(folder, start)) listed.push(one);
  return listed;
}

function fileOf(content: string): string {
  const file = join(scratch(), "file");
  writeFileSync(file, content);
  return file;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no fault",
    (error: Fault) => error.code,
  );
}
