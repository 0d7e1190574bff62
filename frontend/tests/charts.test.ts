import { describe, expect, test } from "vitest";
import { wayOf } from "../src/charts/index";
import { fit, lines, said, widthOf, type Frame } from "../src/charts/drawing";
import { discFor } from "../src/charts/pie";
import type { Figure } from "../src/figure";
import { same, sum } from "../src/money";
import { Numbers } from "../src/numbers";
import { drawn, figureOf } from "../src/plan";
import { csv } from "../src/table";
import { type ChartName, NO_VIEW, type View } from "../src/view";
import { speaker } from "../src/words";
import { fact, FACTS, fake, model } from "./fake";

const SPEAK = speaker("en");
const FRAME: Frame = { width: 700, speak: SPEAK, numbers: new Numbers("en"), rtl: false, opens: () => false };
const TOTAL = sum(FACTS.map((one) => String(one["amount"] ?? "0")));

const view = (chart: ChartName, more: Partial<View> = {}): View => ({ ...NO_VIEW, chart, group: ["region", "town"], ...more });

const way = (chart: ChartName, figure: Figure) => wayOf(chart, Promise.resolve({ figure, model: model([]), about: null, given: "", origin: "http://here" }));

/** The exact sum of the marks that show amounts once. */
async function marked(figure: Figure, chart: ChartName, frame = FRAME): Promise<string> {
  const drawing = (await way(chart, figure)).draw?.(figure, frame);
  const twice = figure.columns.length || figure.parts.length;
  const marks = drawing?.marks.filter((one) => !twice || one.column !== null || one.member.kind === "others") ?? [];
  const counted = chart === "sankey" ? marks.filter((one) => one.column !== null) : marks;
  if (chart === "sunburst" && figure.parts.length) return sum(figure.parts.flat().map((one) => one.amount ?? "0"));
  return sum(counted.map((one) => one.amount ?? "0"));
}

const CASES: [ChartName, Partial<View>][] = [
  ["bar", {}], ["bar", { series: ["phase"] }], ["bar", { size: 3 }], ["treemap", {}], ["treemap", { size: 5 }], ["bubbles", {}], ["pie", { size: 4 }],
  ["donut", {}], ["sunburst", { size: 6 }], ["sankey", { size: 6 }], ["sankey", { series: ["phase"] }], ["radar", {}],
  ["radar", { series: ["phase"], size: 7 }], ["line", { size: 4 }], ["area", { size: 4 }], ["line", { group: ["year"] }], ["line", { group: ["year"], series: ["phase"] }],
];

describe("what is drawn adds up to what was answered", () => {
  test.each(CASES)("%s %j", async (chart, more) => {
    const figure = await figureOf(fake(FACTS), view(chart, more), SPEAK);
    expect(figure.total).not.toBeNull();
    expect(same(figure.total ?? "", TOTAL)).toBe(true);
    expect(same(drawn(figure), TOTAL)).toBe(true);
    expect(await marked(figure, chart)).toSatisfy((all: string) => same(all, TOTAL));
    expect(await marked(figure, chart, { ...FRAME, width: 240 })).toSatisfy((all: string) => same(all, TOTAL));
  });

  test("table", async () => {
    const figure = await figureOf(fake(FACTS), view("table", { series: ["town"], size: 4 }), SPEAK);
    expect(same(drawn(figure), TOTAL)).toBe(true);
    const numbers = csv(figure, SPEAK).split("\r\n").slice(1, -1).flatMap((line) => line.split(",").slice(2)).filter(Boolean);
    expect(same(sum(numbers), TOTAL)).toBe(true);
  });
});

