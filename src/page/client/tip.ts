import type { Space } from "./space.ts";

/** What is said of a place in a chart: for the eye in a box, for the ear in a sentence. */
export interface Words {
  head: string;
  lines: string[];
}

/** Settings of the box that shows words. ECharts would read text as HTML: it gets elements instead, so that text stays text. */
export function tipOption(
  { colours, width }: Space,
  trigger: "item" | "axis",
  words: (params: unknown) => Words,
): object {
  return {
    trigger,
    confine: true,
    transitionDuration: 0,
    className: "tip",
    backgroundColor: colours("card"),
    borderColor: colours("quiet"),
    textStyle: { color: colours("text"), fontSize: 13, width: Math.min(340, width - 40) },
    axisPointer: { type: "line", lineStyle: { color: colours("quiet") } },
    formatter: (params: unknown) => boxOf(words(params)),
  };
}

/** Both as one sentence. */
export function sentence({ head, lines }: Words): string {
  return [head, ...lines].join("; ");
}

function boxOf({ head, lines }: Words): HTMLElement {
  const box = document.createElement("div");
  const strong = document.createElement("strong");
  strong.textContent = head;
  box.append(strong);
  for (const line of lines) {
    const part = document.createElement("div");
    part.textContent = line;
    box.append(part);
  }
  return box;
}
