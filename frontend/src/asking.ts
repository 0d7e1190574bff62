// How members are named and asked for: refs of a model, conditions of cuts, rows of answers.

import type { Model, Row, Value } from "./api";
import type { Member, Naming } from "./figure";
import type { Speaker } from "./words";
import { condition, dimensionOf, type View } from "./view";

const ADDING = new Set(["sum", "count", "positive", "negative", "gross"]);

/** The columns that a ref is asked by: key and label of a dimension, or an attribute alone. */
export function naming(model: Model, ref: string): Naming {
  const dimension = model.dimensions[dimensionOf(ref)];
  const title = (name: string) => model.columns.find((one) => one.name === name)?.title;
  if (!dimension || ref.includes(".")) return { ref, key: ref, label: ref, title: heading(title(ref) ?? ref) };
  const { key_ref: key, label_ref: label } = dimension;
  return { ref, key, label, title: heading(title(label) ?? dimension.label), yearly: yearly(model, ref) };
}

/** A name from a model as a heading, as pages have it: “functional_classification” → “Functional classification”. */
export function heading(name: string): string {
  const words = name.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether each member of a dimension is a year, whatever its codes are: dates, of which only the year is told. */
function yearly(model: Model, ref: string): boolean {
  const { years } = model.roles;
  const role = model.roles.dimensions.find((one) => one.ref === ref);
  return role?.role === "time" && years?.ref === ref && role.members === years.years.length;
}

/** The refs to drill by: one, or two where the label is no key. */
export const drilled = (one: Naming): string[] => (one.key === one.label ? [one.key] : [one.key, one.label]);

/** The role of a dimension, such as `time` or `exclusive`. */
export const roleOf = (model: Model, ref: string): string | undefined =>
  model.roles.dimensions.find((one) => one.ref === dimensionOf(ref))?.role;

/** The measure that a view asks for: its own, or the first sum of the model. */
export function measureOf(model: Model, view: View): string {
  const sums = Object.keys(model.aggregates).filter((ref) => ref.endsWith(".sum"));
  return view.measure || sums[0] || "_count";
}

/** Whether amounts of the measure may be added: averages and extremes may not. */
export const adds = (model: Model, measure: string): boolean =>
  ADDING.has(model.aggregates[measure]?.function ?? "sum");

/** The dimension of time that lines run along: that of the shown level, or the dataset's years. */
export function timeOf(model: Model, level: string | null): Naming | null {
  const ref = level !== null && roleOf(model, level) === "time" ? level : model.roles.years?.key;
  if (!ref) return null;
  const named = naming(model, ref);
  return { ...named, label: named.key };
}

/** What a member of an answer's row is called; a missing one has words for that. */
export function memberOf(row: Row, named: Naming, measure: string, tone: number, speak: Speaker): Member {
  const [key, label] = [row[named.key] ?? null, row[named.label] ?? null];
  const amount = row[measure] ?? null;
  const missing = key === null && label === null;
  return {
    key: identity(row, named),
    label: missing ? speak.t("(none)") : named.yearly ? said(label ?? key, speak).slice(0, 4) : said(label ?? key, speak),
    code: key === null || key === label ? null : said(key, speak),
    kind: missing ? "missing" : "member",
    amount: amount === null ? null : String(amount),
    facts: typeof row["_count"] === "number" ? row["_count"] : null,
    hidden: 0,
    at: drilled(named).map((ref) => condition(ref, row[ref] ?? null)),
    tone,
  };
}

/** Tells the members of a row apart, also those of one code and several labels. */
export const identity = (row: Row, named: Naming): string =>
  JSON.stringify(drilled(named).map((ref) => row[ref] ?? null));

/** A cut that leaves the members, and perhaps some of the same code. */
export function only(named: Naming, members: readonly Member[]): string {
  const keys = new Set(members.map((one) => one.at[0]?.slice(named.key.length + 1) ?? "null"));
  return `${named.key}:${[...keys].join(";")}`;
}

/** All members that are not shown, as one. */
export function others(hidden: number, amount: string | null, speak: Speaker): Member {
  const label = speak.n(hidden, "others ({n})", "others ({n})");
  return { key: "others", label, code: null, kind: "others", amount, facts: null, hidden, at: [], tone: -1 };
}

function said(value: Value, speak: Speaker): string {
  if (typeof value === "boolean") return value ? speak.t("yes") : speak.t("no");
  return String(value) || "“”";
}
