// Which questions a view asks of the API, and what the answers come to. What is not shown is told exactly.

import type { Answer, Meta, Model, Row, Source } from "./api";
import { adds, drilled, identity, measureOf, memberOf, naming, only, others, roleOf, timeOf } from "./asking";
import { compared } from "./comparing";
import { described, remainder, sumOf, type Figure, type Member, type Naming } from "./figure";
import { compare } from "./money";
import { cutOf, way, type View } from "./view";
import type { Speaker } from "./words";

const MOST = 10_000;
const PERIODS = 500;

/** What all questions of a view have in common. */
export interface Question {
  readonly source: Source;
  readonly model: Model;
  readonly view: View;
  readonly speak: Speaker;
  readonly measure: string;
}

/** Members along one side of a figure. */
interface Side {
  readonly members: readonly Member[];
  /** What all members come to, skipped ones left out; null when nobody can say. */
  readonly total: string | null;
  readonly count: number;
  /** Whether the members may be added to each other. */
  readonly adds: boolean;
  /** Whether the amount of each member adds up what is apart in the other dimension. */
  readonly mixes: boolean;
  readonly answer: Answer;
}

/** Asks what the view shows. Rejects with Refused or Unreachable. */
export async function figureOf(source: Source, view: View, speak: Speaker): Promise<Figure> {
  const model = await source.model();
  const question = { source, model, view, speak, measure: measureOf(model, view) };
  const { level } = way(view);
  if (view.chart === "line" || view.chart === "area") return overTime(question, level);
  if (view.compare && (view.chart === "bar" || view.chart === "table" || view.chart === "radar")) return compared(question, level);
  if (level === null) return whole(question);
  const rows = naming(model, level);
  const second = secondOf(view, level);
  if (view.chart === "sunburst" && second !== null) return nested(question, rows, naming(model, second));
  if (second === null || second === level) return flat(question, rows);
  return grid(question, rows, naming(model, second));
}

/** The second dimension that a chart needs: the series; for flows and rings the next level else. */
export function secondOf(view: View, level: string): string | null {
  const place = view.group.indexOf(level);
  const next = view.group[place + 1] ?? null;
  if (view.chart === "sunburst") return next;
  if (view.chart === "sankey") return view.series || next;
  const takes = ["bar", "table", "pivot", "radar"].includes(view.chart);
  return takes && view.series ? view.series : null;
}

async function asked(question: Question, drill: readonly string[], more: Record<string, string>): Promise<Answer> {
  const cut = [cutOf(question.view), more["cut"]].filter(Boolean).join("|");
  return question.source.aggregate({
    drilldown: drill.join("|"), aggregates: question.measure, ...more, cut,
  });
}

/** Members of a dimension, the first of the order or all periods; with “others” for the rest. */
async function side(question: Question, named: Naming, second: Naming | null, size: number): Promise<Side> {
  const { model, view, measure, speak } = question;
  const time = roleOf(model, named.ref) === "time";
  const mixes = second !== null && roleOf(model, second.ref) === "exclusive";
  const primary = view.skip > 0 && way(view).level === named.ref;
  const skip = primary ? view.skip : 0;
  const order = orderOf(question, named, time);
  const wanted = Math.min(time ? Math.max(size, PERIODS) : skip + size, MOST - 1);
  const answer = await asked(question, drilled(named), {
    order, pagesize: String(wanted + 1), ...(mixes ? { allow: "mixed" } : {}),
  });
  // A single member more takes no more room than “others (1)” would.
  const shown = answer.total <= wanted + 1 ? answer.data : answer.data.slice(0, wanted);
  const all = shown.map((row, place) => memberOf(row, named, measure, place - skip, speak));
  const sound = adds(model, measure) && !mixes && !mixed(answer.meta);
  return { ...rest(question, answer, all, skip, sound), adds: sound, mixes, answer };
}

function rest(
  question: Question, answer: Answer, all: readonly Member[], skip: number, sound: boolean,
): Pick<Side, "members" | "total" | "count"> {
  const members = all.slice(skip);
  const summary = answer.summary[question.measure] ?? null;
  const skipped = all.slice(0, skip).map((one) => one.amount);
  const total = sound && summary !== null ? remainder(String(summary), skipped) : null;
  const hidden = answer.total - all.length;
  const left = total === null ? null : remainder(total, members.map((one) => one.amount));
  const shown = hidden > 0 ? [...members, others(hidden, left, question.speak)] : members;
  return { members: shown, total, count: answer.total };
}

