import { describe, expect, it } from "vitest";
import { isRemote, joinPlace, nameOf, parseAddress, placeOf } from "../../../src/io/storage/address.ts";

describe("an address", () => {
  it("is told from a path", () => {
    expect(["s3://b/k", "S3://b/k", "s3:/b/k", "./s3://b/k", "/data"].map(isRemote)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("is taken apart, whatever its key holds", () => {
    expect(parseAddress("s3://my.bucket-1/a/b c+%20ü.parquet")).toEqual({
      bucket: "my.bucket-1",
      key: "a/b c+%20ü.parquet",
    });
    expect(parseAddress("s3://bucket")).toEqual({ bucket: "bucket", key: "" });
    expect(parseAddress("s3://bucket/a/../b//c")).toEqual({ bucket: "bucket", key: "a/../b//c" });
  });

  it.each(["s3://", "s3:///key", "s3://ab/key", "s3://-bucket/key", "s3://bu cket/key"])(
    "%s names no bucket",
    (address) => {
      expect(() => parseAddress(address)).toThrow(/no name of a bucket/);
    },
  );

  it.each(["s3://AKIAKEY:secret@bucket/key", "s3://bucket?secret=secret/key"])(
    "with a secret in it is not repeated",
    (address) => {
      expect(() => parseAddress(address)).toThrow(/perhaps a secret/);
      try {
        parseAddress(address);
      } catch (error) {
        expect(String(error)).not.toMatch(/AKIAKEY|secret=|:secret/);
      }
    },
  );

  it("is joined, and its folder and name told, as those of a path are", () => {
    expect(joinPlace("s3://bucket/a/", "b", "c.parquet")).toBe("s3://bucket/a/b/c.parquet");
    expect(joinPlace("/data/x", "b")).toBe("/data/x/b");
    expect(placeOf("s3://bucket/a/b.parquet")).toBe("s3://bucket/a");
    expect([placeOf("s3://bucket/b.parquet"), placeOf("s3://bucket"), placeOf("a/b")]).toEqual([
      "s3://bucket",
      "s3://bucket",
      "a",
    ]);
    expect([nameOf("s3://bucket/a/b.parquet"), nameOf("s3://bucket"), nameOf("a/b")]).toEqual(["b.parquet", "", "b"]);
  });
});
