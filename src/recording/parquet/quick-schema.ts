import type { FileMetaData, RowGroup, SchemaElement } from "hyparquet";

/** A column of a file. */
export interface QuickColumn {
  name: string;
  /** Which of the chunks of a row group it is. */
  chunk: number;
  /** The type in words. */
  type: string;
  /** What its values become; null where it is only named. */
  form: QuickForm | null;
  /** Whether values may be absent, and so have levels. */
  isOptional: boolean;
}

/** The arrays that the values become. */
export type QuickForm =
  | { array: "float32" | "float64" | "uint32" }
  /** Integers that are stored in more bits than they have. */
  | { array: "int32"; least: number; most: number }
  | { array: "time"; unitNs: number };

/** The columns of a file by its footer; null where one that is wanted is for the large decoder, or where they do not add up. */
export function quickColumns(
  { schema, row_groups, key_value_metadata }: FileMetaData,
  wanted: (name: string) => boolean,
): QuickColumn[] | null {
  // Some writers keep the types of integers beside the schema.
  const hasHints = key_value_metadata?.some(({ key }) => key === "ARROW:schema") ?? false;
  const columns: QuickColumn[] = [];
  let chunk = 0;
  for (let at = 1; at < schema.length; ) {
    const element = schema[at]!;
    const { leaves, end } = extentOf(schema, at);
    const { name, repetition_type: repetition } = element;
    const isFlat = end === at + 1 && (repetition === "REQUIRED" || repetition === "OPTIONAL");
    const known = isFlat ? knownType(element, hasHints) : null;
    if (known === null && wanted(name)) return null;
    const form = known !== null && wanted(name) ? known.form : null;
    const type = known?.type ?? (element.type ?? "nested").toLowerCase();
    columns.push({ name, chunk, type, form, isOptional: repetition === "OPTIONAL" });
    chunk += leaves;
    at = end;
  }
  return columns.length === schema[0]?.num_children && row_groups.every((group) => isOf(group, schema))
    ? columns
    : null;
}

/** Whether the chunks of a group are those of the schema: as many, of the same names and types. */
function isOf({ columns }: RowGroup, schema: readonly SchemaElement[]): boolean {
  const leaves = schema.filter(({ type }) => type !== undefined);
  return (
    columns.length === leaves.length &&
    columns.every(({ meta_data }, i) => {
      const { name, type } = leaves[i]!;
      return meta_data?.type === type && meta_data?.path_in_schema.at(-1) === name;
    })
  );
}

/** Where the element's branch of the schema ends, and how many leaves, which are chunks, it has. */
function extentOf(schema: readonly SchemaElement[], at: number): { leaves: number; end: number } {
  let leaves = 0;
  let end = at;
  for (let open = 1; open > 0 && end < schema.length; end++) {
    const { type, num_children: children = 0 } = schema[end]!;
    if (type !== undefined) leaves++;
    open += children - 1;
  }
  return { leaves, end };
}

interface KnownType {
  type: string;
  form: QuickForm;
}

function knownType(leaf: SchemaElement, hasHints: boolean): KnownType | null {
  const { type, logical_type: logical, converted_type: converted } = leaf;
  const isPlain = logical === undefined && converted === undefined;
  if (type === "FLOAT" && isPlain) return { type: "float", form: { array: "float32" } };
  if (type === "DOUBLE" && isPlain) return { type: "double", form: { array: "float64" } };
  if (type === "INT32") return integerType(leaf, hasHints);
  return type === "INT64" ? timeType(leaf) : null;
}

/** By the newer name of the type or the older one; where there are both they have to be of one mind. */
function integerType({ logical_type: logical, converted_type: converted }: SchemaElement, hasHints: boolean) {
  if (logical === undefined && converted === undefined) return hasHints ? null : integer(true, 32);
  const newer = logical?.type === "INTEGER" ? `${logical.isSigned ? "" : "U"}INT_${logical.bitWidth}` : undefined;
  if (logical !== undefined && (newer === undefined || (converted ?? newer) !== newer)) return null;
  const [, unsigned, bits] = /^(U?)INT_(8|16|32)$/.exec(newer ?? converted ?? "") ?? [];
  return bits === undefined ? null : integer(unsigned === "", Number(bits));
}

function integer(isSigned: boolean, bits: number): KnownType {
  const type = `${isSigned ? "" : "u"}int${bits}`;
  if (!isSigned && bits === 32) return { type, form: { array: "uint32" } };
  const least = isSigned ? -(2 ** (bits - 1)) : 0;
  return { type, form: { array: "int32", least, most: least + 2 ** bits - 1 } };
}

const UNITS = { MILLIS: { name: "ms", ns: 1e6 }, MICROS: { name: "us", ns: 1e3 }, NANOS: { name: "ns", ns: 1 } };

function timeType({ logical_type: logical, converted_type: converted }: SchemaElement): KnownType | null {
  const older = /^TIMESTAMP_(MILLIS|MICROS)$/.exec(converted ?? "")?.[1];
  const name = logical === undefined ? older : unitOf(logical);
  if (converted !== undefined && older !== name) return null;
  const unit = UNITS[name as keyof typeof UNITS];
  return unit === undefined ? null : { type: `timestamp[${unit.name}]`, form: { array: "time", unitNs: unit.ns } };
}

function unitOf(logical: NonNullable<SchemaElement["logical_type"]>): string | undefined {
  return logical.type === "TIMESTAMP" ? logical.unit : undefined;
}
