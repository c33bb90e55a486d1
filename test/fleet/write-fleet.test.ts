import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FleetFile, type WriteFleetOptions, writeFleet } from "../../src/fleet/write-fleet.ts";

const SMALL = { aircraft: 2, days: 2, flightSeconds: 40 } as const;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleet-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, options: Omit<WriteFleetOptions, "directory"> = SMALL): Promise<FleetFile[]> =>
  writeFleet({ ...options, directory: join(folder, name) });

/** What DuckDB, which shares no code with the writer, reads. */
async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowsJson() as unknown[][];
}

describe("writeFleet", () => {
  it("writes the same bytes again from the same options, and others from another seed", async () => {
    const digest = async (files: FleetFile[]) => {
      const hash = createHash("sha256");
      for (const file of files) hash.update(await readFile(file.path));
      return hash.digest("hex");
    };
    const first = await digest(await write("a"));
    expect(await digest(await write("b"))).toBe(first);
    expect(await digest(await write("c", { ...SMALL, seed: 2 }))).not.toBe(first);
  });

  it("gives the columns the types of a raw recording", async () => {
    const [file] = await write("types");
    const rows = await query(`select column_name, column_type from (describe select * from '${file!.path}')`);
    const float = (name: string) => [`engine_1_${name}`, "FLOAT"];
    expect(rows).toEqual([
      ["timestamp", "TIMESTAMP_NS"],
      ...["vib_fan_bearing", "vib_compressor_bearing", "vib_turbine_bearing"].map(float),
      ...["n1", "n2", "egt", "oil_pressure", "oil_temperature"].map(float),
      ["flight_phase", "UTINYINT"],
    ]);
  });

  it("keeps to the sampling rates, the clock and the steps of the recorder", async () => {
    const [file] = await write("rates", { ...SMALL, withBlemishes: false });
    const [row] = await query(`
      select count(*), count(engine_1_vib_fan_bearing), count(engine_1_n1), count(engine_1_oil_pressure), count(flight_phase),
        (epoch_ns(max(timestamp)) - epoch_ns(min(timestamp))), bool_and(engine_1_vib_fan_bearing * 128 = round(engine_1_vib_fan_bearing * 128)),
        bool_and(engine_1_n1 * 16 = round(engine_1_n1 * 16)), strftime(min(timestamp)::timestamp, '%Y%m%d_%H%M%S')
      from '${file!.path}'`);
    const stamp = /AC001_(\d{8}_\d{6})\.parquet$/.exec(file!.path)![1];
    expect(row).toEqual(["4000", "4000", "400", "40", "40", "39990000000", true, true, stamp]);
  });

  it("writes recordings at 10 Hz whose engine signals are in every row", async () => {
    const [file] = await write("slow", { ...SMALL, rateHz: 10, withBlemishes: false });
    const [row] = await query(`select count(*), count(engine_1_n1), count(flight_phase) from '${file!.path}'`);
    expect(row).toEqual(["400", "400", "40"]);
  });

  it("splits a long recording into row groups without losing a row", async () => {
    const [file] = await write("long", { aircraft: 1, days: 1, flightSeconds: 1300, withBlemishes: false });
    const groups = await query(
      `select distinct row_group_num_rows from parquet_metadata('${file!.path}') order by all`,
    );
    expect(groups).toEqual([["10000"], ["120000"]]);
    const [row] = await query(`select count(*), count(distinct timestamp), count(engine_1_egt) from '${file!.path}'`);
    expect(row).toEqual(["130000", "130000", "13000"]);
  });

  it("puts beside each recording what it holds and its digest", async () => {
    for (const file of await write("sidecar")) {
      const meta = JSON.parse(await readFile(`${file.path}.meta.json`, "utf8"));
      const bytes = await readFile(file.path);
      expect(meta).toEqual({
        aircraft_id: file.aircraftId,
        flight_id: file.flightId,
        data_contract_version: "1.0.0",
        record_count: file.rows,
        duration_seconds: SMALL.flightSeconds,
        file_size_bytes: bytes.length,
        checksums: { sha256: createHash("sha256").update(bytes).digest("hex") },
      });
    }
  });

  it("leaves a flight as it was when other flights have blemishes", async () => {
    const options = { aircraft: 4, days: 2, flightSeconds: 60 };
    const [rough, smooth] = [
      await write("rough", options),
      await write("smooth", { ...options, withBlemishes: false }),
    ];
    expect(rough.some((file) => file.blemish !== null)).toBe(true);
    for (const [k, file] of rough.entries()) {
      const same = (await readFile(file.path)).equals(await readFile(smooth[k]!.path));
      expect(same).toBe(file.blemish === null);
    }
  });

  it("adds damaged files only on demand, and none of them can be read", async () => {
    const files = await write("damaged", { ...SMALL, withDamagedFiles: true });
    const damaged = files.filter((file) => file.damage !== null);
    expect(files).toHaveLength(4 + 3);
    expect(damaged).toHaveLength(3);
    for (const file of damaged) await expect(query(`select * from read_parquet('${file.path}')`)).rejects.toThrow();
  });
});
