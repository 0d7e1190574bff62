// The charts by name. The map brings its geometry along, and is loaded when it is asked for.

import type { ChartName } from "../view";
import type { Speaker } from "../words";
import { bar } from "./bar";
import type { Chart } from "./drawing";
import { area, line } from "./line";
import { treemap } from "./treemap";

const AT_ONCE: Partial<Record<ChartName, Chart>> = { bar, line, area, treemap };

/** How a chart is drawn; null for those that are tables. */
export async function chartOf(name: ChartName): Promise<Chart | null> {
  return AT_ONCE[name] ?? null;
}

/** What a chart is called. */
export function titleOf(name: ChartName, speak: Speaker): string {
  const titles: Record<ChartName, string> = {
    table: speak.t("Table"),
    bar: speak.t("Bars"),
    line: speak.t("Lines"),
    area: speak.t("Areas"),
    treemap: speak.t("Treemap"),
    bubbles: speak.t("Bubbles"),
    sunburst: speak.t("Sunburst"),
    pie: speak.t("Pie"),
    donut: speak.t("Donut"),
    sankey: speak.t("Flows"),
    radar: speak.t("Radar"),
    map: speak.t("Map"),
    pivot: speak.t("Pivot table"),
  };
  return titles[name];
}
