// What there is to be drawn, or why there is nothing.

import { type Dataset, type Described, type Mixed, type Model, Refused, Unreachable } from "./api";
import { roleOf } from "./asking";
import type { Chart } from "./charts/drawing";
import { wayOf } from "./charts/index";
import type { Figure, Member } from "./figure";
import { figureOf } from "./plan";
import { type Reason, reasons } from "./suitability";
import { dimensionOf, reading, type View } from "./view";
import type { Speaker } from "./words";

/** What is there to be drawn. */
export interface Shown {
  readonly view: View;
  readonly figure: Figure;
  readonly model: Model;
  readonly about: Described | null;
  readonly chart: Chart | null;
  readonly reasons: readonly Reason[];
}

/** What went wrong, and what can be done. */
export interface Trouble {
  readonly message: string;
  readonly mixed: readonly Mixed[];
  readonly again: boolean;
}

/** Asks for all that a view needs; `shapes` is the address of those for a map, if the page gives any. Rejects with Refused, Unreachable, or a RangeError for too much. */
export async function look(dataset: Dataset, view: View, speak: Speaker, shapes = ""): Promise<Shown> {
  const all = Promise.all([dataset.model(), figureOf(dataset, view, speak), dataset.described().catch(() => null)]);
  const seen = all.then(([model, figure, about]) => ({ model, figure, about, given: shapes, origin: dataset.origin }));
  const [{ model, figure, about }, chart] = await Promise.all([seen, wayOf(view.chart, seen)]);
  const found = reasons(view, figure, model, about, chart);
  return { view, figure, model, about, chart: chart.draw, reasons: found };
}

/** What to tell of an error. */
export function troubleOf(error: unknown, speak: Speaker): Trouble {
  if (error instanceof Refused) {
    const choices = error.choices.length && !error.mixed.length ? ` ${speak.t("It can be: {choices}.", { choices: error.choices.join(", ") })}` : "";
    return { message: `${error.message}${choices}`, mixed: error.mixed, again: error.status === 503 || error.status === 429 };
  }
  if (error instanceof Unreachable) {
    return { message: speak.t("This OpenSpending cannot be reached just now."), mixed: [], again: true };
  }
  const message = error instanceof TypeError || error instanceof RangeError ? error.message : speak.t("The chart cannot be drawn.");
  return { message, mixed: [], again: false };
}

/** The page of the dataset that is shown. */
export const pageOf = (shown: Shown, dataset: Dataset | null): string =>
  new URL(shown.about?.links.page ?? dataset?.path ?? "/", dataset?.origin).href;

/** The page of a member, by its code; periods and attributes have none. */
export function memberPage(shown: Shown, dataset: Dataset | null, member: Member): string | null {
  if (member.kind !== "member" || !dataset) return null;
  const own = member.at.map(reading).findLast((one) => one !== null && shown.model.dimensions[dimensionOf(one.ref)]?.key_ref === one.ref);
  const found = own ?? null;
  if (found === null || !found.value || roleOf(shown.model, found.ref) === "time") return null;
  const path = `${dataset.path}/members/${encodeURIComponent(dimensionOf(found.ref))}/${encodeURIComponent(found.value)}`;
  return new URL(path, dataset.origin).href;
}
