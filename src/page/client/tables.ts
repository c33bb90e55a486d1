/** Rows from which on a filter is worth its place. */
const LEAST_FILTERED = 6;

/** Lets every sortable table be sorted by its heads and, where it is long, filtered. */
export function startTables(): void {
  for (const frame of document.querySelectorAll<HTMLElement>(".table.sortable")) {
    const table = frame.querySelector("table");
    const body = table?.tBodies[0];
    if (table === null || body === undefined) continue;
    addSorting(table, body);
    if (body.rows.length >= LEAST_FILTERED) addFilter(frame, table, body);
  }
}

function addSorting(table: HTMLTableElement, body: HTMLTableSectionElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const isNumber = head.classList.contains("number");
      // The largest numbers are what one looks for first.
      const first = isNumber ? "descending" : "ascending";
      const second = isNumber ? "ascending" : "descending";
      const order = head.getAttribute("aria-sort") === first ? second : first;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      body.append(...[...body.rows].sort((a, b) => compareCells(a.cells[column], b.cells[column], sign)));
    });
  }
}

/** Rows without a value stay at the end in either order. */
function compareCells(a: HTMLElement | undefined, b: HTMLElement | undefined, sign: number): number {
  const [x, y] = [sortValue(a), sortValue(b)];
  if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
  if (typeof x === "number" && typeof y === "number") return sign * (x - y);
  return sign * String(x).localeCompare(String(y), "en", { numeric: true });
}

function sortValue(cell: HTMLElement | undefined): number | string | null {
  const text = cell?.dataset.sort ?? cell?.textContent ?? "";
  if (text === "" || text === "-") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function addFilter(frame: HTMLElement, table: HTMLTableElement, body: HTMLTableSectionElement): void {
  const bar = document.createElement("div");
  bar.className = "filter";
  const [label, input, found] = [
    document.createElement("label"),
    document.createElement("input"),
    document.createElement("output"),
  ];
  input.type = "search";
  input.id = `${table.id}-filter`;
  label.htmlFor = input.id;
  const heard = document.createElement("span");
  heard.className = "heard";
  heard.textContent = ` of: ${table.caption?.textContent ?? ""}`;
  label.append("Filter rows", heard);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of body.rows) {
      const text = [...row.cells]
        .map((cell) => cell.textContent)
        .join(" ")
        .toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown++;
    }
    found.textContent = words.length === 0 ? "" : `${shown} of ${body.rows.length} rows`;
  });
  bar.append(label, input, found);
  frame.prepend(bar);
}
