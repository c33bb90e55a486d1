import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Fault } from "../faults/fault.ts";

/** The page's own script and style, and what the page's policy allows by: their SHA-256, base64. */
export interface PageAssets {
  script: string;
  style: string;
  scriptHash: string;
  styleHash: string;
}

let known: PageAssets | null = null;

/** The script and style that `npm run build` made. @throws Fault `INTERNAL` where it was not run */
export function pageAssets(): PageAssets {
  if (known !== null) return known;
  const [script, style] = [readAsset("page.js"), readAsset("page.css")];
  known = { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) };
  return known;
}

/** From `src/page` and from `dist/page` the way is the same. */
function readAsset(name: string): string {
  const place = new URL(`../../dist/page/client/${name}`, import.meta.url);
  try {
    return readFileSync(place, "utf8");
  } catch (cause) {
    throw new Fault({
      code: "INTERNAL",
      path: place.pathname,
      found: cause instanceof Error ? cause.message : String(cause),
      expected: "the script and style of pages, which the build makes",
      hint: "Run npm run build.",
    });
  }
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
