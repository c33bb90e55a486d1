import type { Database, Row } from "../aggregate/database.ts";
import type { TrendPeriod } from "../aggregate/options.ts";
import { PERIODS, periodName } from "../aggregate/periods.ts";
import { sqlPath, sqlText } from "../results/duckdb.ts";
import { MOST } from "./caps.ts";
import type { Fleet, FleetCell } from "./model.ts";
import type { ReportSource } from "./source.ts";

/** Stands for the period of files of which nothing says when they were flown. */
const UNKNOWN_PERIOD = -1_000_000;

/** A date as names have it: `20251006`, `2025-10-06` or `2025_10_06`, as days since 1970. */
const DATE_IN = (text: string) =>
  `datediff('day', DATE '1970-01-01', TRY_CAST(regexp_replace(regexp_extract(${text},
    '(?:^|[^0-9])((?:19|20)[0-9]{2}[-_]?(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12][0-9]|3[01]))(?:[^0-9]|$)', 1),
    '^(....)[-_]?(..)[-_]?(..)$', '\\1-\\2-\\3') AS DATE))`;

/** What is asked for. */
interface HeatQuestion {
  source: ReportSource;
  /** Their ids, in the order of the rows. */
  aircraft: readonly string[];
  period: TrendPeriod;
}

/**
 * Windows and anomalies of aircraft by period, and what of them was not examined: flights and files without a scored window stand on the day of
 * their flight's name or file, under "no date" where that says none.
 */
export async function readHeatCells(
  db: Database,
  { source, aircraft, period }: HeatQuestion,
): Promise<Pick<Fleet, "periods" | "earlierPeriods" | "cells">> {
  const names = aircraft.map((id, i) => `(${i}, ${sqlText(id)})`).join(", ");
  await db.rows(`CREATE TEMP TABLE shown_aircraft (place INTEGER, aircraft_id VARCHAR)`);
  if (names !== "") await db.rows(`INSERT INTO shown_aircraft VALUES ${names}`);
  const scored =
    await db.rows(`SELECT place, ${PERIODS[period]} AS period, count(DISTINCT flight_id)::DOUBLE AS flights,
      sum(windows)::DOUBLE AS windows, sum(anomalies)::DOUBLE AS anomalies
    FROM cells JOIN shown_aircraft USING (aircraft_id) WHERE windows > 0 GROUP BY ALL`);
  const covered = source.coveragePath === null ? [] : await readCovered(db, source.coveragePath, period);
  await db.rows("DROP TABLE shown_aircraft");
  return arrange({ scored, covered, rows: aircraft.length, period });
}

async function readCovered(db: Database, coveragePath: string, period: TrendPeriod): Promise<Row[]> {
  const day = `coalesce(flown.day, ${DATE_IN("c.flight_id")}, ${DATE_IN(`regexp_extract(c.path, '[^/]*$')`)})`;
  return db.rows(`SELECT place, coalesce(${PERIODS[period]}, ${UNKNOWN_PERIOD})::INTEGER AS period,
      count_if(scored = 0)::DOUBLE AS unexamined, sum(recorded)::DOUBLE AS recorded, sum(lacking)::DOUBLE AS lacking
    FROM (SELECT place, ${day} AS day, coalesce(c.scored, 0) AS scored, c.recorded_seconds AS recorded, c.not_scored_seconds AS lacking
      FROM read_parquet([${sqlPath(coveragePath)}], hive_partitioning = false) c JOIN shown_aircraft USING (aircraft_id)
      LEFT JOIN (SELECT aircraft_id, flight_id, min(day) AS day FROM cells WHERE windows > 0 GROUP BY ALL) flown
        ON flown.aircraft_id = c.aircraft_id AND flown.flight_id = c.flight_id)
    GROUP BY ALL`);
}

interface Found {
  scored: Row[];
  covered: Row[];
  rows: number;
  period: TrendPeriod;
}

function arrange({ scored, covered, rows, period }: Found): Pick<Fleet, "periods" | "earlierPeriods" | "cells"> {
  const all = [...new Set([...scored, ...covered].map((row) => Number(row.period)))].sort((a, b) => a - b);
  const isUndated = all[0] === UNKNOWN_PERIOD;
  const dated = fillGaps(isUndated ? all.slice(1) : all);
  const shown = [...dated.slice(-MOST.heatColumns), ...(isUndated ? [UNKNOWN_PERIOD] : [])];
  const columns = new Map(shown.map((number, i) => [number, i]));
  const cells = Array.from({ length: rows }, () => new Array<FleetCell | null>(shown.length).fill(null));
  const cellAt = (row: Row): FleetCell | null => {
    const column = columns.get(Number(row.period));
    if (column === undefined) return null;
    const line = cells[Number(row.place)]!;
    line[column] ??= { flights: 0, windows: 0, anomalies: 0, unexamined: 0, notScored: null };
    return line[column]!;
  };
  for (const row of scored) {
    const { flights, windows, anomalies } = row;
    Object.assign(cellAt(row) ?? {}, { flights, windows, anomalies });
  }
  for (const row of covered) {
    const recorded = Number(row.recorded ?? 0);
    const notScored = recorded > 0 ? Number(row.lacking) / recorded : null;
    Object.assign(cellAt(row) ?? {}, { unexamined: Number(row.unexamined), notScored });
  }
  const periods = shown.map((number) => (number === UNKNOWN_PERIOD ? "no date" : periodName(period, number)));
  return { periods, earlierPeriods: Math.max(0, dated.length - MOST.heatColumns), cells };
}

/** A day on which nobody flew is a column, too: time runs evenly. Not beyond what is shown, though, where a wrong clock lies years off. */
function fillGaps(numbers: readonly number[]): number[] {
  if (numbers.length === 0) return [];
  const [first, last] = [numbers[0]!, numbers[numbers.length - 1]!];
  if (last - first > 2 * MOST.heatColumns) return [...numbers];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
