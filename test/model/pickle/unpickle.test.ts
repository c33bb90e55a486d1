import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/faults/fault.ts";
import { unpickle } from "../../../src/model/pickle/unpickle.ts";
import { NumpyArray } from "../../../src/model/pickle/values.ts";
import { readScalerFile } from "../../../src/model/scaler-file.ts";

const VALID = "test/fixtures/scalers/valid";
const HOSTILE = "test/fixtures/scalers/hostile";
const REFUSED = "test/fixtures/bundles/refused";

/** What each file must be refused for. */
const REASONS: Record<string, RegExp> = {
  "billion-laughs.pkl": /39 unused values/,
  "deep-nesting.pkl": /nested more than 100 deep/,
  "empty.pkl": /is empty/,
  "endless-memo.pkl": /memo 255/,
  "eval.pkl": /builtins\.eval/,
  "getattr-chain.pkl": /builtins\.getattr/,
  "huge-length.pkl": /truncated: 46116860184273\d+ bytes announced/,
  "lzma-joblib.pkl": /xz-compressed/,
  "nested-in-dict.pkl": /posix\.system/,
  "not-a-pickle.pkl": /neither a pickle nor JSON: it begins with "mean: 1/,
  "os-system.pkl": /posix\.system/,
  "popen.pkl": /subprocess\.check_output/,
  "proto-key.pkl": /"__proto__"/,
  "stack-global.pkl": /posix\.system/,
  "truncated.pkl": /truncated/,
  "unknown-class.pkl": /some_module\.Surpris/,
  "zlib-bomb.pkl": /decompress to more than/,
  "bare-array.pkl": /a numpy array of shape \(4, 2\), not a scaler/,
  "joblib-bz2.pkl": /bz2-compressed/,
  "joblib-lzma.pkl": /lzma-compressed/,
  "joblib-xz.pkl": /xz-compressed/,
  "not-fitted.pkl": /never fitted/,
  "pipeline.pkl": /sklearn\.pipeline\.Pipeline/,
  "power-transformer.pkl": /sklearn\.preprocessing\._data\.PowerTransformer/,
};

function bytes(...parts: (string | number[] | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );
}

function faultOf(action: () => unknown): Fault {
  try {
    action();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a hostile file", () => {
  const files = [HOSTILE, REFUSED].flatMap((folder) => readdirSync(folder).map((name) => [name, folder] as const));

  it("is known by name to this test, each one of them", () => {
    expect(files.map(([name]) => name).sort()).toEqual(Object.keys(REASONS).sort());
  });

  it.each(files)("%s is refused within a second, with what was found, and without any effect", (name, folder) => {
    const file = readFileSync(join(folder, name));
    const memoryBefore = process.memoryUsage().rss;
    const begun = performance.now();
    const fault = faultOf(() => readScalerFile(file));
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(150e6);
    expect(fault.code).toBe("BUNDLE_INVALID");
    expect(fault.detail.found).toMatch(REASONS[name]!);
    expect(existsSync("PWNED")).toBe(false);
    expect("polluted" in {}).toBe(false);
  });
});

