// Which questions a view asks of the API, and what the answers come to. What is not shown is told exactly.

import type { Answer, Row, Source } from "./api";
import { adds, drilled, identity, measureOf, memberOf, naming, others, roleOf, timeOf } from "./asking";
import { cellsOf, narrowed } from "./cells";
import { compared } from "./comparing";
import { described, remainder, sumOf, type Figure, type Member, type Naming } from "./figure";
import { compare } from "./money";
import { pivoted } from "./pivot";
import { asked, everything, PERIODS, side, type Question } from "./sides";
import { way, type View } from "./view";
import type { Speaker } from "./words";

/** Asks what the view shows. Rejects with Refused or Unreachable. */
export async function figureOf(source: Source, view: View, speak: Speaker): Promise<Figure> {
  const model = await source.model();
  const question = { source, model, view, speak, measure: measureOf(model, view) };
  const { level } = way(view);
  if (view.chart === "line" || view.chart === "area") return overTime(question, level);
  if (view.compare && ["bar", "table", "radar", "pivot"].includes(view.chart)) return compared(question, level);
  if (level === null) return whole(question);
  if (view.chart === "pivot") return pivoted(question);
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
  const series = view.series[0] ?? null;
  if (view.chart === "sankey") return series ?? next;
  return view.chart === "bar" || view.chart === "table" || view.chart === "radar" ? series : null;
}

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
  const found = await cellsOf(question, rowNames, columnNames, rows, columns);
  const additive = adds(question.model, question.measure);
  const timely = roleOf(question.model, columnNames.ref) === "time";
  return {
    ...common(question, rows.answer),
    rowTitle: rowNames.title, columnTitle: columnNames.title, rowRef: rowNames.ref,
    rows: rows.members, ...found, rowsAdd: additive && !columns.mixes,
    columnsAdd: additive && !rows.mixes && !timely, timely, total: rows.total, members: rows.count,
  };
}

/** How many members of the series are told apart. */
const seriesSize = (view: View): number => (view.chart === "sankey" ? view.size : 6);

/** Lines over the periods: of the members of a level, of a series, or one of everything. */
async function overTime(question: Question, level: string | null): Promise<Figure> {
  const { model, view, speak } = question;
  const time = timeOf(model, level);
  if (time === null) return level === null ? whole(question) : flat(question, naming(model, level));
  const along = level !== null && roleOf(model, level) === "time" ? (view.series[0] ?? null) : level;
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
  const data = await everything(question, [...drilled(outer), ...drilled(inner)], { cut, order: `${question.measure}:desc` });
  const parts = rows.members.map((row) => partsOf(question, row, outer, inner, data));
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
    rowTitle: "", columnTitle: "", rowRef: null, rows: [], columns: [], cells: [], parts: [], changes: [], pivot: null,
    rowsAdd: true, columnsAdd: true, timely: false, total: null, members: 0, meta: answer.meta,
  };
}

/** What the cells of a figure come to: the same as its total, digit for digit. */
export function drawn(figure: Figure): string {
  if (figure.columns.length) return sumOf(figure.cells.flat());
  return sumOf(figure.parts.length ? figure.parts.flat().map((one) => one.amount) : figure.rows.map((one) => one.amount));
}
