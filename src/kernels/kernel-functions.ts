/** What the kernels export (`kernels/*.ts`, compiled to WebAssembly). Addresses and lengths are bytes of their memory unless said otherwise. */
export interface KernelFunctions {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  /** Where free memory begins. */
  heapBase(): number;
  /** Unpacks a block of Snappy into exactly `size` bytes; 0 where it is damaged. */
  unpackSnappy(source: number, length: number, target: number, size: number): number;
  /** Levels of one bit become bits of a zeroed bitmap from bit `bit` on; how many are 1, -1 where they are damaged. */
  readBits(source: number, end: number, count: number, bitmap: number, bit: number): number;
  /** Indices of `width` bits become the values of a dictionary of `size`; 0, or -1 where they are damaged. */
  lookUp32(...indices: LookUp): number;
  lookUp64(...indices: LookUp): number;
  /** Moves `present` values to the places of the bits that are 1, among `count`. */
  spread32(values: number, bitmap: number, count: number, present: number): void;
  spread64(values: number, bitmap: number, count: number, present: number): void;
  /** Instants of 64 bits become nanoseconds since row `origin`; at `seen` three doubles about their steps: unusual ones, least, largest. */
  timesSince(instants: number, count: number, origin: number, unitNs: number, times: number, seen: number): void;
  /** Over segments of 32-bit values: addresses of these, of the segments' firsts, ends, and count, then results and what they need. */
  basicSums32(values: number, first: number, end: number, count: number, sums: number, squares: number): void;
  secondMoments32(values: number, first: number, end: number, count: number, means: number, out: number): void;
  extremes32(values: number, first: number, end: number, count: number, least: number, most: number): void;
  /** The turns of a shaft up to each sample of its speed, doubles. */
  integrateTurns(times: number, speed: number, count: number, hertzPerPercent: number, turns: number): void;
  /** Sums of segments of 32-bit values against the shaft's angle: four rows of a double a segment. */
  sumOrders32(...order: OrderArguments): void;
  /** Index of the first of `count` 32-bit values that is not from `low` to `high`; `count` if all are. */
  firstOutside32(values: number, count: number, low: number, high: number): number;
}

/** Values, their times, firsts, ends and wanted ones of segments, and their count; then those of the shaft, and where the sums go. */
type OrderArguments = [
  ...signal: [values: number, times: number],
  ...segments: [first: number, end: number, wanted: number, count: number],
  ...shaft: [speedTimes: number, speed: number, turns: number, speedCount: number],
  pointsPerNs: number,
  circle: number,
  offsets: number,
  sums: number,
];

/** Source, its end, bits of an index, indices, the dictionary, its size, and where the values go. */
type LookUp = [
  source: number,
  end: number,
  width: number,
  count: number,
  dictionary: number,
  size: number,
  out: number,
];
