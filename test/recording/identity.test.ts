import { describe, expect, test } from "vitest";
import { fileIdentity } from "../../src/recording/identity.ts";

function ids(path: string, sidecar: string | null = null) {
  const { aircraftId, flightId } = fileIdentity(path, sidecar);
  return [aircraftId, flightId];
}

describe("the identity of a file", () => {
  test.each([
    ["data/AC001_20251011_060000.parquet", "AC001", "AC001_20251011_060000"],
    ["AC001_20251011_060000.CSV.GZ", "AC001", "AC001_20251011_060000"],
    ["AC001_20251011_060000.csv", "AC001", "AC001_20251011_060000"],
    ["D-AIBL_x_20251011_060000.Parquet", "D-AIBL_x", "D-AIBL_x_20251011_060000"],
    ["a_20250101_000000_20251011_060000.csv", "a_20250101_000000", "a_20250101_000000_20251011_060000"],
    ["_20251011_060000.csv", "unknown", "_20251011_060000"],
    ["AC001_2025101_060000.csv", "unknown", "AC001_2025101_060000"],
    ["AC001_20251011_060000_b.csv", "unknown", "AC001_20251011_060000_b"],
    ["x.parquet.csv", "unknown", "x.parquet"],
    ["x.csv.gz.parquet", "unknown", "x.csv.gz"],
  ])("%s is named after %s", (path, aircraftId, flightId) => {
    expect(ids(path)).toEqual([aircraftId, flightId]);
  });

  test.each([
    ["d/aircraft_id=AC7/AC001_20251011_060000.parquet", "AC7", "AC001_20251011_060000"],
    ["aircraft_id=AC7/flight_id=F%20%231/x.csv", "AC7", "F #1"],
    ["aircraft_id=outer/aircraft_id=inner/x.csv", "outer", "x"],
    ["aircraft_id=%E9%A3%9B/x.csv", "飛", "x"],
    ["aircraft_id=100%/x.csv", "100%", "x"],
    ["aircraft_id=%zz%4/x.csv", "%zz%4", "x"],
    ["aircraft_id=a%FFb/x.csv", "a\ufffdb", "x"],
    ["aircraft_id=a+b=c/x.csv", "a+b=c", "x"],
    ["aircraft_id=/x.csv", "unknown", "x"],
    ["my_aircraft_id=A/x.csv", "unknown", "x"],
    ["d/aircraft_id=A.csv", "unknown", "aircraft_id=A"],
  ])("%s lies in a folder of %s", (path, aircraftId, flightId) => {
    expect(ids(path)).toEqual([aircraftId, flightId]);
  });

  const path = "aircraft_id=AC7/flight_id=F7/AC001_20251011_060000.parquet";

  test("is taken from the sidecar first, each id by itself", () => {
    expect(ids(path, '{"aircraft_id": "AC9", "flight_id": "F9"}')).toEqual(["AC9", "F9"]);
    expect(ids(path, '{"aircraft_id": "AC9"}')).toEqual(["AC9", "F7"]);
    expect(ids(path, '{"flight_id": "F9", "aircraft_id": ""}')).toEqual(["AC7", "F9"]);
    expect(ids(path, '{"flight_id": 0, "aircraft_id": null}')).toEqual(["AC7", "F7"]);
  });

  test("keeps numbers of the sidecar as they are written", () => {
    expect(ids(path, '{"aircraft_id": 12.0, "flight_id": 12345678901234567890}')).toEqual([
      "12.0",
      "12345678901234567890",
    ]);
    expect(ids(path, '{"aircraft_id": "1\\"2 3", "flight_id": -7, "n": [1, 2e5]}')).toEqual(['1"2 3', "-7"]);
  });

  test("is read although Python has written NaN beside it", () => {
    const found = fileIdentity(path, '{"mean": NaN, "low": -Infinity, "aircraft_id": "NaN", "flight_id": NaN}');
    expect(found.aircraftId).toBe("NaN");
    expect(found.flightId).toBe("F7");
    expect(found.warnings).toEqual([]);
  });

  test.each(["{ not json", "", "[]", '"AC9"', "null", "12", "\ufeff{}", `"${"\\".repeat(9)}`])(
    "warns of the sidecar %j",
    (text) => {
      const found = fileIdentity(path, text);
      expect([found.aircraftId, found.flightId]).toEqual(["AC7", "F7"]);
      expect(found.warnings).toEqual([`${path}.meta.json: not a JSON object, so nothing is taken from it`]);
    },
  );

  test("warns of an id that is neither text nor a number", () => {
    const found = fileIdentity(path, '{"aircraft_id": ["AC9"], "flight_id": true}');
    expect([found.aircraftId, found.flightId]).toEqual(["AC7", "F7"]);
    expect(found.warnings).toHaveLength(2);
  });

  test("is not changed by keys that name prototypes", () => {
    expect(
      ids("x.csv", '{"__proto__": {"aircraft_id": "evil"}, "constructor": {"prototype": {"flight_id": "evil"}}}'),
    ).toEqual(["unknown", "x"]);
    expect(({} as Record<string, unknown>).aircraft_id).toBeUndefined();
  });

  test("says where each id was found", () => {
    const origins = (file: string, sidecar: string | null) => fileIdentity(file, sidecar).origins;
    expect(origins(path, '{"aircraft_id": "AC9"}')).toEqual({ aircraftId: "sidecar", flightId: "folder" });
    expect(origins("AC001_20251011_060000.csv", null)).toEqual({ aircraftId: "name", flightId: "name" });
    expect(origins("x.csv", null)).toEqual({ aircraftId: "none", flightId: "name" });
  });

  test("is found in short time in a hostile sidecar", () => {
    const started = performance.now();
    for (const text of [
      `"${'\\"'.repeat(400_000)}`,
      `{"a": "${"x".repeat(900_000)}`,
      "[".repeat(900_000),
      "1".repeat(900_000),
    ]) {
      expect(fileIdentity("x.csv", text).warnings).toHaveLength(1);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
