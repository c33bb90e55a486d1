import { type Column, isValid, type NumberColumn } from "../../src/recording/column.ts";

/** What a column holds, as JSON can: numbers (null: missing, also NaN), nanoseconds as text for times, text, lists of numbers; "other". */
export function columnValues(column: Column): unknown {
  switch (column.kind) {
    case "number":
      return numbersOf(column);
    case "time":
      return Array.from({ length: column.halves.length / 2 }, (_, i) => {
        if (!isValid(column.validity, i)) return null;
        const ticks = new BigInt64Array(column.halves.slice(2 * i, 2 * i + 2).buffer)[0]!;
        return String(ticks * BigInt(column.unitNs));
      });
    case "text":
      return Array.from(column.codes, (code) => (code < 0 ? null : column.dictionary[code]!));
    case "list": {
      const items = numbersOf(column.items);
      return Array.from({ length: column.offsets.length - 1 }, (_, i) =>
        isValid(column.validity, i) ? items.slice(column.offsets[i], column.offsets[i + 1]) : null,
      );
    }
    case "other":
      return "other";
  }
}

function numbersOf({ values, validity }: NumberColumn): (number | string | null)[] {
  return Array.from(values, (value, i) => {
    if (!isValid(validity, i) || Number.isNaN(value)) return null;
    return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
  });
}
