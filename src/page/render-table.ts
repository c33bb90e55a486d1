import { type Html, html } from "./html.ts";
import { formatNumber } from "./number-format.ts";
import type { Cell, Column, Row, Table } from "./page.ts";
import { toneMark } from "./render-parts.ts";

/** A table in a frame that scrolls by itself, with what is left out below it. Its script adds sorting and the filter. */
export function renderTable({ id, caption, columns, rows, more, empty, isPlain }: Table): Html {
  if (rows.length === 0)
    return html`<p class="empty" id="${id}"><strong>${caption}:</strong> ${empty ?? "none"}.</p>\n`;
  return html`<div class="table${isPlain === true ? "" : " sortable"}">
<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<table id="${id}">
<caption>${caption}</caption>
<thead><tr>${columns.map(({ label, format }) => html`<th scope="col"${format !== undefined && html` class="number"`}>${label}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => renderRow(row, columns))}</tbody>
</table>
</div>${more && html`\n<p class="more">${more}</p>`}
</div>
`;
}

function renderRow({ id, cells }: Row, columns: readonly Column[]): Html {
  return html`<tr${id !== undefined && html` id="${id}"`}>${cells.map((cell, i) => renderCell(cell, columns[i]!, i === 0))}</tr>\n`;
}

function renderCell(value: string | number | null | Cell, { format }: Column, isHead: boolean): Html {
  const isNumber = format !== undefined;
  const sort = typeof value === "number" ? value : typeof value === "object" && value !== null ? value.sort : undefined;
  const attributes = html`${isNumber && html` class="number"`}${sort !== undefined && html` data-sort="${sort}"`}`;
  const content = typeof value === "object" && value !== null ? renderRich(value) : textOf(value, format);
  return isHead ? html`<th scope="row"${attributes}>${content}</th>` : html`<td${attributes}>${content}</td>`;
}

function textOf(value: string | number | null, format: Column["format"]): string {
  return typeof value === "string" ? value : formatNumber(value, format);
}

function renderRich({ text, link, tone, detail }: Cell): Html {
  const shown = html`${tone === undefined || tone === "neutral" ? text : html`<span class="tone ${tone}">${tone === "missing" && toneMark(tone)}${text}</span>`}`;
  return html`${link === undefined ? shown : html`<a href="#${link}">${shown}</a>`}${detail !== undefined && html` <span class="detail">${detail}</span>`}`;
}
