import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../src/faults/fault.ts";
import { listInputs } from "../../src/io/list-inputs.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "inputs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function make(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), name);
  }
}

const at = (...names: string[]) => names.map((name) => join(root, name));

async function namesOf(data: string[], exclude: string[] = []): Promise<string[]> {
  return (await listInputs(data, exclude)).files.map(({ name }) => name);
}

async function faultOf(data: string[]): Promise<Fault> {
  const error = await listInputs(data).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe("a folder", () => {
  test("gives the files with a known ending in any case, from all below it", async () => {
    make("b.parquet", "a/b/c.CSV", "a.Csv.Gz", "x.txt", "parquet", "x.gz", "x.parquet.meta.json", "x.parquet.tmp");
    const { files, faults, warnings } = await listInputs([root]);
    expect(files.map(({ name, format }) => [name, format])).toEqual([
      ["a.Csv.Gz", "csv.gz"],
      ["a/b/c.CSV", "csv"],
      ["b.parquet", "parquet"],
    ]);
    expect(files[1]!.path).toBe(join(root, "a/b/c.CSV"));
    expect([faults, warnings]).toEqual([[], []]);
  });

  test("is in the order of the UTF-8 bytes of the whole paths", async () => {
    const names = [
      "a-b/x.csv",
      "a.csv",
      "a/x.csv",
      "a/é.csv",
      "a0.csv",
      "B.csv",
      "z.csv",
      "é.csv",
      "\uffee.csv",
      "\u{1f6e9}.csv",
      "10.csv",
      "9.csv",
    ];
    make(...names);
    const expected = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await namesOf([root])).toEqual(expected);
    expect(expected.indexOf("\uffee.csv")).toBeLessThan(expected.indexOf("\u{1f6e9}.csv"));
  });

  test("passes over hidden and underscored names, and folders of runs, only below itself", async () => {
    make(
      "_top/a.csv",
      "_top/_b.csv",
      "_top/.c.csv",
      "_top/_d/e.csv",
      "_top/.f/g.csv",
      "_top/x.run/windows.parquet",
      "_top/run/h.csv",
    );
    expect(await namesOf(at("_top"))).toEqual(["a.csv", "run/h.csv"]);
    expect(await namesOf(at("_top/_b.csv"))).toEqual(["_b.csv"]);
    expect(await namesOf([root])).toEqual([]);
  });

  test("may be empty", async () => {
    expect(await listInputs([root])).toEqual({ files: [], faults: [], warnings: [], lonelySidecars: [] });
  });

  test("takes a folder that is named like a file for a folder", async () => {
    make("day.parquet/part-0.parquet");
    expect(await namesOf([root])).toEqual(["day.parquet/part-0.parquet"]);
  });

  test("passes over the results that the run writes, and what else is excluded", async () => {
    make("a.csv", "out/results.parquet", "old/b.csv");
    symlinkSync(join(root, "out"), join(root, "link"));
    expect(await namesOf([root], [join(root, "link", "results.parquet"), ...at("old", "missing/new.parquet")])).toEqual(
      ["a.csv"],
    );
    expect(await namesOf(at("out/results.parquet"), at("out/results.parquet"))).toEqual([]);
  });

  test("keeps names with line breaks, quotes and blanks as they are", async () => {
    const names = ["a\nb.csv", 'it\'s "x".csv', " c .csv", "*.csv", "[d].csv"];
    make(...names);
    expect((await namesOf([root])).toSorted()).toEqual(names.toSorted());
    expect(await namesOf(at("[d].csv"))).toEqual(["[d].csv"]);
  });

  test("says which file has a name that is not UTF-8, and lists the others", async () => {
    make("a.csv");
    writeFileSync(Buffer.concat([Buffer.from(`${root}/b`), Buffer.from([0xff]), Buffer.from(".csv")]), "x");
    const { files, faults } = await listInputs([root]);
    expect(files.map(({ name }) => name)).toEqual(["a.csv"]);
    expect(faults.map(({ hint }) => hint)).toEqual(["Its name is not valid UTF-8: rename it."]);
  });

  test("describes its files in plain data", async () => {
    make("a.csv");
    utimesSync(join(root, "a.csv"), 1_759_644_000.25, 1_759_644_000.25);
    const { files } = await listInputs([root]);
    expect(JSON.parse(JSON.stringify(files))).toEqual([
      {
        path: join(root, "a.csv"),
        name: "a.csv",
        sizeBytes: 5,
        modifiedNs: "1759644000250000000",
        format: "csv",
        sidecarStamp: null,
      },
    ]);
  });

  test("passes over what is no plain file", async () => {
    make("a.csv");
    execFileSync("mkfifo", [join(root, "pipe.csv")]);
    expect(await namesOf([root])).toEqual(["a.csv"]);
    expect((await faultOf(at("pipe.csv"))).message).toContain("neither a file nor a folder");
  });
});

