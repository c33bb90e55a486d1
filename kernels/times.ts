/** What was seen of the steps between rows, as `scanSteps` leaves it: four numbers of 64 bits. */
const UNUSUAL: usize = 0;
const SMALLEST: usize = 8;
const LARGEST: usize = 16;

/**
 * Instants of 64 bits become nanoseconds since row `origin`, as `timesSince` of `src/recording/times.ts` does it: the same numbers, to the
 * last bit. What their steps are like is left at `seen`.
 */
export function timesSince(instants: usize, count: i32, origin: i32, unitNs: f64, times: usize, seen: usize): void {
  const low = load<u32>(instants + ((<usize>origin) << 3));
  const high = load<i32>(instants + ((<usize>origin) << 3), 4);
  let before = since(instants, low, high, unitNs);
  store<f64>(times, before);
  let usual = NaN;
  let unusual = 0;
  let smallest = Infinity;
  let largest: f64 = 0;
  for (let i = 1; i < count; i++) {
    const time = since(instants + ((<usize>i) << 3), low, high, unitNs);
    store<f64>(times + ((<usize>i) << 3), time);
    const step = time - before;
    before = time;
    if (step === usual) continue;
    if (i === 1) usual = step;
    else unusual++;
    smallest = min(smallest, step);
    largest = max(largest, step);
  }
  store<f64>(seen, unusual, UNUSUAL);
  store<f64>(seen, smallest, SMALLEST);
  store<f64>(seen, largest, LARGEST);
}

function since(instant: usize, low: u32, high: i32, unitNs: f64): f64 {
  const rise = <f64>load<i32>(instant, 4) - <f64>high;
  return (rise * 4294967296 + (<f64>load<u32>(instant) - <f64>low)) * unitNs;
}
