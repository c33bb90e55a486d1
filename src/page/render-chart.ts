import type { Chart } from "./chart.ts";
import { alternativeTable } from "./chart-table.ts";
import { type Html, html } from "./html.ts";
import { type LegendEntry, legendOf } from "./legend.ts";
import { renderTable } from "./render-table.ts";

/** A chart's title, key message, legend and the table of its numbers. Its script draws it into the empty place, and closes the table. */
export function renderChart(chart: Chart): Html {
  const { id, title, caption } = chart;
  return html`<figure id="${id}" class="chart-figure">
<figcaption><strong class="chart-title">${title}</strong> <span class="chart-caption">${caption}</span></figcaption>
<div class="chart" data-chart="${id}" hidden></div>
${renderLegend(legendOf(chart))}
<details open><summary>Numbers of this chart<span class="heard">: ${title}</span></summary>
${alternativeTable(chart).map(renderTable)}</details>
</figure>
`;
}

function renderLegend(entries: readonly LegendEntry[]): Html | false {
  if (entries.length === 0) return false;
  return html`<ul class="legend">${entries.map(
    ({ label, swatch }) => html`<li><span class="swatch ${swatch}" aria-hidden="true"></span>${label}</li>`,
  )}</ul>`;
}