describe("several arguments", () => {
  test("are taken in turn, and a file that is reached twice counts where it is first reached", async () => {
    make("a/1.csv", "a/2.csv", "b/3.csv");
    expect(await namesOf(at("b", "a/2.csv", "a", "b/3.csv"))).toEqual(["3.csv", "2.csv", "1.csv"]);
    expect(await namesOf([root, `${root}/./b/../a`])).toEqual(["a/1.csv", "a/2.csv", "b/3.csv"]);
  });

  test("count hard links of one content as files of their own", async () => {
    make("a.csv");
    linkSync(join(root, "a.csv"), join(root, "b.csv"));
    expect(await namesOf([root])).toEqual(["a.csv", "b.csv"]);
  });

  test("keep the path as it is given", async () => {
    make("a/1.csv");
    const before = process.cwd();
    process.chdir(root);
    try {
      const paths = async (argument: string) => (await listInputs([argument])).files.map(({ path }) => path);
      expect(await paths(".")).toEqual(["a/1.csv"]);
      expect(await paths("a/")).toEqual(["a/1.csv"]);
      expect(await paths("./a")).toEqual(["./a/1.csv"]);
      expect(await paths("a/1.csv")).toEqual(["a/1.csv"]);
      expect(await paths("*/*.csv")).toEqual(["a/1.csv"]);
    } finally {
      process.chdir(before);
    }
  });
});

describe("symbolic links", () => {
  test("are followed to files and folders, each of which counts once", async () => {
    make("real/1.csv", "away/2.csv");
    mkdirSync(join(root, "in"));
    symlinkSync(join(root, "real/1.csv"), join(root, "in/b.csv"));
    symlinkSync(join(root, "real"), join(root, "in/c"));
    symlinkSync("../away", join(root, "in/d"));
    expect(await namesOf(at("in"))).toEqual(["b.csv", "d/2.csv"]);
  });

  test("that go round in circles end", async () => {
    make("a/1.csv", "b/2.csv");
    for (const [from, to] of [
      ["a/loop", "a"],
      ["a/b", "b"],
      ["b/a", "a"],
      ["b/root", "."],
    ] as const) {
      symlinkSync(join(root, to), join(root, from));
    }
    symlinkSync("self.csv", join(root, "self.csv"));
    expect(await namesOf([root])).toEqual(["a/1.csv", "a/b/2.csv"]);
    expect(await namesOf(at("*/*.csv"))).toEqual(["a/1.csv", "b/2.csv"]);
    expect((await namesOf(at("**/2.csv"))).length).toBe(1);
  });

  test("that lead nowhere are faults where they are named like inputs", async () => {
    make("a.csv");
    symlinkSync("gone.csv", join(root, "b.csv"));
    symlinkSync("gone", join(root, "c"));
    const { files, faults } = await listInputs([root]);
    expect(files).toHaveLength(1);
    expect(faults.map(({ code, path }) => [code, path])).toEqual([["FILE_MISSING", join(root, "b.csv")]]);
  });
});

