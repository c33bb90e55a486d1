/** A unit: `base = value * factor + offset` in the base unit of its kind. */
interface Unit {
  name: string;
  factor: number;
  offset: number;
}

/** Another unit that values may be in, and what they would be in the declared one. */
export interface Conversion {
  /** The unit that the values would be in. */
  from: string;
  toDeclared(value: number): number;
}

const unit = (name: string, factor: number, offset = 0): Unit => ({ name, factor, offset });

/** Units that recordings are mistaken in, by kind; each is declared by any of its names, in any case. */
const KINDS: Record<string, Unit>[] = [
  {
    "degc|c|celsius|°c": unit("degrees Celsius", 1),
    "degf|f|fahrenheit|°f": unit("degrees Fahrenheit", 5 / 9, (-32 * 5) / 9),
    "k|kelvin|degk": unit("kelvin", 1, -273.15),
    "degr|rankine": unit("degrees Rankine", 5 / 9, -273.15),
  },
  {
    "mil|mils|thou": unit("mils", 25.4),
    "um|µm|micron|microns|micrometer|micrometre": unit("micrometres", 1),
    "mm|millimeter|millimetre": unit("millimetres", 1000),
    "in|inch|inches": unit("inches", 25_400),
  },
  {
    "psi|psia|psig": unit("psi", 6894.757),
    kpa: unit("kilopascals", 1000),
    "hpa|mbar|mb": unit("hectopascals", 100),
    bar: unit("bar", 100_000),
    pa: unit("pascals", 1),
    mpa: unit("megapascals", 1e6),
  },
  {
    "in/s|ips": unit("inches per second", 25.4),
    "mm/s": unit("millimetres per second", 1),
    "m/s": unit("metres per second", 1000),
  },
  { g: unit("g", 9.80665), "m/s2|m/s^2": unit("m/s2", 1) },
  {
    "percent|%|pct": unit("percent", 0.01),
    "fraction|ratio": unit("fractions of 1", 1),
  },
  { "ft|feet": unit("feet", 0.3048), "m|meter|metre": unit("metres", 1) },
  {
    "kt|kts|knot|knots": unit("knots", 0.514444),
    "kmh|km/h": unit("km/h", 1 / 3.6),
    mph: unit("miles per hour", 0.44704),
  },
  {
    "kg/h|kgh|kgph": unit("kg/h", 1),
    "lb/h|pph|lbs/h": unit("lb/h", 0.45359237),
    "kg/s": unit("kg/s", 3600),
  },
];

/** The other units of the declared one's kind; none for a unit that is not known. */
export function conversionsTo(declared: string | undefined): Conversion[] {
  const name = declared?.trim().toLowerCase();
  if (name === undefined) return [];
  for (const kind of KINDS) {
    const names = Object.keys(kind);
    const own = names.find((key) => key.split("|").includes(name));
    if (own === undefined) continue;
    const { factor, offset } = kind[own]!;
    return names
      .filter((key) => key !== own)
      .map((key) => {
        const other = kind[key]!;
        return { from: other.name, toDeclared: (value) => (value * other.factor + other.offset - offset) / factor };
      });
  }
  return [];
}

/** Whether a declared unit is percent. */
export function isPercent(declared: string | undefined): boolean {
  return ["percent", "%", "pct"].includes(declared?.trim().toLowerCase() ?? "");
}
