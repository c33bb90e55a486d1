import { expect, it } from "vitest";
import { folderOf, readSource, type Source, typescriptBelow } from "./sources.ts";

const PAGE = "docs/STRUCTURE.md";

/** Folders of `src` without a line in the table, and lines without a folder. */
function differences(folders: string[], { text }: Source): { missing: string[]; stale: string[] } {
  const lines = [...text.matchAll(/^\| `src\/(\w+)` \| *[^|\s]/gm)].map((found) => found[1]!);
  return {
    missing: folders.filter((folder) => !lines.includes(folder)),
    stale: lines.filter((folder) => !folders.includes(folder)),
  };
}

it("has a line in docs/STRUCTURE.md for every folder of src, and for no other", () => {
  const folders = [...new Set(typescriptBelow("src").map(({ path }) => folderOf(path)))].filter(
    (name) => name !== "index",
  );
  expect(differences(folders, readSource(PAGE)), `edit the table in ${PAGE}`).toEqual({ missing: [], stale: [] });
});

it("sees a folder without a line, and a line without a folder", () => {
  const text = "| `src/run` | the plan | task |\n| `src/old` | gone | - |\n| `src/empty` |  | - |";
  expect(differences(["run", "empty", "new"], { path: PAGE, text })).toEqual({
    missing: ["empty", "new"],
    stale: ["old"],
  });
});
