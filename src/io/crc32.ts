import * as zlib from "node:zlib";

/** CRC-32 of gzip and Ethernet (polynomial 0x04C11DB7, reflected), which Parquet's pages carry; unsigned. */
export function crc32(bytes: Uint8Array): number {
  // Node has its own from 20.15 on, many times as fast.
  return "crc32" in zlib ? zlib.crc32(bytes) : crc32ByTable(bytes);
}

/** The same, a byte at a time. */
export function crc32ByTable(bytes: Uint8Array): number {
  let crc = ~0;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
