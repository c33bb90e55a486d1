/**
 * Unpacks a block of Snappy (https://github.com/google/snappy/blob/main/format_description.txt) of `length` bytes at `source` into exactly
 * `size` bytes at `target`. Whether it was whole. Up to 16 bytes behind the target are used up.
 */
export function unpackSnappy(source: usize, length: usize, target: usize, size: usize): bool {
  const end = source + length;
  let at = source;
  let claimed: u64 = 0;
  for (let shift: u64 = 0; ; shift += 7) {
    if (at >= end || shift > 28) return false;
    const byte = load<u8>(at++);
    claimed |= (<u64>(byte & 127)) << shift;
    if (byte < 128) break;
  }
  if (claimed !== <u64>size) return false;
  const limit = target + size;
  let to = target;
  while (at < end) {
    const tag = <u32>load<u8>(at++);
    let count: usize;
    if ((tag & 3) === 0) {
      count = (tag >> 2) + 1;
      if (count > 60) {
        const extra = count - 60;
        if (end - at < extra) return false;
        count = <usize>((load<u32>(at) & (0xffffffff >> (32 - 8 * <u32>extra))) + 1);
        if (count === 0) return false;
        at += extra;
      }
      if (count > end - at || count > limit - to) return false;
      if (count <= 16) v128.store(to, v128.load(at));
      else memory.copy(to, at, count);
      at += count;
      to += count;
      continue;
    }
    let distance: usize;
    if ((tag & 3) === 1) {
      if (at >= end) return false;
      count = ((tag >> 2) & 7) + 4;
      distance = ((<usize>(tag >> 5)) << 8) | <usize>load<u8>(at++);
    } else {
      const width: usize = (tag & 3) === 2 ? 2 : 4;
      if (end - at < width) return false;
      count = (tag >> 2) + 1;
      distance = width === 2 ? <usize>load<u16>(at) : <usize>load<u32>(at);
      at += width;
    }
    if (distance === 0 || distance > to - target || count > limit - to) return false;
    copyWithin(to, distance, count);
    to += count;
  }
  return to === limit;
}

/** Repeats what stands `distance` bytes before `to`; it may overlap. */
function copyWithin(to: usize, distance: usize, count: usize): void {
  const from = to - distance;
  if (distance >= 16) {
    for (let i: usize = 0; i < count; i += 16) v128.store(to + i, v128.load(from + i));
  } else if (distance >= 8) {
    for (let i: usize = 0; i < count; i += 8) store<u64>(to + i, load<u64>(from + i));
  } else {
    for (let i: usize = 0; i < count; i++) store<u8>(to + i, load<u8>(from + i));
  }
}
