import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runBatch } from "../../dist/index.js";
import { writeFleet } from "../../src/fleet/write-fleet.ts";
import { query } from "../support/read-parquet.ts";
import { scratch } from "../support/run.ts";

describe("the sample fleet, scored with the example's model", () => {
  it("has a healthy aircraft that stays quiet, and faults that grow from day to day", async () => {
    const folder = scratch();
    await writeFleet({
      directory: join(folder, "fleet"),
      aircraft: 2,
      days: 5,
      flightSeconds: 600,
      withDamagedFiles: false,
    });
    const model = new URL("../../examples/engine_vibration_detector/1.0.0", import.meta.url).pathname;
    const { failures, output } = await runBatch({
      model,
      data: [join(folder, "fleet")],
      output: join(folder, "r.parquet"),
    });
    expect(failures).toEqual([]);
    const days = await query(
      `SELECT aircraft_id AS aircraft, avg(is_anomaly::INT) AS rate FROM '${output}' GROUP BY aircraft_id, "timestamp"::DATE ORDER BY aircraft_id, "timestamp"::DATE`,
    );
    const rates = (id: string) => days.filter(({ aircraft }) => aircraft === id).map(({ rate }) => rate as number);
    expect(Math.max(...rates("AC001"))).toBeLessThan(0.06);
    const worn = rates("AC002");
    expect(worn).toHaveLength(5);
    expect(worn).toEqual([...worn].sort((a, b) => a - b));
    expect(worn[4]! - worn[0]!).toBeGreaterThan(0.4);
  });
});
