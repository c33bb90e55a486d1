/** Colours of the style sheet by their names, as they are now: light or dark. */
export type Colours = (name: string) => string;

/** Reads colours by asking the browser what an element of theirs would look like, each once. */
export function readColours(): Colours {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const known = new Map<string, string>();
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  return (name) => {
    const colour = known.get(name) ?? read(name);
    known.set(name, colour);
    return colour;
  };
}
