import { Html, html } from "./html.ts";
import { formatNumber } from "./number-format.ts";
import type { Cell, Column, Row, Table } from "./page.ts";
import { toneMark } from "./render-parts.ts";

/** A table in a frame that scrolls by itself, with what is left out below it. Its script adds sorting and the filter. */
export function renderTable(table: Table): Html {
  const { id, caption, rows, more, empty, isPlain } = table;
  if (rows.length === 0)
    return html`<p class="empty" id="${id}"><strong>${caption}:</strong> ${empty ?? "none"}.</p>\n`;
  return html`<div class="table${isPlain === true ? " plain" : " sortable"}">
<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
${isPlain === true ? plainTable(table) : richTable(table)}
</div>${more && html`\n<p class="more">${more}</p>`}
</div>
`;
}

function richTable({ id, caption, columns, rows }: Table): Html {
  // On a phone rows become cards; roles keep it a table for those who hear it.
  return html`<table id="${id}" role="table">
<caption><span>${caption}</span></caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader"${classOf(column)}>${column.label}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => renderRow(row, columns))}</tbody>
</table>`;
}

/** Numbers of charts are many: ends of elements that HTML lets out are left out, and the style says which columns are numbers. */
function plainTable({ id, caption, columns, rows }: Table): Html {
  const texts = columns.every(({ format }) => format === undefined);
  return html`<table id="${id}"${texts && html` class="texts"`}><caption><span>${caption}</span></caption><thead><tr>${columns.map(
    ({ label }) => html`<th>${label}`,
  )}<tbody>
${rows.map(({ cells }) => html`<tr>${cells.map((cell, i) => html`${new Html(i === 0 ? "<th>" : "<td>")}${contentOf(cell, columns[i]!)}`)}\n`)}</table>`;
}

function classOf({ format, room }: Column): Html | false {
  const names = [...(format === undefined ? [] : ["number"]), ...(room === undefined ? [] : [room])];
  return names.length > 0 && html` class="${names.join(" ")}"`;
}

function renderRow({ id, cells }: Row, columns: readonly Column[]): Html {
  return html`<tr role="row"${id !== undefined && html` id="${id}"`}>${cells.map((cell, i) => renderCell(cell, columns[i]!, i === 0))}</tr>\n`;
}

function renderCell(value: string | number | null | Cell, column: Column, isHead: boolean): Html {
  const sort = typeof value === "number" ? value : typeof value === "object" && value !== null ? value.sort : undefined;
  const attributes = html`${classOf(column)}${sort !== undefined && html` data-sort="${sort}"`}`;
  const content = contentOf(value, column);
  return isHead
    ? html`<th scope="row" role="rowheader"${attributes}>${content}</th>`
    : html`<td role="cell" data-label="${column.label}"${attributes}>${content}</td>`;
}

function contentOf(value: string | number | null | Cell, { format }: Column): Html | string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? renderRich(value) : formatNumber(value, format);
}

function renderRich({ text, link, tone, detail }: Cell): Html {
  const shown =
    tone === undefined || tone === "neutral"
      ? html`${text}`
      : html`<span class="tone ${tone}">${tone === "missing" && toneMark(tone)}${text}</span>`;
  return html`${link === undefined ? shown : html`<a href="#${link}">${shown}</a>`}${detail !== undefined && html` <span class="detail">${detail}</span>`}`;
}
