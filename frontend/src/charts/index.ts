// The charts by name. The map brings its geometry along, and is loaded when it is asked for.

import { Unreachable } from "../api";
import type { ChartName } from "../view";
import type { Speaker } from "../words";
import { bar } from "./bar";
import { bubbles } from "./bubbles";
import type { Seen } from "./choosing";
import type { Chart } from "./drawing";
import { area, line } from "./line";
import { donut, pie } from "./pie";
import { radar } from "./radar";
import { sankey } from "./sankey";
import { sunburst } from "./sunburst";
import { treemap } from "./treemap";

/** How a chart is drawn; null for those that are tables. Whether it has a place for any member, and what is wrong with shapes
 *  that were given for it. */
export interface Way {
  readonly draw: Chart | null;
  readonly knows: boolean;
  readonly trouble: string;
  readonly homeless?: boolean;
}

const AT_ONCE: Partial<Record<ChartName, Chart>> = { bar, line, area, treemap, bubbles, sunburst, pie, donut, sankey, radar };

/** The way of a chart to draw what is seen. Rejects when the map cannot be loaded, or what is seen cannot. */
export async function wayOf(name: ChartName, seen: Promise<Seen>): Promise<Way> {
  if (name !== "map") return { draw: AT_ONCE[name] ?? null, knows: true, trouble: "" };
  const [{ mapped }, what] = await Promise.all([import("./map").catch(unreachable), seen]);
  const { draw, choice } = await mapped(what);
  return { draw, knows: choice.match !== null, trouble: choice.trouble, homeless: choice.homeless };
}

/** A part of our own that cannot be loaded: the server is off, or has another build by now. */
const unreachable = (error: unknown): never => {
  throw new Unreachable("map", { cause: error });
};

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
