/** A file as archives hold them after a broken transfer. */
export interface DamagedCopy {
  /** Takes the place of the time of day in the file's name. */
  suffix: string;
  /** What was done, in words. */
  damage: string;
  bytes: Uint8Array;
}

/** Copies of a sound Parquet file that no reader can make sense of, each in its own way. Pure. */
export function damagedCopies(sound: Uint8Array): DamagedCopy[] {
  const lying = sound.slice();
  new DataView(lying.buffer).setUint32(lying.length - 8, 0x7fffffff, true);
  return [
    { suffix: "235901", damage: "cut off in the middle", bytes: sound.slice(0, Math.floor(sound.length / 2)) },
    { suffix: "235902", damage: "empty", bytes: new Uint8Array(0) },
    { suffix: "235903", damage: "a footer length beyond the file", bytes: lying },
  ];
}
