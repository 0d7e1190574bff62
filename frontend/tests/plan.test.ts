import { describe, expect, test } from "vitest";
import { hasNegatives } from "../src/figure";
import { same, sum } from "../src/money";
import { figureOf } from "../src/plan";
import { alternatives, inWords, partial, reasons, type Why } from "../src/suitability";
import { below, NO_VIEW, type View } from "../src/view";
import { titled } from "../src/titling";
import { speaker } from "../src/words";
import { fact, FACTS, fake, model } from "./fake";

const SPEAK = speaker("en");
const view = (more: Partial<View>): View => ({ ...NO_VIEW, group: ["region", "town"], ...more });
const amount = (all: readonly { amount: string | null }[]) => sum(all.map((one) => one.amount ?? "0"));

describe("others", () => {
  test("are what is left, and open to the next", async () => {
    const source = fake(FACTS);
    const first = await figureOf(source, view({ size: 5 }), SPEAK);
    const rest = first.rows.at(-1);
    expect(first.rows.map((one) => one.kind)).toEqual([...Array<string>(5).fill("member"), "others"]);
    expect(rest).toMatchObject({ label: "others (16)", hidden: 16 });
    const second = await figureOf(source, view({ size: 5, skip: 5 }), SPEAK);
    expect(second.total).toBe(rest?.amount);
    expect(same(amount(second.rows), rest?.amount ?? "")).toBe(true);
    expect(second.rows[0]?.tone).toBe(0);
  });

  test("are never one alone: it is shown instead", async () => {
    const facts = ["A", "B", "C"].map((one, place) => fact(one, "T", String(place)));
    const figure = await figureOf(fake(facts), view({ size: 2 }), SPEAK);
    expect(figure.rows.map((one) => one.label)).toEqual(["C", "B", "A"]);
  });

  test("have no amount where amounts do not add", async () => {
    const figure = await figureOf(fake(FACTS), view({ size: 5, measure: "amount.avg" }), SPEAK);
    expect(figure.total).toBeNull();
    expect(figure.rows.at(-1)).toMatchObject({ kind: "others", amount: null, hidden: 16 });
  });

  test("of a grid are exact in every corner", async () => {
    const figure = await figureOf(fake(FACTS), view({ chart: "table", series: ["year"], size: 3 }), SPEAK);
    figure.rows.forEach((row, place) => {
      const cells = sum((figure.cells[place] ?? []).map((one) => one ?? "0"));
      expect(same(cells, row.amount ?? "0")).toBe(true);
    });
    figure.columns.forEach((column, place) => {
      const cells = sum(figure.cells.map((one) => one[place] ?? "0"));
      expect(same(cells, column.amount ?? "0")).toBe(true);
    });
  });
});

test("others of a grid are exact when the first rows are skipped", async () => {
  const source = fake(FACTS);
  const first = await figureOf(source, view({ series: ["year"], size: 3 }), SPEAK);
  const next = await figureOf(source, view({ series: ["year"], size: 3, skip: 3 }), SPEAK);
  const rest = first.cells[3] ?? [];
  expect(next.columns.map((one) => one.amount)).toEqual(rest);
  rest.forEach((cell, place) => expect(same(sum(next.cells.map((one) => one[place] ?? "0")), cell ?? "")).toBe(true));
  expect(same(next.total ?? "", first.rows[3]?.amount ?? "")).toBe(true);
});

describe("a level down", () => {
  test("comes to what its member came to", async () => {
    const source = fake(FACTS);
    const top = await figureOf(source, view({}), SPEAK);
    const member = top.rows[0];
    const down = await figureOf(source, below(view({}), member?.at ?? []), SPEAK);
    expect(member?.at).toEqual(['region.code:"region 19"', 'region.label:"Region 19"']);
    expect(down.total).toBe(member?.amount);
    expect(down.rowTitle).toBe("Town");
  });

  test("has a name for what is missing", async () => {
    const figure = await figureOf(fake(FACTS), view({ size: 100 }), SPEAK);
    const missing = figure.rows.find((one) => one.kind === "missing");
    expect(missing).toMatchObject({ label: "(none)", at: ["region.code:null", "region.label:null"] });
    const down = await figureOf(fake(FACTS), below(view({}), missing?.at ?? []), SPEAK);
    expect(down.total).toBe(missing?.amount);
  });
});

