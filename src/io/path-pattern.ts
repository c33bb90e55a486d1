import picomatch from "picomatch";

/** What a pattern says of a path: it and all below it match, something below it might, or nothing does. */
export type PatternVerdict = "match" | "descend" | "none";

/** A glob pattern, split at the first part that is not plain. */
export interface PathPattern {
  /** The folder that holds everything the pattern can match. */
  base: string;
  /** Judges a path relative to `base`, `/` between its parts. */
  judge(relative: string, isFolder: boolean): PatternVerdict;
}

/** The pattern in `text` (`*`, `?`, `**`, `[...]`, `{a,b}`), or null if it has none of these. */
export function parsePathPattern(text: string): PathPattern | null {
  const { base, glob: written, isGlob } = picomatch.scan(text, { unescape: true });
  if (!isGlob) return null;
  const glob = written.replace(/\/+$/, "");
  const onlyFolders = glob !== written;
  const options = { nonegate: true };
  const matches = picomatch(glob, options);
  // A slash within braces, or **, may match any number of folders: then every folder must be looked into.
  const parts = /\*\*|[({][^)}]*\//.test(glob) ? null : glob.split("/");
  const starts = parts?.map((_, depth) => picomatch(parts.slice(0, depth + 1).join("/"), options));
  return {
    base: base === "" ? "." : base,
    judge(relative, isFolder) {
      if (matches(relative) && (isFolder || !onlyFolders)) return "match";
      if (starts === undefined) return "descend";
      const depth = relative.split("/").length;
      return depth < starts.length && starts[depth - 1]!(relative) ? "descend" : "none";
    },
  };
}
