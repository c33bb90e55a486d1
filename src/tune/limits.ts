import type { FirstReading } from "./sample.ts";
import type { SettingResult } from "./setting.ts";

/** What a run waits for most. */
export type Limit = "disk" | "decode" | "compute" | "inference" | "write";

/** What limits, and what speaks for it. */
export interface LimitFound {
  limit: Limit;
  /** Bytes a second of the first reading, by one reader; null where next to nothing of it came from a device. */
  deviceBytesPerSecond: number | null;
  /** Bytes a second of input that the setting takes in. */
  wantedBytesPerSecond: number;
}

/** Of the first reading so much has to have come from a device to say anything of it. */
const FETCHED_SHARE = 0.5;

/** What limits a run with the setting. A disk that gives less than is wanted limits, whatever the workers do; else the costliest stage. */
export function findLimit({ shares, bytesPerSecond }: SettingResult, reading: FirstReading): LimitFound {
  const { bytes, seconds, deviceBytes } = reading;
  const isFetched = deviceBytes !== null && bytes > 0 && deviceBytes >= FETCHED_SHARE * bytes;
  const device = isFetched ? bytes / seconds : null;
  const found = { deviceBytesPerSecond: device, wantedBytesPerSecond: bytesPerSecond };
  if (device !== null && device < bytesPerSecond) return { limit: "disk", ...found };
  const byStage: [Limit, number][] = [
    ["disk", shares.read],
    ["decode", shares.decode],
    ["compute", shares.compute],
    ["inference", shares.infer],
    ["write", shares.write],
  ];
  const [limit] = byStage.reduce((most, one) => (one[1] > most[1] ? one : most));
  return { limit, ...found };
}
