import type { Chart } from "../chart.ts";
import { categoryWords } from "./bars.ts";
import type { EChartsType } from "./echarts.ts";
import { cellWords } from "./heat-map.ts";
import { placeWords } from "./lines.ts";
import { sentence, type Words } from "./tip.ts";

/** Places of a chart that the arrow keys go through: how many, how far up and down lead, and what is said of each. */
interface Walk {
  count: number;
  /** Places that up and down jump; a page jumps ten times as far as an arrow. */
  rowLength: number;
  words: (index: number) => Words;
  /** The series and item to point at. */
  item: (index: number) => { seriesIndex: number; dataIndex: number };
}

/** Lets arrow keys, Home, End and the page keys go through a chart's values, which are said and shown. */
export function readByKeys(place: { chart: Chart; element: HTMLElement; drawn: EChartsType | null }): void {
  const voice = document.createElement("p");
  voice.className = "heard";
  voice.setAttribute("role", "status");
  place.element.after(voice);
  const walk = walkOf(place.chart);
  let at = -1;
  place.element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      place.drawn?.dispatchAction({ type: "hideTip" });
      return;
    }
    const next = step(event.key, at, walk);
    if (next === null || walk.count === 0) return;
    event.preventDefault();
    at = Math.min(Math.max(next, 0), walk.count - 1);
    voice.textContent = sentence(walk.words(at));
    place.drawn?.dispatchAction({ type: "showTip", ...walk.item(at) });
  });
  place.element.addEventListener("blur", () => place.drawn?.dispatchAction({ type: "hideTip" }));
}

function step(key: string, at: number, { count, rowLength }: Walk): number | null {
  const moves: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + rowLength,
    ArrowUp: at - rowLength,
    PageDown: at + 10 * rowLength,
    PageUp: at - 10 * rowLength,
    Home: 0,
    End: count - 1,
  };
  return Object.hasOwn(moves, key) ? moves[key]! : null;
}

function walkOf(chart: Chart): Walk {
  if (chart.kind === "heat-map") {
    const [rows, columns] = [chart.rows.length, chart.columns.length];
    const item = (dataIndex: number) => ({ seriesIndex: 0, dataIndex });
    return { count: rows * columns, rowLength: columns, words: (index) => cellWords(chart, index), item };
  }
  if (chart.kind === "bars") {
    const item = (dataIndex: number) => ({ seriesIndex: 0, dataIndex });
    return { count: chart.categories.length, rowLength: 1, words: (index) => categoryWords(chart, index), item };
  }
  const places = [...new Set(chart.series.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const item = (index: number) => {
    const seriesIndex = chart.series.findIndex(({ points }) => points.some(([x]) => x === places[index]));
    return { seriesIndex, dataIndex: chart.series[seriesIndex]!.points.findIndex(([x]) => x === places[index]) };
  };
  return { count: places.length, rowLength: 1, words: (index) => placeWords(chart, places[index]!), item };
}
