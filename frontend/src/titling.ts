// What a chart is called: the same words as those of the page that shows it.

import type { Model } from "./api";
import { naming } from "./asking";
import type { Figure } from "./figure";
import { nested, way, type View } from "./view";
import type { Speaker } from "./words";

/** The title of what a view shows, such as “Amount by Purpose and Phase”; levels within each other are parted by “›”. */
export function titled(view: View, model: Model, figure: Figure, speak: Speaker): string {
  const amount = figure.measure;
  const pivots = view.chart === "pivot" && !view.compare;
  const shown = way(view).level;
  const rows = pivots ? nested(view) : shown === null ? [] : [shown];
  const beside = pivots ? view.series.filter((ref) => !rows.includes(ref)) : view.series.slice(0, 1);
  const titles = (refs: readonly string[]): string => refs.map((ref) => naming(model, ref).title).join(" › ");
  const level = titles(rows);
  const series = view.compare ? "" : titles(beside);
  if (!level) return amount;
  return series ? speak.t("{amount} by {level} and {series}", { amount, level, series }) : speak.t("{amount} by {level}", { amount, level });
}

/** The rank of a heading in its document: one below the heading before it; and whether that says the same already. */
export function rankOf(element: Element, title: string): { rank: number; said: boolean } {
  const all = [...element.ownerDocument.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const before = all.findLast((one) => (one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
  const above = before ? Number(before.tagName.charAt(1)) : 1;
  return { rank: Math.min(6, above + 1), said: before?.textContent?.trim() === title };
}
