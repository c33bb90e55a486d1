/** How a number is written: as it is, or as a share in percent. */
export interface NumberFormat {
  style: "number" | "percent";
  /** Decimals at most; default 2, of percent 1. */
  digits?: number;
  /** Stands after the number. */
  unit?: string;
}

/** A number in words: `12,345.67`, `3.2%`, `-` where there is none. What is not 0 never reads as 0, and what is not all not as 100%. */
export function formatNumber(
  value: number | null,
  { style, digits, unit }: NumberFormat = { style: "number" },
): string {
  if (value === null || !Number.isFinite(value)) return "-";
  const isPercent = style === "percent";
  const shown = isPercent ? 100 * value : value;
  const decimals = digits ?? (isPercent ? 1 : 2);
  const least = 10 ** -decimals;
  if (shown !== 0 && Math.abs(shown) < least / 2) {
    const bound = least.toFixed(decimals);
    return `${shown < 0 ? `over -${bound}` : `under ${bound}`}${endOf(isPercent, unit)}`;
  }
  const text = shown.toLocaleString("en-US", {
    maximumFractionDigits: decimals,
    minimumFractionDigits: isPercent ? decimals : 0,
  });
  if (isPercent && value < 1 && shown > 99 && Number(text) === 100) return `over ${(100 - least).toFixed(decimals)}%`;
  return `${text === "-0" ? "0" : text}${endOf(isPercent, unit)}`;
}

function endOf(isPercent: boolean, unit: string | undefined): string {
  return `${isPercent ? "%" : ""}${unit === undefined ? "" : ` ${unit}`}`;
}

/** An instant in UTC: `2025-10-06 14:03:05`, from milliseconds since 1970. */
export function formatInstant(epochMs: number): string {
  return Number.isFinite(epochMs) ? new Date(epochMs).toISOString().slice(0, 19).replace("T", " ") : "-";
}
