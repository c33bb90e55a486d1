import { expect, it } from "vitest";
import { TREND_PERIODS } from "../../src/aggregate/options.ts";
import { dayName, PERIODS, periodName, periodNumber } from "../../src/aggregate/periods.ts";
import { query } from "../support/read-parquet.ts";

const NAMES = { day: "%Y-%m-%d", week: "%G-W%V", month: "%Y-%m" };

it.each(TREND_PERIODS)(
  "names every %s as the calendar of DuckDB does, and finds it by its name again",
  async (period) => {
    const rows = await query(`SELECT day, ${PERIODS[period]}::INTEGER AS number,
      strftime(DATE '1970-01-01' + day, '${NAMES[period]}') AS name FROM (SELECT range::INTEGER AS day FROM range(-2000, 30000, 3))`);
    for (const { day, number, name } of rows) {
      expect(periodName(period, Number(number)), dayName(Number(day))).toBe(name);
      expect(periodNumber(period, String(name))).toBe(number);
    }
  },
);
