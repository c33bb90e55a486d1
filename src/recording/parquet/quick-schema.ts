import type { FileMetaData, SchemaElement } from "hyparquet";

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
export type QuickForm = { array: "float32" | "float64" | "int32" | "uint32" } | { array: "time"; unitNs: number };

/** The columns of a file by its footer; null where one that is wanted is for the large decoder. */
export function quickColumns(
  { schema, key_value_metadata }: FileMetaData,
  wanted: (name: string) => boolean,
): QuickColumn[] | null {
  // Some writers keep the types of integers beside the schema.
  const hasHints = key_value_metadata?.some(({ key }) => key === "ARROW:schema") ?? false;
  const columns: QuickColumn[] = [];
  let chunk = 0;
  for (let at = 1; at < schema.length; ) {
    const element = schema[at]!;
    const { leaves, end } = extentOf(schema, at);
    const known = end > at + 1 || element.repetition_type === "REPEATED" ? null : knownType(element, hasHints);
    const { name } = element;
    if (known === null && wanted(name)) return null;
    const form = known !== null && wanted(name) ? known.form : null;
    const type = known?.type ?? (element.type ?? "nested").toLowerCase();
    columns.push({ name, chunk, type, form, isOptional: element.repetition_type === "OPTIONAL" });
    chunk += leaves;
    at = end;
  }
  return columns;
}

/** Where the element's branch of the schema ends, and how many leaves, which are chunks, it has. */
function extentOf(schema: readonly SchemaElement[], at: number): { leaves: number; end: number } {
  let leaves = 0;
  let end = at;
  for (let open = 1; open > 0 && end < schema.length; end++) {
    const children = schema[end]!.num_children ?? 0;
    if (children === 0) leaves++;
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

function integerType({ logical_type: logical, converted_type: converted }: SchemaElement, hasHints: boolean) {
  if (logical?.type === "INTEGER" && logical.bitWidth <= 32) return integer(logical.isSigned, logical.bitWidth);
  const [, unsigned, bits] = /^(U?)INT_(8|16|32)$/.exec(converted ?? "") ?? [];
  if (logical === undefined && bits !== undefined) return integer(unsigned === "", Number(bits));
  return logical === undefined && converted === undefined && !hasHints ? integer(true, 32) : null;
}

function integer(isSigned: boolean, bits: number): KnownType {
  const array = isSigned || bits < 32 ? ("int32" as const) : ("uint32" as const);
  return { type: `${isSigned ? "" : "u"}int${bits}`, form: { array } };
}

const UNITS = { MILLIS: { name: "ms", ns: 1e6 }, MICROS: { name: "us", ns: 1e3 }, NANOS: { name: "ns", ns: 1 } };

function timeType({ logical_type: logical, converted_type: converted }: SchemaElement): KnownType | null {
  const name = logical === undefined ? /^TIMESTAMP_(MILLIS|MICROS)$/.exec(converted ?? "")?.[1] : unitOf(logical);
  const unit = UNITS[name as keyof typeof UNITS];
  return unit === undefined ? null : { type: `timestamp[${unit.name}]`, form: { array: "time", unitNs: unit.ns } };
}

function unitOf(logical: NonNullable<SchemaElement["logical_type"]>): string | undefined {
  return logical.type === "TIMESTAMP" ? logical.unit : undefined;
}
