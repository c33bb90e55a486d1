/** The most of each that a page holds, whatever the fleet: what is beyond is counted and said. */
export const MOST = {
  /** Rows and columns of the heat map. */
  heatRows: 60,
  heatColumns: 62,
  /** Rows of the table of aircraft. */
  aircraft: 200,
  /** Lines of trends. */
  trends: 4,
  /** Rows of the table of events. */
  events: 100,
  /** Flights in depth. */
  flights: 6,
  /** Points of a flight's scores, and of each signal. */
  scorePoints: 800,
  signalPoints: 600,
  /** Signals that are drawn. */
  signals: 8,
  /** Bars of features. */
  features: 10,
  /** Events that are marked in a flight. */
  marks: 20,
  /** Failed files, and findings of quality, that are named. */
  failures: 50,
  findings: 50,
} as const;

/** Seconds of the signals that are shown before and after an event, and at most in all. */
export const AROUND_EVENT = { beforeSeconds: 60, afterSeconds: 60, mostSeconds: 900 } as const;

/** A list cut to the most that is shown, and what to say of the rest; null where there is none. */
export function capped<T>(
  all: readonly T[],
  most: number,
  rest: (more: number) => string,
): { shown: T[]; more: string | null } {
  return { shown: all.slice(0, most), more: all.length > most ? rest(all.length - most) : null };
}