describe("figures that break charts", () => {
  const charts = ["bar", "treemap", "bubbles", "pie", "donut", "sunburst", "sankey", "radar", "line", "area", "map"] as const;
  const figures: Record<string, Parameters<typeof fake>[0]> = {
    "one member": [fact("A", "B", "0.10")],
    "one of nothing": [fact("A", "B", "0")],
    "a missing amount": [fact("A", "B", null), fact("B", "C", "1.5")],
    "nothing but missing amounts": [fact("A", "B", null)],
    "below zero": [fact("A", "B", "-5.5"), fact("B", "C", "7.25"), fact("C", "D", "-0.01")],
    "all below zero": [fact("A", "B", "-5.5"), fact("B", "C", "-7")],
    "zero in all": [fact("A", "B", "-5"), fact("B", "C", "5")],
    "no facts": [],
  };
  for (const [name, facts] of Object.entries(figures)) {
    test.each(charts)(`${name}: %s`, async (chart) => {
      const figure = await figureOf(fake(facts), view(chart), SPEAK);
      const total = sum(facts.map((one) => String(one["amount"] ?? "0")));
      expect(same(drawn(figure), total)).toBe(true);
      const drawing = (await way(chart, figure)).draw?.(figure, FRAME);
      expect(drawing?.height).toBeGreaterThan(0);
      expect(JSON.stringify(drawing?.svg)).not.toContain("NaN");
    });
  }

  test("a thousand members, whole and with others", async () => {
    const facts = Array.from({ length: 1000 }, (_, place) => fact(`R${place}`, "T", `${place}.${String(place).padStart(4, "0")}`));
    const total = sum(facts.map((one) => String(one["amount"])));
    for (const chart of charts) {
      for (const size of [12, 999, 2000]) {
        const figure = await figureOf(fake(facts), view(chart, { size, group: ["region"] }), SPEAK);
        expect(same(drawn(figure), total)).toBe(true);
      }
      const figure = await figureOf(fake(facts), view(chart, { size: 2000, group: ["region"] }), SPEAK);
      expect(JSON.stringify((await way(chart, figure)).draw?.(figure, FRAME).svg)).not.toContain("NaN");
    }
  });
});

describe("words in drawings", () => {
  test("give way to the room there is", () => {
    expect(fit("Education", 200, 13)).toBe("Education");
    expect(fit("Education", 40, 13)).toMatch(/^Ed.*…$/);
    expect(fit("Education", 8, 13)).toBe("");
    expect(lines("Transport and storage of goods", 80, 13, 2)).toHaveLength(2);
    expect(widthOf("教育費", 10)).toBe(30);
  });
});

describe("what is read from right to left", () => {
  test.each(["bar", "line", "area", "sankey", "treemap"] as const)("%s is the mirror of the other", async (chart) => {
    const figure = await figureOf(fake(FACTS), view(chart, { size: 5 }), SPEAK);
    const { draw } = await way(chart, figure);
    const [left, right] = [draw?.(figure, FRAME), draw?.(figure, { ...FRAME, rtl: true })];
    expect(left?.marks.length).toBeGreaterThan(4);
    expect(right?.marks.map((one) => Math.round(FRAME.width - one.x))).toEqual(left?.marks.map((one) => Math.round(one.x)));
  });

  test("a pie has its list where reading begins to end", () => {
    const [one, other] = [discFor(FRAME, 5), discFor({ ...FRAME, rtl: true }, 5)];
    expect(other.x).toBe(FRAME.width - one.x);
    expect(other.list.x).toBe(FRAME.width - one.list.x - one.list.width);
  });
});

describe("the name of a mark", () => {
  const figure = { currency: "EUR", total: "200", rowsAdd: true, rows: [], columns: [], cells: [], parts: [] } as unknown as Figure;
  const mark = { member: { label: "Health care" } as Figure["rows"][number], column: null, amount: "150.25", x: 0, y: 0 };

  test("begins with what is seen of it, and ends with the exact amount", () => {
    expect(said(figure, FRAME, mark)).toBe("Health care: 150.25\u00a0EUR, 75%");
    expect(said(figure, FRAME, mark, { names: [], amount: "150" })).toBe("Health care 150: 150.25\u00a0EUR, 75%");
    expect(said(figure, FRAME, mark, { names: ["Health", "care"], amount: "150 · 75%" })).toBe("Health care 150 · 75%: 150.25\u00a0EUR");
    expect(said(figure, FRAME, mark, { names: ["Heal…"], amount: "" })).toBe("Heal…, Health care: 150.25\u00a0EUR, 75%");
  });
});

test("four digits are grouped in Spanish too, as pages do it", () => {
  const spanish = new Numbers("es");
  expect(spanish.full("1234.50")).toBe("1.234,50");
  expect(spanish.count(1234)).toBe("1.234");
  expect(speaker("es").n(1234, "{n} fact", "{n} facts")).toBe("1.234 hechos");
});
