// The members along one side of a figure: the first of an order, and “others” for the rest, exactly.

import type { Answer, Meta, Model, Row, Source } from "./api";
import { adds, drilled, memberOf, others, roleOf } from "./asking";
import { remainder, type Member, type Naming } from "./figure";
import { cutOf, way, type View } from "./view";
import type { Speaker } from "./words";

/** The most rows that the API puts on a page. */
const MOST = 10_000;
/** More periods than any chart has. */
export const PERIODS = 500;
const PAGES = 12;

/** What all questions of a view have in common. */
export interface Question {
  readonly source: Source;
  readonly model: Model;
  readonly view: View;
  readonly speak: Speaker;
  readonly measure: string;
}

/** Members along one side of a figure. */
export interface Side {
  readonly members: readonly Member[];
  /** The first ones, which are left out because “others” was opened. */
  readonly skipped: readonly Member[];
  /** What all members come to, skipped ones left out; null when nobody can say. */
  readonly total: string | null;
  readonly count: number;
  /** Whether the members may be added to each other. */
  readonly adds: boolean;
  /** Whether the amount of each member adds up what is apart in the other dimension. */
  readonly mixes: boolean;
  readonly answer: Answer;
}

/** Asks for an aggregate under the cuts of the view. */
export async function asked(question: Question, drill: readonly string[], more: Record<string, string>): Promise<Answer> {
  const cut = [cutOf(question.view), more["cut"]].filter(Boolean).join("|");
  return question.source.aggregate({
    drilldown: drill.join("|"), aggregates: question.measure, ...more, cut,
  });
}

/** Members of a dimension, the first of the order or all periods; with “others” for the rest. */
export async function side(question: Question, named: Naming, second: Naming | null, size: number): Promise<Side> {
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
): Pick<Side, "members" | "skipped" | "total" | "count"> {
  const members = all.slice(skip);
  const summary = answer.summary[question.measure] ?? null;
  const skipped = all.slice(0, skip);
  const total = sound && summary !== null ? remainder(String(summary), skipped.map((one) => one.amount)) : null;
  const hidden = answer.total - all.length;
  const left = total === null ? null : remainder(total, members.map((one) => one.amount));
  const shown = hidden > 0 ? [...members, others(hidden, left, question.speak)] : members;
  return { members: shown, skipped, total, count: answer.total };
}

function orderOf({ view, measure }: Question, named: Naming, time: boolean): string {
  if (time) return `${named.key}:asc`;
  const [ref, direction] = view.order.split(":");
  const known = ref === measure || ref === "_count" || drilled(named).includes(ref ?? "");
  return known && ref ? `${ref}:${direction === "asc" ? "asc" : "desc"}` : `${measure}:desc`;
}

const mixed = (meta: Meta): boolean => meta.warnings.some((one) => one.code.startsWith("mixed-"));

/** All cells of a question, page by page. Throws a RangeError for more than a chart can show. */
export async function everything(question: Question, drill: readonly string[], more: Record<string, string>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = "";
  for (let page = 0; cursor !== null; page += 1) {
    if (page === PAGES) throw new RangeError(question.speak.t("This is more than a chart can show: show fewer members."));
    const answer: Answer = await asked(question, drill, { ...more, pagesize: String(MOST), ...(cursor ? { cursor } : {}) });
    rows.push(...answer.data);
    cursor = answer.next ? new URL(answer.next, "http://any").searchParams.get("cursor") : null;
  }
  return rows;
}
