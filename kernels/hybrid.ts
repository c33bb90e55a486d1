/**
 * The hybrid of runs and packed bits that Parquet has for levels and for indices
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE), read from `source` to `end` (exclusive). Each reader answers how
 * much it has read, or -1 where the data are damaged. Up to 8 bytes behind `end` are looked at, and not used.
 */

/** The header of a run, and where it ends; at `end` + 1 where it is cut off. */
let header: u32 = 0;

function readHeader(source: usize, end: usize): usize {
  header = 0;
  let at = source;
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= end) return end + 1;
    const byte = <u32>load<u8>(at++);
    if (shift === 28 && byte > 15) return end + 1;
    header |= (byte & 127) << shift;
    if (byte < 128) return at;
  }
  return end + 1;
}

/** Whether the header is of a run of nothing, or of more packed values than 32 bits can count the bits of. */
function isNoRun(): bool {
  return header < 2 || ((header & 1) === 1 && header >= 1 << 25);
}

/** Levels of one bit, `count` of them, as bits from bit `bit` of the zeroed bitmap on. Answers how many are 1. */
export function readBits(source: usize, end: usize, count: i32, bitmap: usize, bit: i32): i32 {
  let at = source;
  let done = 0;
  let ones = 0;
  while (done < count) {
    at = readHeader(at, end);
    if (at > end || isNoRun()) return -1;
    if ((header & 1) === 0) {
      if (at >= end) return -1;
      const level = load<u8>(at++);
      if (level > 1) return -1;
      const run = min<u32>(header >> 1, count - done);
      if (level === 1) {
        fillBits(bitmap, bit + done, run);
        ones += run;
      }
      done += run;
    } else {
      const run = <i32>min<u32>((header >> 1) << 3, count - done);
      const bytes = (run + 7) >> 3;
      if (at + bytes > end) return -1;
      ones += copyBits(at, bitmap, bit + done, run);
      done += run;
      at += min<usize>(header >> 1, end - at);
    }
  }
  return ones;
}

function fillBits(bitmap: usize, bit: i32, count: i32): void {
  let i = bit;
  const end = bit + count;
  for (; i < end && (i & 7) !== 0; i++) setBit(bitmap, i);
  const bytes = (end - i) >> 3;
  memory.fill(bitmap + (i >> 3), 255, bytes);
  for (i += bytes << 3; i < end; i++) setBit(bitmap, i);
}

function setBit(bitmap: usize, bit: i32): void {
  const byte = bitmap + (bit >> 3);
  store<u8>(byte, <u8>(<u32>load<u8>(byte) | ((<u32>1) << (bit & 7))));
}

/** 32 bits at a time. Answers how many are 1. */
function copyBits(source: usize, bitmap: usize, bit: i32, count: i32): i32 {
  let ones = 0;
  for (let i = 0; i < count; i += 32) {
    let word = load<u32>(source + (i >> 3));
    if (count - i < 32) word &= ((<u32>1) << (count - i)) - 1;
    ones += popcnt<u32>(word);
    const to = bitmap + ((bit + i) >> 3);
    store<u64>(to, load<u64>(to) | ((<u64>word) << ((bit + i) & 7)));
  }
  return ones;
}

/** Indices of `width` bits, `count` of them, each looked up among `size` values of 4 bytes at `dictionary`. Answers 0. */
export function lookUp32(
  source: usize,
  end: usize,
  width: u32,
  count: i32,
  dictionary: usize,
  size: u32,
  out: usize,
): i32 {
  return lookUp<u32>(source, end, width, count, dictionary, size, out);
}

/** The same of values of 8 bytes. */
export function lookUp64(
  source: usize,
  end: usize,
  width: u32,
  count: i32,
  dictionary: usize,
  size: u32,
  out: usize,
): i32 {
  return lookUp<u64>(source, end, width, count, dictionary, size, out);
}

function lookUp<T>(source: usize, end: usize, width: u32, count: i32, dictionary: usize, size: u32, out: usize): i32 {
  const mask: u64 = ((<u64>1) << width) - 1;
  let at = source;
  let done = 0;
  while (done < count) {
    at = readHeader(at, end);
    if (at > end || isNoRun()) return -1;
    if ((header & 1) === 0) {
      const bytes = (width + 7) >> 3;
      if (at + bytes > end) return -1;
      // Whole bytes: bits beyond the width are damage too.
      const index: u32 = bytes === 0 ? 0 : load<u32>(at) & (<u32>0xffffffff >> (32 - 8 * bytes));
      if (index >= size) return -1;
      at += bytes;
      const value = load<T>(dictionary + index * sizeof<T>());
      const run = <i32>min<u32>(header >> 1, count - done);
      for (let i = 0; i < run; i++) store<T>(out + (done + i) * sizeof<T>(), value);
      done += run;
    } else {
      const run = <i32>min<u32>((header >> 1) << 3, count - done);
      if (at + ((<u64>run * width + 7) >> 3) > <u64>end) return -1;
      const to = out + done * sizeof<T>();
      let bit: u32 = 0;
      for (let i = 0; i < run; i++) {
        const index = <u32>((load<u64>(at + (bit >> 3)) >> (bit & 7)) & mask);
        if (index >= size) return -1;
        store<T>(to + i * sizeof<T>(), load<T>(dictionary + index * sizeof<T>()));
        bit += width;
      }
      done += run;
      at += min<usize>((header >> 1) * width, end - at);
    }
  }
  return 0;
}

/** Moves the values of 4 bytes at `values`, one for each bit of the bitmap that is 1, to the places of these bits among `count`. */
export function spread32(values: usize, bitmap: usize, count: i32, present: i32): void {
  spread<u32>(values, bitmap, count, present);
}

/** The same of values of 8 bytes. */
export function spread64(values: usize, bitmap: usize, count: i32, present: i32): void {
  spread<u64>(values, bitmap, count, present);
}

/** From the last on, since none moves forward; 64 rows at a time. */
function spread<T>(values: usize, bitmap: usize, count: i32, present: i32): void {
  let from = present;
  for (let word = (count - 1) >> 6; word >= 0; word--) {
    let bits = load<u64>(bitmap + (word << 3));
    while (bits !== 0) {
      const bit = 63 - <i32>clz<u64>(bits);
      bits ^= (<u64>1) << bit;
      from--;
      store<T>(values + ((word << 6) + bit) * sizeof<T>(), load<T>(values + from * sizeof<T>()));
    }
  }
}
