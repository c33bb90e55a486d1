import { refusal } from "./refusal.ts";
import { PickleGlobal } from "./values.ts";

/** What a name of the allow list stands for. */
export type GlobalKind =
  | "ndarray"
  | "dtype"
  | "reconstruct"
  | "scalar"
  | "frombuffer"
  | "encode"
  | "reconstructor"
  | "object"
  | "joblibArray"
  | "sklearn";

/**
 * Every name that a scaler's pickle may contain, as `module name`. The blank keeps `a.b` + `c` apart from `a` + `b.c`.
 * numpy moved `core` to `_core` in 2.0; protocols 0 to 2 use the Python 2 names of the standard library.
 */
const ALLOWED: ReadonlyMap<string, GlobalKind> = new Map<string, GlobalKind>([
  ["numpy ndarray", "ndarray"],
  ["numpy dtype", "dtype"],
  ["numpy.core.multiarray _reconstruct", "reconstruct"],
  ["numpy._core.multiarray _reconstruct", "reconstruct"],
  ["numpy.core.multiarray scalar", "scalar"],
  ["numpy._core.multiarray scalar", "scalar"],
  ["numpy.core.numeric _frombuffer", "frombuffer"],
  ["numpy._core.numeric _frombuffer", "frombuffer"],
  ["_codecs encode", "encode"],
  ["copy_reg _reconstructor", "reconstructor"],
  ["copyreg _reconstructor", "reconstructor"],
  ["__builtin__ object", "object"],
  ["builtins object", "object"],
  ["joblib.numpy_pickle NumpyArrayWrapper", "joblibArray"],
  ["sklearn.preprocessing._data StandardScaler", "sklearn"],
  ["sklearn.preprocessing._data MinMaxScaler", "sklearn"],
  ["sklearn.preprocessing._data RobustScaler", "sklearn"],
  ["sklearn.preprocessing._data MaxAbsScaler", "sklearn"],
]);

/** The mark for an allowed name. Any other name is refused in full. */
export function allowedGlobal(module: string, name: string): PickleGlobal {
  const kind = ALLOWED.get(`${module} ${name}`);
  const fullName = `${module}.${name}`;
  if (kind === undefined) throw refusal(`it refers to ${fullName}, which no scaler needs: refused, and not executed`);
  return new PickleGlobal(fullName, kind);
}
