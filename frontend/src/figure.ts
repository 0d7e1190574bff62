// The figures of a view: members, amounts and what is left over, exactly as they are drawn and tabled.

import type { Answer, Column, Meta } from "./api";
import { heading } from "./asking";
import { sign, subtract, sum } from "./money";
import type { Pivot } from "./nesting";

/** A member of a dimension with its amount; or all that are not shown, as “others”. */
export interface Member {
  readonly key: string;
  readonly label: string;
  readonly code: string | null;
  readonly kind: "member" | "missing" | "others";
  readonly amount: string | null;
  /** How many facts make the amount; null where nobody counted. */
  readonly facts: number | null;
  /** How many members “others” stands for. */
  readonly hidden: number;
  /** The conditions that choose the member. */
  readonly at: readonly string[];
  /** Its colour among its siblings; the same as long as their order is. */
  readonly tone: number;
}

/** What became of an amount. */
export interface Change {
  readonly difference: string | null;
  readonly rate: string | null;
}

export interface Figure {
  /** Title of the measure, its currency, and its unit where that is not 1. */
  readonly measure: string;
  readonly currency: string | null;
  readonly unit: string | null;
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Ref of the dimension that the rows are members of; null where there is one row of all. */
  readonly rowRef: string | null;
  readonly rows: readonly Member[];
  /** Members of the series, periods, or none. */
  readonly columns: readonly Member[];
  /** By row and column; empty where there are no columns. */
  readonly cells: readonly (readonly (string | null)[])[];
  /** By row, where two sides are compared: the difference, and its rate. */
  readonly changes: readonly Change[];
  /** Members one level below each row; empty unless the chart shows two levels. */
  readonly parts: readonly (readonly Member[])[];
  /** Levels within each other, where the view is a pivot table. */
  readonly pivot: Pivot | null;
  /** Whether members of a kind may be added to each other. */
  readonly rowsAdd: boolean;
  readonly columnsAdd: boolean;
  /** Whether the columns are periods, which are added up by nobody. */
  readonly timely: boolean;
  /** What all rows come to: the answered total, less what was skipped. Null when they must not be added. */
  readonly total: string | null;
  /** How many members there are, shown or not. */
  readonly members: number;
  readonly meta: Meta;
}

/** Refs of the columns that name a member. */
export interface Naming {
  readonly ref: string;
  readonly key: string;
  readonly label: string;
  readonly title: string;
  /** Whether its members are years, written as dates or not. */
  readonly yearly?: boolean;
}

/** All amounts that a figure draws. */
export function amounts(figure: Figure): (string | null)[] {
  if (figure.columns.length) return figure.cells.flat();
  return figure.parts.length ? figure.parts.flat().map((one) => one.amount) : figure.rows.map((one) => one.amount);
}

/** The exact sum of amounts, of which some may be missing. */
export const sumOf = (all: readonly (string | null)[]): string => sum(all.filter((one) => one !== null));

const NEGATIVES = new WeakMap<Figure, boolean>();

/** Whether an amount is below zero. */
export function hasNegatives(figure: Figure): boolean {
  const known = NEGATIVES.get(figure);
  if (known !== undefined) return known;
  const all = [...amounts(figure), ...figure.rows.map((one) => one.amount)];
  const found = all.some((one) => one !== null && sign(one) < 0);
  NEGATIVES.set(figure, found);
  return found;
}

/** What is left of a total when the shown amounts are taken away. */
export const remainder = (total: string, shown: readonly (string | null)[]): string => subtract(total, sumOf(shown));

/** The title, currency and unit of a column of an answer. */
export function described(answer: Answer, ref: string): Pick<Figure, "measure" | "currency" | "unit"> {
  const column: Column | undefined = answer.columns.find((one) => one.name === ref);
  const unit = column?.unit && column.unit !== "1" ? column.unit : null;
  return { measure: heading(column?.title ?? ref), currency: column?.currency ?? null, unit };
}
