import { type Html, html } from "./html.ts";
import type { Block, Choice, Fact, Group, Tile } from "./page.ts";
import { renderChart } from "./render-chart.ts";
import { toneMark } from "./render-parts.ts";
import { renderTable } from "./render-table.ts";

/** Blocks one after another; `level` is that of their headings. */
export function renderBlocks(blocks: readonly Block[], level: 3 | 4 = 3): Html {
  return html`${blocks.map((block) => renderBlock(block, level))}`;
}

function renderBlock(block: Block, level: 3 | 4): Html {
  switch (block.kind) {
    case "text":
      return html`<p>${block.text}</p>\n`;
    case "note":
      return html`<p class="note ${block.tone}">${toneMark(block.tone)}${block.text}</p>\n`;
    case "tiles":
      return html`<ul class="tiles">${block.tiles.map(renderTile)}</ul>\n`;
    case "facts":
      return html`<dl class="facts">${block.facts.map(renderFact)}</dl>\n`;
    case "table":
      return renderTable(block.table);
    case "chart":
      return renderChart(block.chart);
    case "group":
      return renderGroup(block, level);
    case "choice":
      return renderChoice(block);
  }
}

function renderTile({ label, value, detail, tone }: Tile): Html {
  return html`<li class="tile ${tone ?? "neutral"}"><span class="label">${label}</span> <strong>${tone !== undefined && tone !== "neutral" && toneMark(tone)}${value}</strong>${
    detail !== undefined && html` <span class="detail">${detail}</span>`
  }</li>`;
}

function renderFact({ name, value }: Fact): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function renderGroup({ id, title, blocks }: Omit<Group, "kind">, level: 3 | 4): Html {
  const heading = level === 3 ? html`<h3 tabindex="-1">${title}</h3>` : html`<h4 tabindex="-1">${title}</h4>`;
  return html`<section class="group"${id !== undefined && html` id="${id}"`}>
${heading}
${renderBlocks(blocks, 4)}
</section>
`;
}

function renderChoice({ label, options }: Choice): Html {
  return html`<div class="choice">
<nav aria-label="${label}"><p class="choice-label">${label}</p><ul>${options.map(
    ({ id, short, detail }) =>
      html`<li><a href="#${id}">${short}${detail !== undefined && html` <span class="detail">${detail}</span>`}</a></li>`,
  )}</ul></nav>
${options.map((option) => renderGroup(option, 3))}
</div>
`;
}