describe("unpickle", () => {
  it("keeps a key named __proto__ a key", () => {
    const value = unpickle(readFileSync(join(HOSTILE, "proto-key.pkl")));
    expect(value).toBeInstanceOf(Map);
    expect((value as Map<unknown, unknown>).get("__proto__")).toEqual(new Map([["polluted", true]]));
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("puts an array of Fortran order into row-major order", () => {
    const value = unpickle(readFileSync(join(REFUSED, "bare-array.pkl"))) as NumpyArray;
    expect(value).toBeInstanceOf(NumpyArray);
    expect(value.shape).toEqual([4, 2]);
    expect(value.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("reads text, numbers and constants of every protocol", () => {
    const textProtocol = bytes("(lp0\nI01\naI00\naI-12\naL123L\naF1.5e-3\naF-inf\naNaV\xe9\\u20ac\\u005c\na.");
    expect(unpickle(textProtocol)).toEqual([true, false, -12, 123, 0.0015, -Infinity, null, "é€\\"]);
    const binary = bytes(
      "\x80\x02](",
      "K\xff",
      "M\x34\x12",
      "J\xfe\xff\xff\xff",
      "\x8a\x02\x00\x80",
      "G?\xf8\0\0\0\0\0\0",
      "\x88e.",
    );
    expect(unpickle(binary)).toEqual([255, 0x1234, -2, -32768, 1.5, true]);
  });

  it.each([
    ["a persistent id", "Pthing\n."],
    ["a set", "\x80\x04\x8f."],
    ["keyword arguments", "\x80\x04cnumpy\nndarray\n)}\x92."],
    ["an extension code", "\x82\x01."],
    ["out-of-band buffer", "\x80\x05\x97."],
    ["Python 2 text", "S'os'\n."],
    ["protocol 6", "\x80\x06N."],
    ["os.system", "(Nios\nsystem\n."],
    ["old-style object of numpy.ndarray", "(inumpy\nndarray\n."],
    ["empty stack", "a."],
    ["never opened", "t."],
    ["never set", "h\x07."],
    ["calls numpy.ndarray", "cnumpy\nndarray\n)R."],
    ["an object of numpy.dtype", "cnumpy\ndtype\n)\x81."],
    ["a dict with a list of 0 as a key", "\x80\x02}]]s."],
    ["dtype V8", "\x80\x02cnumpy\ndtype\nX\x02\0\0\0V8\x85R."],
    ["truncated", "\x80\x02X\xff\xff\xff\x7fa."],
    ["an integer of 200 bytes", `\x80\x02\x8a\xc8${"\x01".repeat(200)}.`],
    ["in the middle of a line", "cnumpy\nndar"],
    ["numpy.dtype.__class__", "\x80\x04\x8c\x05numpy\x8c\x0fdtype.__class__\x93."],
    ["no pickle opcode", "N\xff."],
  ])("refuses %s by name", (name, content) => {
    expect(faultOf(() => unpickle(bytes(content))).detail.found).toContain(name);
    expect(existsSync("PWNED")).toBe(false);
  });

  it("takes the control characters out of what it names", () => {
    const { found } = faultOf(() => unpickle(bytes("c\x1b[2Jos\nsystem\x07\n."))).detail;
    expect(found).toContain("?[2Jos.system?");
    expect(found).not.toMatch(/\p{Cc}/u);
  });

  it("refuses bytes that are decoded again and again, before they fill the memory", () => {
    const array =
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntNtR(I1\n(I1000000\ntcnumpy\ndtype\n(X\x02\0\0\0b1tR";
    const megabyte = bytes("\x89B\x40\x42\x0f\0", new Uint8Array(1_000_000), "q\x00tb0");
    const again = bytes(array, "\x89h\x00tb0");
    const file = bytes("\x80\x03", array, megabyte, ...Array.from({ length: 200 }, () => again), "N.");
    expect(faultOf(() => unpickle(file)).detail.found).toMatch(/arrays take more than/);
  });

  it("refuses a pickle of more opcodes than a scaler can need", () => {
    const file = bytes("N", new Uint8Array(600_000).fill(0x85), ".");
    expect(faultOf(() => unpickle(file)).detail.found).toMatch(/more than 500000 opcodes/);
  });

  it("refuses an array whose shape claims more than its bytes", () => {
    const file = bytes(
      "\x80\x03cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntNtR",
      "(I1\n(I1000000000\nI1000000000\ntcnumpy\ndtype\n(X\x02\0\0\0f8tR\x89C\x08\0\0\0\0\0\0\xf0?tb.",
    );
    expect(faultOf(() => unpickle(file)).detail.found).toMatch(/shape \(1000000000, 1000000000\) with 1 elements/);
  });

  it("answers any damage to a sound file with a value or a fault, never with another error", () => {
    const names = readdirSync(VALID).filter((name) => /sklearn-1\.9.*(p0|p2|p4|p5|joblib|zlib)\.pkl$/.test(name));
    const files = names.map((name) => readFileSync(join(VALID, name)));
    expect(files.length).toBeGreaterThan(8);
    const damage = fc.record({
      file: fc.nat(files.length - 1),
      changes: fc.array(fc.record({ at: fc.nat(), to: fc.nat(255) }), { minLength: 1, maxLength: 6 }),
      cut: fc.option(fc.nat(), { freq: 4 }),
    });
    fc.assert(
      fc.property(damage, ({ file, changes, cut }) => {
        const damaged = Buffer.from(files[file]!);
        for (const { at, to } of changes) damaged[at % damaged.length] = to;
        try {
          readScalerFile(cut === null ? damaged : damaged.subarray(0, cut % damaged.length));
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 2000, seed: 11 },
    );
  });
});