describe("what excludes each other", () => {
  test("is asked for apart, and its rows have no total", async () => {
    const source = fake(FACTS, { exclusive: true, warnings: ["mixed-phase"] });
    const figure = await figureOf(source, view({ series: ["phase"], size: 4 }), SPEAK);
    expect(source.asked.filter((one) => one["allow"] === "mixed").map((one) => one["drilldown"])).toEqual(["region.code|region.label"]);
    expect([figure.columnsAdd, figure.rowsAdd, figure.total]).toEqual([false, true, null]);
    figure.columns.forEach((column, place) => {
      expect(same(sum(figure.cells.map((one) => one[place] ?? "0")), column.amount ?? "")).toBe(true);
    });
  });
});

describe("reasons", () => {
  const why = async (more: Partial<View>, facts = FACTS, options = {}): Promise<Why[]> => {
    const source = fake(facts, options);
    const asked = view(more);
    return reasons(asked, await figureOf(source, asked, SPEAK), await source.model(), null).map((one) => one.why);
  };

  test("speak against areas below zero, averages and what excludes each other", async () => {
    const negative = [fact("A", "T", "-1"), fact("B", "T", "2")];
    for (const chart of ["treemap", "bubbles", "pie", "donut", "sunburst", "sankey"] as const) {
      expect(await why({ chart }, negative)).toContain("negatives");
      expect(await why({ chart, measure: "amount.avg" })).toContain("average");
      expect(await why({ chart, group: ["phase", "town"] }, FACTS, { warnings: ["mixed-phase"] })).toContain("mixed");
    }
    expect(await why({ chart: "bar" }, negative)).toEqual([]);
  });

  test("speak against lines without years, radars of two and maps of nowhere", async () => {
    expect(await why({ chart: "line" }, [fact("A", "T", "1")])).toEqual(["one-period"]);
    expect(await why({ chart: "radar" }, [fact("A", "T", "1"), fact("B", "T", "1")])).toEqual(["few"]);
    expect(await why({ chart: "sankey", group: ["region"] })).toEqual(["no-second"]);
    expect(await why({ chart: "bar" }, [])).toEqual(["nothing"]);
    const figure = await figureOf(fake(FACTS), view({ chart: "map" }), SPEAK);
    expect(reasons(view({ chart: "map" }), figure, model([]), null, { knows: false, trouble: "" })[0]).toMatchObject({ why: "no-regions", severe: true });
  });

  test("tell that a year is not over", () => {
    const about = (end: string) => ({ dataset: "", title: "", revision: 1, links: { page: "" }, fiscalPeriod: { start: "2019-01-01", end } });
    expect(partial(model([2019, 2020]), about("2020-06-30"))).toBe(true);
    expect(partial(model([2019, 2020]), about("2020-12-31"))).toBe(false);
    expect(partial(model([2019]), null)).toBe(false);
  });

  test("offer other charts, and are sentences", async () => {
    const found = [{ why: "negatives" as const, severe: true }];
    expect(alternatives(view({ chart: "treemap" }), found, model([2019, 2020]))).toEqual(["bar", "table", "line"]);
    expect(inWords({ why: "partial", severe: false, name: "2021" }, SPEAK)).toBe("2021 may be incomplete: compare it with care.");
    expect(hasNegatives(await figureOf(fake([fact("A", "T", "-0.00")]), view({}), SPEAK))).toBe(false);
  });
});

test("a view is called as on the page", async () => {
  const named = async (more: Partial<View>): Promise<string> => {
    const figure = await figureOf(fake(FACTS), view(more), SPEAK);
    return titled(view(more), await fake(FACTS).model(), figure, SPEAK);
  };
  expect(await named({})).toBe("Amount by Region");
  expect(await named({ series: ["phase"] })).toBe("Amount by Region and Phase");
  expect(await named({ chart: "pivot", group: ["region", "town"], series: ["phase", "year"] })).toBe("Amount by Region › Town and Phase › Year");
  expect(await named({ group: [] })).toBe("Amount");
});
