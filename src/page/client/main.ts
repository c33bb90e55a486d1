import type { Chart } from "../chart.ts";
import { startCharts } from "./charts.ts";
import { startChoices } from "./choices.ts";
import { startLinks } from "./links.ts";
import { startTables } from "./tables.ts";
import { startTheme } from "./theme.ts";

const data = document.getElementById("charts")?.textContent ?? "[]";
for (const details of document.querySelectorAll("details")) details.open = false;
const charts = startCharts(JSON.parse(data) as Chart[]);
startTheme(charts.redraw);
startTables();
startChoices();
startLinks();
