// A pivot table: all levels of a view within each other, from one answer of their cells.

import { adds, drilled, memberOf, naming, others, roleOf } from "./asking";
import type { Figure, Member, Naming } from "./figure";
import { type Branch, nest, type Nest, OTHERS } from "./nesting";
import { common } from "./plan";
import { asked, type Question } from "./sides";
import { nested } from "./view";

/** The most cells that one answer has. */
const MOST = 10_000;
/** Members of one level that are shown beside each other. */
const COLUMNS = 24;
/** Where phases stand in the life of a budget. */
const LIFE: Readonly<Record<string, number>> = { proposed: 0, approved: 1, adjusted: 2, executed: 3 };
const UNKNOWN = 2;

/** What the levels of a view come to within each other. Rejects with a RangeError for too many cells. */
export async function pivoted(question: Question): Promise<Figure> {
  const { model, view, measure, speak } = question;
  const refs = nested(view);
  const rows = refs.map((ref) => levelOf(question, naming(model, ref), view.size));
  const beside = view.series.filter((ref) => !refs.includes(ref) && ref in model.dimensions);
  const columns = beside.map((ref) => levelOf({ ...question, view: { ...view, order: "" } }, naming(model, ref), COLUMNS));
  const drill = new Set([...rows, ...columns].flatMap((one) => drilled(one.named)));
  const answer = await asked(question, [...drill], { order: `${measure}:desc`, pagesize: String(MOST) });
  if (answer.total > answer.data.length) {
    throw new RangeError(speak.n(MOST, "There are more than {n} cells.", "There are more than {n} cells, which is too many for one table: filter, or choose fewer levels."));
  }
  const pivot = nest(answer.data, rows, columns, measure, adds(model, measure), view.skip);
  const top = pivot.rows.parts.map((one) => ({ ...headOf(question, pivot.rowNests, one), amount: pivot.amount(one, pivot.columns) }));
  return {
    ...common(question, answer),
    rowTitle: rows.map((one) => one.named.title).join(" › "),
    columnTitle: columns.map((one) => one.named.title).join(" › "),
    rowRef: rows[0]?.named.ref ?? null, rows: top, pivot, rowsAdd: pivot.rows.sums, columnsAdd: pivot.columns.sums,
    total: pivot.rows.sums && pivot.columns.sums ? pivot.amount(pivot.rows, pivot.columns) : null,
    members: top.reduce((all, one) => all + (one.kind === "others" ? one.hidden : 1), view.skip),
  };
}

function levelOf({ model, view, measure }: Question, named: Naming, most: number): Nest {
  const role = roleOf(model, named.ref);
  const own = { named, adds: role !== "time" && role !== "exclusive", most, down: false };
  const text = (ref: string): Nest["order"] => (row) => (row[named.key] === null ? null : String(row[ref] ?? ""));
  if (role === "time") return { ...own, order: text(named.key) };
  if (kindOf(model, named.ref) === "phase") {
    return { ...own, order: (row) => row[named.key] === null ? null : `${LIFE[String(row[named.key])] ?? UNKNOWN} ${String(row[named.label] ?? "")}` };
  }
  const [ref = "", direction] = view.order.split(":");
  if (ref === named.key || ref === named.label) return { ...own, order: text(ref), down: direction === "desc" };
  return { ...own, order: null, down: view.order !== `${measure}:asc` };
}

const kindOf = (model: Question["model"], ref: string): string | null =>
  model.roles.dimensions.find((one) => one.ref === ref)?.kind ?? null;

/** The member at the end of a branch, chosen by all conditions on the way to it. */
export function headOf(question: Pick<Question, "measure" | "speak">, nests: readonly Nest[], branch: Branch, before: readonly string[] = []): Member {
  const level = nests[branch.path.length - 1];
  if (branch.path.at(-1) === OTHERS || !level || !branch.row) return { ...others(branch.hidden, null, question.speak), at: before };
  const member = memberOf(branch.row, level.named, question.measure, -1, question.speak);
  return { ...member, amount: null, facts: null, at: [...before, ...member.at] };
}
