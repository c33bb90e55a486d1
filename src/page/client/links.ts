import { showOption } from "./choices.ts";

/** Follows links into what is hidden: options of a choice, rows that a filter hides, numbers of a chart. */
export function startLinks(): void {
  addEventListener("hashchange", follow);
  document.addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest('a[href^="#"]') : null;
    // The same link once more changes nothing in the address.
    if (link !== null && link.getAttribute("href") === location.hash) follow();
  });
  follow();
}

function follow(): void {
  const id = decodeHash(location.hash.slice(1));
  if (id === "") return;
  const target = document.getElementById(id);
  if (target === null) {
    sayMissing(id);
    return;
  }
  showOption(target);
  for (const row of document.querySelectorAll("tr.chosen")) row.classList.remove("chosen");
  if (target.matches("tr")) choose(target as HTMLTableRowElement);
  const closed = target.closest("details");
  if (closed !== null) closed.open = true;
  const heading = target.matches(".group") ? target.querySelector<HTMLElement>(":scope > h3") : null;
  heading?.focus({ preventScroll: true });
  target.scrollIntoView({ block: target.matches("tr") ? "center" : "start" });
}

/** A row that a link leads to is seen whatever the filter says, and shows its flight where the page has it. */
function choose(row: HTMLTableRowElement): void {
  const filter = row.closest(".table")?.querySelector<HTMLInputElement>(".filter input");
  if (row.hidden && filter) {
    filter.value = "";
    filter.dispatchEvent(new Event("input"));
  }
  row.classList.add("chosen");
  const targets = [...row.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')].map(({ hash }) =>
    decodeHash(hash.slice(1)),
  );
  const group = targets.map((id) => document.getElementById(id)).find((target) => target?.matches(".choice > .group"));
  if (group) showOption(group);
}

function sayMissing(id: string): void {
  const main = document.getElementById("main");
  if (main === null || document.getElementById("missing-link") !== null) return;
  const note = document.createElement("p");
  note.className = "note missing";
  note.id = "missing-link";
  note.setAttribute("role", "status");
  note.textContent = `The link's target, ${id}, is not in this page: it may be beyond what the page lists, or of other results.`;
  main.prepend(note);
}

function decodeHash(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
