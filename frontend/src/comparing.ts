// Two sums side by side, member by member: approved and executed, one year and the next.

import type { Answer, Row } from "./api";
import { drilled, heading, memberOf, naming, others } from "./asking";
import { type Change, type Figure, type Member, type Naming, remainder } from "./figure";
import { ratio, subtract } from "./money";
import { common } from "./plan";
import type { Question } from "./sides";
import { conditions, cutOf, reading } from "./view";

const SIDES = ["left", "right"] as const;

/** What the two sides of `compare` come to, for the members of a level or for everything. */
export async function compared(question: Question, level: string | null): Promise<Figure> {
  const { view, model } = question;
  const [left = "", right = ""] = view.compare.split("~");
  const named = level === null ? null : naming(model, level);
  const wanted = view.skip + view.size;
  const measure = model.aggregates[question.measure]?.measure ?? "";
  const answer = await question.source.compare({
    left, right, drilldown: named === null ? "" : drilled(named).join("|"), cut: cutOf(view),
    measure: /(^|[|])measure:/.test(view.compare.replace("~", "|")) ? "" : measure,
    order: orderOf(view.order, question.measure, named), pagesize: String(Math.min(wanted + 1, 10_000)),
  });
  return figure(question, answer, named, [left, right]);
}

function orderOf(order: string, measure: string, named: Naming | null): string {
  const [ref, direction] = order.split(":");
  if (ref === measure) return `left:${direction === "asc" ? "asc" : "desc"}`;
  return named && ref && drilled(named).includes(ref) ? order : "left:desc";
}

function figure(question: Question, answer: Answer, named: Naming | null, asked: readonly [string, string]): Figure {
  const { view, speak } = question;
  const wanted = view.skip + view.size;
  const fetched = answer.total <= wanted + 1 ? answer.data : answer.data.slice(0, wanted);
  const data = fetched.slice(view.skip);
  const rows = data.map((row, place) => memberOf(row, named ?? NOBODY, "left", place, speak));
  const named2 = named === null ? rows.map((one) => ({ ...one, label: speak.t("All"), kind: "member" as const, at: [] })) : rows;
  const skipped = fetched.slice(0, view.skip);
  const totals = SIDES.map((side) => left(answer.summary, side, skipped));
  const cells = data.map((row) => SIDES.map((side) => textOf(row, side)));
  const changes = data.map((row) => ({ difference: textOf(row, "difference"), rate: textOf(row, "rate") }));
  const hidden = answer.total - fetched.length;
  const rest = SIDES.map((side, place) => (totals[place] ? remainder(totals[place] ?? "0", data.map((row) => textOf(row, side))) : null));
  const columns = asked.map((side, place) => sideOf(question, side, totals[place] ?? null, place));
  return {
    ...common(question, answer),
    ...units(answer),
    measure: heading(answer.columns.find((one) => one.name === "left")?.title?.replace(/^Left: /, "") ?? question.measure),
    rowTitle: named?.title ?? "", rowRef: named?.ref ?? null, columns, columnsAdd: false, members: answer.total, total: null,
    rows: hidden > 0 ? [...named2, others(hidden, rest[0] ?? null, speak)] : named2,
    cells: hidden > 0 ? [...cells, rest] : cells,
    changes: hidden > 0 ? [...changes, change(rest)] : changes,
  };
}

const NOBODY: Naming = { ref: "", key: "", label: "", title: "" };

const textOf = (row: Row, name: string): string | null => (row[name] === null || row[name] === undefined ? null : String(row[name]));

function left(summary: Row, side: string, skipped: readonly Row[]): string | null {
  const total = textOf(summary, side);
  return total === null ? null : remainder(total, skipped.map((row) => textOf(row, side)));
}

function change([from = null, to = null]: readonly (string | null)[]): Change {
  const difference = subtract(to ?? "0", from ?? "0");
  const rate = from === null || Number(from) === 0 ? null : String(ratio(difference, from.replace("-", "")));
  return { difference, rate };
}

function units(answer: Answer): Pick<Figure, "currency" | "unit"> {
  const column = answer.columns.find((one) => one.name === "left");
  return { currency: column?.currency ?? null, unit: column?.unit && column.unit !== "1" ? column.unit : null };
}

/** What a side is called: the members that it is cut to. */
function sideOf(question: Question, side: string, amount: string | null, tone: number): Member {
  const words = conditions(side).map((one) => reading(one)?.value ?? one.replace(/^\w+:/, ""));
  const label = words.map((one) => labelOf(question, one)).join(", ") || question.speak.t("All");
  return { key: side, label, code: null, kind: "member", amount, facts: null, hidden: 0, at: [], tone };
}

/** The publisher's word for a phase or another kind, where the model has one. */
function labelOf({ model }: Question, value: string): string {
  const members = (model.roles.exclusive ?? []).flatMap((one) => one.members ?? []);
  return members.find((one) => one.value === value)?.label ?? value;
}
