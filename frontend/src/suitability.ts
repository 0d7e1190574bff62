// Whether a chart is honest with a figure: why not, in words, and which charts are.

import type { Described, Model } from "./api";
import { adds, measureOf, timeOf } from "./asking";
import type { Way } from "./charts/index";
import { hasNegatives, type Figure } from "./figure";
import { way, type ChartName, type View } from "./view";
import type { Speaker } from "./words";

/** Charts whose areas are parts of a whole. */
const PARTS: ReadonlySet<ChartName> = new Set(["treemap", "bubbles", "sunburst", "pie", "donut", "sankey"]);

export type Why = "negatives" | "mixed" | "average" | "one" | "no-time" | "one-period" | "few" | "no-second" | "no-regions" | "no-country" | "shapes" | "partial" | "years" | "nothing";

export interface Reason {
  readonly why: Why;
  /** Whether the chart would mislead, so that it is not drawn; others are only told. */
  readonly severe: boolean;
  readonly name?: string;
}

/** What speaks against the chart of the view, the gravest first. */
export function reasons(view: View, figure: Figure, model: Model, about: Described | null, can: Pick<Way, "knows" | "trouble" | "homeless"> = { knows: true, trouble: "" }): Reason[] {
  const { chart } = view;
  const found: Reason[] = [];
  const severe = (why: Why, name = ""): void => void found.push({ why, severe: true, name });
  if (figure.rows.every((one) => one.amount === null)) return [{ why: "nothing", severe: true }];
  if (PARTS.has(chart)) {
    if (!adds(model, measureOf(model, view))) severe("average");
    else if (figure.total === null) severe("mixed");
    if (hasNegatives(figure)) severe("negatives");
    if (figure.members === 1 && chart !== "sankey" && !figure.parts.length) found.push({ why: "one", severe: false });
  }
  if (can.trouble) found.push({ why: "shapes", severe: false, name: can.trouble });
  if (!can.knows) severe(can.homeless ? "no-country" : "no-regions");
  if (chart === "sankey" && !figure.columns.length) severe("no-second");
  if (chart === "radar" && figure.rows.length < 3) severe("few");
  if (chart === "radar" && hasNegatives(figure)) severe("negatives");
  found.push(...inTime(view, figure, model, about));
  return found.sort((one, other) => Number(other.severe) - Number(one.severe));
}

function inTime(view: View, figure: Figure, model: Model, about: Described | null): Reason[] {
  const found: Reason[] = [];
  if (view.chart === "line" || view.chart === "area") {
    if (timeOf(model, way(view).level) === null) return [{ why: "no-time", severe: true }];
    if (figure.columns.length < 2) return [{ why: "one-period", severe: true }];
  } else if (figure.meta.warnings.some((one) => one.code === "years-added" && one.in !== "summary") && !figure.timely) {
    found.push({ why: "years", severe: false });
  }
  const last = model.roles.years?.years.at(-1)?.[0];
  if (last !== undefined && (view.chart === "line" || view.chart === "area") && partial(model, about)) {
    found.push({ why: "partial", severe: false, name: String(last) });
  }
  return found;
}

/** Whether the last year of a dataset ends early: by its period, or because it has less than half of the usual facts. */
export function partial(model: Model, about: Described | null): boolean {
  const years = model.roles.years?.years ?? [];
  const [start, end] = [about?.fiscalPeriod?.start, about?.fiscalPeriod?.end];
  if (start && end) {
    const next = new Date(`${end}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + 1);
    if (!Number.isNaN(next.valueOf()) && next.toISOString().slice(5, 10) !== start.slice(5, 10)) return true;
  }
  const before = years.slice(0, -1).map(([, facts]) => facts).sort((one, other) => one - other);
  const usual = before[Math.floor(before.length / 2)];
  return usual !== undefined && (years.at(-1)?.[1] ?? 0) * 2 < usual;
}

/** The charts that show the same honestly. */
export function alternatives(view: View, found: readonly Reason[], model: Model): ChartName[] {
  const { level } = way(view);
  const whys = new Set(found.map((one) => one.why));
  const years = (model.roles.years?.years.length ?? 0) > 1;
  const offered: ChartName[] = ["bar", "table"];
  if (years && timeOf(model, level)) offered.push("line");
  if (!whys.has("negatives") && !whys.has("mixed") && !whys.has("average")) offered.push("treemap");
  return offered.filter((one) => one !== view.chart && (one !== "line" || !whys.has("no-time")));
}

/** The reason as a sentence. */
export function inWords({ why, name = "" }: Reason, speak: Speaker): string {
  switch (why) {
    case "negatives":
      return speak.t("Some amounts are below zero, and areas cannot show that. Bars can.");
    case "mixed":
      return speak.t("These amounts exclude each other, so they are no parts of one whole. Side by side they can be compared.");
    case "average":
      return speak.t("These are averages or extremes, not sums: they do not add up to a whole.");
    case "one":
      return speak.t("There is only one member, so the chart is one piece.");
    case "no-time":
      return speak.t("This dataset has no years to draw a line through.");
    case "one-period":
      return speak.t("There is only one year here, and a line needs two.");
    case "few":
      return speak.t("A radar needs at least three members.");
    case "no-second":
      return speak.t("This chart needs a second dimension: choose a series, or a group with a level below.");
    case "no-regions":
      return speak.t("The map has no shapes for these members. Bars show all of them.");
    case "no-country":
      return speak.t("The map looks for regions in the country that a dataset is of, and this one does not say it. Bars show all of them.");
    case "shapes":
      return speak.t("The shapes that were given cannot be used: {reason}.", { reason: speak.t(name) });
    case "partial":
      return speak.t("{name} may be incomplete: compare it with care.", { name });
    case "years":
      return speak.t("Amounts of several years are added together here.");
    case "nothing":
      return speak.t("No facts match, so there is nothing to show.");
  }
}
