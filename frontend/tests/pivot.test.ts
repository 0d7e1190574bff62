import { expect, test } from "vitest";
import type { Row } from "../src/api";
import { drilled, identity } from "../src/asking";
import type { Figure } from "../src/figure";
import { same, sum } from "../src/money";
import { type Branch, endsOf, OTHERS } from "../src/nesting";
import { figureOf } from "../src/plan";
import { csv } from "../src/table";
import { NO_VIEW, type View } from "../src/view";
import { speaker } from "../src/words";
import { FACTS, fact, fake } from "./fake";

const SPEAK = speaker("en");
const pivotOf = async (more: Partial<View>, source = fake(FACTS)): Promise<Figure> =>
  figureOf(source, { ...NO_VIEW, chart: "pivot", group: ["region", "town"], series: ["phase", "year"], size: 5, ...more }, SPEAK);

/** The same cell, as the API answers it when it is asked for just these members. */
async function answered(figure: Figure, row: Branch, column: Branch): Promise<string | null> {
  const nests = [...(figure.pivot?.rowNests.slice(0, row.path.length) ?? []), ...(figure.pivot?.columnNests.slice(0, column.path.length) ?? [])];
  const answer = await fake(FACTS).aggregate({ drilldown: nests.flatMap((one) => drilled(one.named)).join("|"), aggregates: "amount.sum", pagesize: "10000" });
  const found = answer.data.find((one: Row) => nests.every((each, place) => identity(one, each.named) === [...row.path, ...column.path][place]));
  const amount = found?.["amount.sum"] ?? null;
  return amount === null ? null : String(amount);
}

test("every cell and every sum is what the API answers for its members", async () => {
  const figure = await pivotOf({ size: 50 });
  const pivot = figure.pivot;
  if (!pivot) throw new Error("no pivot");
  const [rows, columns] = [endsOf(pivot.rows), endsOf(pivot.columns)];
  expect(rows.filter((one) => one.parts.length).length).toBe(20);
  expect(columns.map((one) => one.path.length)).toEqual([2, 2, 2, 2, 2, 2]);
  for (const row of rows) {
    for (const column of columns) expect([row.path, column.path, pivot.amount(row, column)]).toEqual([row.path, column.path, await answered(figure, row, column)]);
  }
});

test("others are what is left, and nothing is lost", async () => {
  const figure = await pivotOf({ series: ["phase"] });
  const { pivot } = figure;
  if (!pivot) throw new Error("no pivot");
  const whole = sum(FACTS.map((one) => String(one["amount"] ?? "0")));
  expect(same(figure.total ?? "", whole)).toBe(true);
  expect(figure.rows.map((one) => one.label).at(-1)).toBe("others (16)");
  expect(figure.members).toBe(21);
  const cells = csv(figure, SPEAK).split("\r\n").slice(1, -1).flatMap((line) => line.split(",").slice(4));
  expect(same(sum(cells.filter(Boolean)), whole)).toBe(true);
  expect(csv(figure, SPEAK).split("\r\n")[0]).toBe('"code","Region","code","Town","APPROVED (EUR)","PAID (EUR)"');
  const next = await pivotOf({ series: ["phase"], skip: 5 });
  const rest = pivot.rows.parts.at(-1);
  expect(rest?.path).toEqual([OTHERS]);
  expect(same(next.total ?? "", (rest && pivot.amount(rest, pivot.columns)) ?? "")).toBe(true);
});

test("periods and what excludes each other are never added up", async () => {
  const exclusive = fake(FACTS, { exclusive: true });
  const beside = await pivotOf({ series: ["phase"] }, exclusive);
  expect([beside.total, beside.columnsAdd, beside.rowsAdd]).toEqual([null, false, true]);
  const within = await pivotOf({ group: ["region", "phase"], series: [], size: 3 }, exclusive);
  const rest = within.pivot?.rows.parts.at(-1);
  expect(rest?.hidden).toBe(18);
  expect(rest?.parts.map((one) => one.path.at(-1))).toHaveLength(2);
  expect(endsOf(within.pivot?.rows as Branch).every((one) => one.parts.length === 0)).toBe(true);
  const years = await pivotOf({ group: ["year"], series: [] });
  expect(years.total).toBeNull();
  expect(years.rows.map((one) => one.label)).toEqual(["2019", "2020", "2021"]);
});

test("columns have one order in all branches, and what was chosen is no row", async () => {
  const facts = [fact("A", "X", "5", { phase: "p" }), fact("A", "Y", "1", { phase: "p" }), fact("A", "X", "2", { phase: "q" }), fact("A", "Y", "3", { phase: "q" })];
  const figure = await pivotOf({ group: ["region"], series: ["phase", "town"] }, fake(facts));
  const leaves = figure.pivot?.columns.parts.map((one) => one.parts.map((each) => JSON.parse(each.path[1] ?? "[]")[1]));
  expect(leaves).toEqual([["X", "Y"], ["X", "Y"]]);
  const down = await pivotOf({ at: ['region.code:"region 1"'], series: [] });
  expect(down.pivot?.rowNests.map((one) => one.named.ref)).toEqual(["town"]);
});

test("averages stand alone", async () => {
  const figure = await pivotOf({ measure: "amount.avg", series: [] });
  expect(figure.total).toBeNull();
  expect(figure.pivot && endsOf(figure.pivot.rows).every((one) => one.parts.length === 0)).toBe(true);
});