function orderOf({ view, measure }: Question, named: Naming, time: boolean): string {
  if (time) return `${named.key}:asc`;
  const [ref, direction] = view.order.split(":");
  const known = ref === measure || ref === "_count" || drilled(named).includes(ref ?? "");
  return known && ref ? `${ref}:${direction === "asc" ? "asc" : "desc"}` : `${measure}:desc`;
}

const mixed = (meta: Meta): boolean => meta.warnings.some((one) => one.code.startsWith("mixed-"));

/** Everything in one row. */
async function whole(question: Question): Promise<Figure> {
  const answer = await asked(question, [], {});
  const row: Row = answer.data[0] ?? answer.summary;
  const all = { ref: "", key: "", label: "", title: "" };
  const member = { ...memberOf(row, all, question.measure, 0, question.speak), label: question.speak.t("All"), at: [] };
  const rows = [{ ...member, kind: "member" as const }];
  return { ...common(question, answer), rowTitle: "", rowRef: null, rows, total: rows[0]?.amount ?? null, members: 1 };
}

async function flat(question: Question, named: Naming): Promise<Figure> {
  const size = question.view.chart === "map" ? 1000 : question.view.size;
  const rows = await side(question, named, null, size);
  return {
    ...common(question, rows.answer),
    rowTitle: named.title, rowRef: named.ref, rows: rows.members, rowsAdd: rows.adds, total: rows.total,
    members: rows.count,
  };
}

/** Rows by columns. A row's others are the row less what is shown of it; so are a column's. */
async function grid(question: Question, rowNames: Naming, columnNames: Naming): Promise<Figure> {
  const [rows, columns] = await Promise.all([
    side(question, rowNames, columnNames, question.view.size),
    side(question, columnNames, rowNames, seriesSize(question.view)),
  ]);
  const lookup = await cellsOf(question, rowNames, columnNames, rows, columns);
  const cells = completed(rows, columns, lookup);
  const additive = adds(question.model, question.measure);
  const timely = roleOf(question.model, columnNames.ref) === "time";
  return {
    ...common(question, rows.answer),
    rowTitle: rowNames.title, columnTitle: columnNames.title, rowRef: rowNames.ref,
    rows: rows.members, columns: columns.members, cells, rowsAdd: additive && !columns.mixes,
    columnsAdd: additive && !rows.mixes && !timely, timely, total: rows.total, members: rows.count,
  };
}

/** How many members of the series are told apart. */
const seriesSize = (view: View): number => (view.chart === "pivot" ? 50 : view.chart === "sankey" ? view.size : 6);

type Lookup = (row: Member, column: Member) => string | null;

async function cellsOf(
  question: Question, rowNames: Naming, columnNames: Naming, rows: Side, columns: Side,
): Promise<Lookup> {
  const cut = [narrowed(rowNames, rows), narrowed(columnNames, columns)].filter(Boolean).join("|");
  const answer = await asked(question, [...drilled(rowNames), ...drilled(columnNames)], { cut, pagesize: String(MOST) });
  const found = new Map<string, string | null>();
  for (const row of answer.data) {
    const amount = row[question.measure] ?? null;
    found.set(identity(row, rowNames) + identity(row, columnNames), amount === null ? null : String(amount));
  }
  return (row, column) => found.get(row.key + column.key) ?? null;
}

/** The cut that leaves the shown members; none where all are shown. */
function narrowed(named: Naming, one: Side): string {
  const shown = one.members.filter((member) => member.kind !== "others");
  return shown.length === one.count || shown.length === 0 ? "" : only(named, shown);
}