describe("a pattern", () => {
  beforeEach(() =>
    make("2025-10/a.parquet", "2025-10/b.csv", "2025-11/a.parquet", "2025-11/deep/c.parquet", "x/y/z/d.csv"),
  );

  test.each([
    ["*/*.parquet", ["2025-10/a.parquet", "2025-11/a.parquet"]],
    ["**/*.parquet", ["2025-10/a.parquet", "2025-11/a.parquet", "2025-11/deep/c.parquet"]],
    ["2025-1?", ["2025-10/a.parquet", "2025-10/b.csv", "2025-11/a.parquet", "2025-11/deep/c.parquet"]],
    ["2025-*/", ["2025-10/a.parquet", "2025-10/b.csv", "2025-11/a.parquet", "2025-11/deep/c.parquet"]],
    ["2025-{10,12}/*", ["2025-10/a.parquet", "2025-10/b.csv"]],
    ["{2025-11/deep,x/y}/**", ["2025-11/deep/c.parquet", "x/y/z/d.csv"]],
    ["2025-1[01]/*.csv", ["2025-10/b.csv"]],
    ["x/*/z", ["y/z/d.csv"]],
    ["x/y/z/*", ["d.csv"]],
  ])("%s picks files, and folders with all below them", async (pattern, expected) => {
    expect(await namesOf([`${root}/${pattern}`])).toEqual(expected);
  });

  test("that matches nothing is a warning", async () => {
    const { files, warnings } = await listInputs([`${root}/*.csv`]);
    expect(files).toEqual([]);
    expect(warnings).toEqual([`${root}/*.csv: no file matches this pattern`]);
  });

  test("below a folder that does not exist is a mistake", async () => {
    expect((await faultOf([`${root}/gone/*.csv`])).code).toBe("USAGE");
  });
});

describe("an argument that cannot be meant", () => {
  test("does not exist: the nearest folder that does is named", async () => {
    make("a/1.csv");
    const fault = await faultOf([root, join(root, "a/b/c/2.csv")]);
    expect(fault.code).toBe("USAGE");
    expect(fault.detail.path).toBe(join(root, "a/b/c/2.csv"));
    expect(fault.message).toContain(`Check the spelling; ${join(root, "a")} is there.`);
  });

  test("lies below a file, or is too long for a name", async () => {
    make("a.csv");
    expect((await faultOf([join(root, "a.csv/b")])).code).toBe("USAGE");
    expect((await faultOf([join(root, "x".repeat(5000))])).code).toBe("USAGE");
    expect((await faultOf([""])).code).toBe("USAGE");
  });

  test("is a file with another ending", async () => {
    make("a.txt");
    expect((await faultOf(at("a.txt"))).message).toContain("Input files end in .parquet, .csv or .csv.gz");
  });

  test("is an address", async () => {
    expect((await faultOf(["gs://bucket/*.parquet"])).message).toContain("Files of this machine and objects");
  });
});

describe("a folder without permission", () => {
  // The superuser may read everything, so these tests give up that right for a moment.
  const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
    if (process.getuid?.() !== 0) return work();
    process.seteuid!(65_534);
    try {
      return await work();
    } finally {
      process.seteuid!(0);
    }
  };

  test("is a fault, and the rest goes on", async () => {
    make("a/1.csv", "b/2.csv", "c/3.csv");
    execFileSync("chmod", ["755", root]);
    execFileSync("chmod", ["000", join(root, "b")]);
    const { files, faults } = await asNobody(() => listInputs([root]));
    execFileSync("chmod", ["755", join(root, "b")]);
    expect(files.map(({ name }) => name)).toEqual(["a/1.csv", "c/3.csv"]);
    expect(faults.map(({ code, path }) => [code, path])).toEqual([["FILE_FORBIDDEN", join(root, "b")]]);
  });

  test("is an error where it is the argument", async () => {
    make("a/1.csv");
    execFileSync("chmod", ["755", root]);
    execFileSync("chmod", ["000", join(root, "a")]);
    const fault = await asNobody(() => faultOf(at("a")));
    execFileSync("chmod", ["755", join(root, "a")]);
    expect(fault.code).toBe("FILE_FORBIDDEN");
  });
});
