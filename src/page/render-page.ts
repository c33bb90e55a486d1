import { pageAssets } from "./assets.ts";
import type { Chart } from "./chart.ts";
import { embedJson, Html, html } from "./html.ts";
import type { Block, Page, Part } from "./page.ts";
import { renderBlocks } from "./render-blocks.ts";
import { toneMark } from "./render-parts.ts";

/** The mark of the program, so that a browser asks nobody for one. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 11h3l2-7 3 10 2-6h4' fill='none' stroke='%230b62a8' stroke-width='2'/%3E%3C/svg%3E";

/**
 * One HTML document with all it needs: it asks nobody for anything, and its policy lets no script and no style run but its own. Everything
 * in `page` may be foreign text.
 * @throws Fault `INTERNAL` where the build's script and style are not there
 */
export function renderPage(page: Page): string {
  const { script, style, scriptHash, styleHash } = pageAssets();
  // Styles of single elements are what the charts are drawn with; there is none in the page that is not its own.
  const policy = `default-src 'none'; script-src 'sha256-${scriptHash}'; style-src-elem 'sha256-${styleHash}'; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${page.generator}">
<title>${page.title}</title>
<link rel="icon" href="${new Html(ICON)}">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${header(page)}
<main id="main" tabindex="-1">
${page.parts.map(renderPart)}
</main>
<footer><p>${page.generator}</p></footer>
<script type="application/json" id="charts">${embedJson(chartsOf(page.parts.flatMap(({ blocks }) => blocks)))}</script>
<script>${new Html(script)}</script>
</body>
</html>
`.text
}`;
}

function header({ title, subtitle, headline, parts }: Page): Html {
  return html`<header>
<p class="theme" id="theme"></p>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
<p class="headline ${headline.tone}">${toneMark(headline.tone, "headline")}${headline.text}</p>
<nav aria-label="Parts of this page"><ol>${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
</header>`;
}

function renderPart({ id, title, blocks }: Part, i: number): Html {
  return html`<section class="part" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title"><span class="place">${i + 1}</span> ${title}</h2>
${renderBlocks(blocks)}
</section>
`;
}

/** The charts of blocks, at any depth. */
export function chartsOf(blocks: readonly Block[]): Chart[] {
  return blocks.flatMap((block) => {
    if (block.kind === "chart") return [block.chart];
    if (block.kind === "group") return chartsOf(block.blocks);
    return block.kind === "choice" ? block.options.flatMap((option) => chartsOf(option.blocks)) : [];
  });
}
