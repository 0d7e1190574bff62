// Which shapes a map has: those that were given with it, those that the dataset brings, regions of its country, or countries.

import type { Described, Model } from "../api";
import type { Figure, Member } from "../figure";
import { dimensionOf } from "../view";
import { fetched, Unusable } from "./given";
import { match, type Match } from "./matching";
import { regionsOf, type Shapes, world } from "./shapes";

/** What a chart may look at before it says whether, and how, it can draw. */
export interface Seen {
  readonly figure: Figure;
  readonly model: Model;
  readonly about: Described | null;
  /** The address of the shapes that the page around the chart gives; "" for none. */
  readonly given: string;
  /** What addresses in answers are relative to. */
  readonly origin: string;
}

export interface Choice {
  /** Null where no shapes fit. */
  readonly match: Match | null;
  /** Why given shapes were of no use, in English, or "". */
  readonly trouble: string;
  /** Whether nobody says in which country the places are. */
  readonly homeless: boolean;
}

/** The part of the members from which on no other shapes are looked for. */
const ENOUGH = 0.75;

/** The shapes that the page gives, if they have a place for any member; else those that have one for the most, of equals the
 *  dataset's. Rejects when ours cannot be loaded. */
export async function choice(seen: Seen): Promise<Choice> {
  const { rows, rowRef } = seen.figure;
  const known = { geographic: rowRef !== null && geographic(seen.model, rowRef) };
  let [best, trouble]: [Match | null, string] = [null, ""];
  for (const { load, sure } of candidates(seen)) {
    try {
      const shapes = await load();
      const found = shapes ? match(rows, shapes, sure ? { geographic: true } : known) : null;
      if (found && shownBy(found) > shownBy(best)) best = found;
      if (best && (sure || shownBy(best) >= ENOUGH * rows.filter((one) => one.kind === "member").length)) break;
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      trouble ||= error.message;
    }
  }
  return { match: best, trouble, homeless: known.geographic && !countriesOf(rows, seen.about?.countries ?? []).size };
}

const shownBy = (found: Match | null): number => found?.placed.reduce((sum, one) => sum + one.members, 0) ?? 0;

/** Whether the dataset says that a dimension's members are places. */
const geographic = (model: Model, ref: string): boolean => model.dimensions[dimensionOf(ref)]?.orig_dimension === "geo-source";

/** Where shapes may be from, in order; nothing is looked for behind sure ones. */
function* candidates({ figure, about, given, origin }: Seen): Iterable<{ load: () => Promise<Shapes | null>; sure: boolean }> {
  if (given) yield { load: () => fetched(given), sure: true };
  for (const one of about?.shapes ?? []) yield { load: () => fetched(new URL(one.url, origin).href), sure: false };
  for (const country of countriesOf(figure.rows, about?.countries ?? [])) yield { load: () => regionsOf(country), sure: false };
  yield { load: world, sure: false };
}

/** The countries whose regions these may be: the one that the codes begin with, and the one that the dataset is about. */
function countriesOf(members: readonly Member[], said: readonly string[]): Set<string> {
  const begun = members.flatMap((one) => /^([A-Z]{2})[-.][A-Z0-9]{1,3}$/i.exec((one.code ?? one.label).trim())?.[1]?.toUpperCase() ?? []);
  const own = said.length === 1 ? [said[0]?.trim().toUpperCase() ?? ""] : [];
  return new Set([...(new Set(begun).size === 1 ? begun.slice(0, 1) : []), ...own]);
}
