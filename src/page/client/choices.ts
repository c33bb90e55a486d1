/** Shows one option of each choice at a time. */
export function startChoices(): void {
  for (const choice of document.querySelectorAll<HTMLElement>(".choice")) {
    const first = choice.querySelector<HTMLElement>(".group");
    if (first !== null) showOption(first);
  }
}

/** Shows the option of a choice that an element lies in, in place of the others. Elsewhere it does nothing. */
export function showOption(element: Element): void {
  const choice = element.closest(".choice");
  const group = [...(choice?.children ?? [])].find((child) => child.matches(".group") && child.contains(element));
  if (!choice || !group) return;
  for (const other of choice.querySelectorAll<HTMLElement>(":scope > .group")) other.hidden = other !== group;
  for (const link of choice.querySelectorAll("nav a")) {
    if (link.getAttribute("href") === `#${group.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