/** All cells, those of “others” being what is left of the totals of their row and column. */
export function completed(
  rows: Pick<Side, "members">, columns: Pick<Side, "members">, lookup: Lookup,
): (string | null)[][] {
  const shownColumns = columns.members.filter((one) => one.kind !== "others");
  const cells = rows.members.map((row) =>
    columns.members.map((column) => (row.kind === "others" || column.kind === "others" ? null : lookup(row, column))),
  );
  const lastColumn = columns.members.findIndex((one) => one.kind === "others");
  const lastRow = rows.members.findIndex((one) => one.kind === "others");
  const rest = cells.map((line, place) => {
    const row = rows.members[place];
    if (lastColumn < 0 || !row || row.kind === "others") return line;
    const shown = line.slice(0, shownColumns.length);
    const left = row.amount === null ? null : remainder(row.amount, shown);
    return line.map((cell, column) => (column === lastColumn ? left : cell));
  });
  if (lastRow < 0) return rest;
  return rest.map((line, place) =>
    place !== lastRow
      ? line
      : line.map((_, column) => {
          const total = columns.members[column]?.amount ?? null;
          const shown = rest.filter((_line, row) => row !== lastRow).map((other) => other[column] ?? null);
          return total === null ? null : remainder(total, shown);
        }),
  );
}

/** Lines over the periods: of the members of a level, of a series, or one of everything. */
async function overTime(question: Question, level: string | null): Promise<Figure> {
  const { model, view, speak } = question;
  const time = timeOf(model, level);
  if (time === null) return level === null ? whole(question) : flat(question, naming(model, level));
  const along = level !== null && roleOf(model, level) === "time" ? view.series || null : level;
  if (along !== null) return grid({ ...question, view: { ...view, size: Math.min(view.size, 8) } }, naming(model, along), time);
  const columns = await side(question, time, null, PERIODS);
  const figure = common(question, columns.answer);
  const row: Member = {
    key: "all", label: figure.measure || speak.t("All"), code: null, kind: "member", amount: columns.total, facts: null,
    hidden: 0, at: [], tone: 0,
  };
  return {
    ...figure, rowTitle: "", columnTitle: time.title, rowRef: null, rows: [row], columns: columns.members,
    cells: [columns.members.map((one) => one.amount)], columnsAdd: false, timely: true, total: columns.total, members: 1,
  };
}

/** Two levels: each row with its own parts, and the others of its own. */
async function nested(question: Question, outer: Naming, inner: Naming): Promise<Figure> {
  const rows = await side(question, outer, null, question.view.size);
  const cut = narrowed(outer, rows);
  const answer = await asked(question, [...drilled(outer), ...drilled(inner)], {
    cut, order: `${question.measure}:desc`, pagesize: String(MOST),
  });
  const parts = rows.members.map((row) => partsOf(question, row, outer, inner, answer.data));
  return {
    ...common(question, rows.answer),
    rowTitle: outer.title, columnTitle: inner.title, rowRef: outer.ref, rows: rows.members, parts,
    rowsAdd: rows.adds, total: rows.total, members: rows.count,
  };
}

function partsOf(question: Question, row: Member, outer: Naming, inner: Naming, data: readonly Row[]): Member[] {
  if (row.kind === "others") return [row];
  const within = data.filter((one) => identity(one, outer) === row.key);
  const all = within.map((one) => ({ ...memberOf(one, inner, question.measure, row.tone, question.speak) }));
  const named = all.map((one) => ({ ...one, at: [...row.at, ...one.at] }));
  const shown = named.slice(0, 8);
  const left = row.amount === null ? null : remainder(row.amount, shown.map((one) => one.amount));
  const hidden = all.length - shown.length;
  const missing = hidden > 0 || (left !== null && compare(left, "0") !== 0);
  return missing ? [...shown, { ...others(hidden, left, question.speak), at: row.at, tone: row.tone }] : shown;
}

/** What every figure has; one of one row and no columns. */
export function common(question: Question, answer: Answer): Figure {
  return {
    ...described(answer, question.measure),
    rowTitle: "", columnTitle: "", rowRef: null, rows: [], columns: [], cells: [], parts: [], changes: [],
    rowsAdd: true, columnsAdd: true, timely: false, total: null, members: 0, meta: answer.meta,
  };
}

/** What the cells of a figure come to: the same as its total, digit for digit. */
export function drawn(figure: Figure): string {
  if (figure.columns.length) return sumOf(figure.cells.flat());
  return sumOf(figure.parts.length ? figure.parts.flat().map((one) => one.amount) : figure.rows.map((one) => one.amount));
}
