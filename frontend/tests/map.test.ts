import { describe, expect, test, vi } from "vitest";
import type { Described, Model } from "../src/api";
import { choice, type Seen } from "../src/charts/choosing";
import { classesOf, classOf } from "../src/charts/classes";
import type { Frame } from "../src/charts/drawing";
import { shapesOf, Unusable } from "../src/charts/given";
import { map, mapped } from "../src/charts/map";
import { outsideWords } from "../src/charts/mapkey";
import { match, type Match, plain } from "../src/charts/matching";
import { regional, worldly } from "../src/charts/paper";
import { regionsOf, type Shapes, world } from "../src/charts/shapes";
import type { Figure, Member } from "../src/figure";
import { compare, same, sum } from "../src/money";
import { Numbers } from "../src/numbers";
import { figureOf } from "../src/plan";
import { NO_VIEW } from "../src/view";
import { speaker } from "../src/words";
import { fact, fake, model } from "./fake";

const SPEAK = speaker("en");
const FRAME: Frame = { width: 700, speak: SPEAK, numbers: new Numbers("en"), rtl: false, opens: () => false };
const ABOUT: Described = { dataset: "a/b", title: "", revision: 1, links: { page: "" } };
const PLACES = { geographic: true };

const member = (code: string, label: string, amount: string | null = "1.00", more: Partial<Member> = {}): Member => ({
  key: JSON.stringify([code, label]), label, code: code === label ? null : code, kind: "member", amount, facts: 1, hidden: 0,
  at: [`region.code:"${code}"`, `region.label:"${label}"`], tone: 0, ...more,
});

const regions = async (country: string): Promise<Shapes> => (await regionsOf(country)) as Shapes;
const found = (members: readonly Member[], shapes: Shapes, known = PLACES): string[] =>
  match(members, shapes, known)?.placed.map((one) => one.shape.names[0] ?? one.shape.id) ?? [];

/** A model that says, or does not, that regions are places. */
function modelOf(geographic: boolean): Model {
  const plainly = model([2020]);
  const region = { ...plainly.dimensions["region"], ...(geographic ? { orig_dimension: "geo-source" } : {}) } as Model["dimensions"][string];
  return { ...plainly, dimensions: { ...plainly.dimensions, region } };
}

async function seen(facts: Parameters<typeof fake>[0], about: Partial<Described> = {}, geographic = true): Promise<Seen> {
  const figure = await figureOf(fake(facts), { ...NO_VIEW, chart: "map", group: ["region"] }, SPEAK);
  return { figure, model: modelOf(geographic), about: { ...ABOUT, ...about }, given: "", origin: "http://here" };
}

const total = (figure: Figure): string => sum(figure.rows.map((one) => one.amount ?? "0"));

describe("regions are found", () => {
  test("by codes of ISO 3166-2, today's and former ones, and by the short ones of places only", async () => {
    const mexico = await regions("MX");
    expect(found([member("MX-NLE", "?"), member("MX-CMX", "?")], mexico)).toEqual(["Nuevo León", "Distrito Federal"]);
    expect(found([member("NLE", "?"), member("jal", "?")], mexico)).toEqual(["Nuevo León", "Jalisco"]);
    expect(found([member("NLE", "?"), member("JAL", "?")], mexico, { geographic: false })).toEqual([]);
    expect(found([member("MX-NLE", "?"), member("MX-JAL", "?")], mexico, { geographic: false })).toHaveLength(2);
  });

  test("by the numbers that a state gives them, with or without zeros, but not where they are no places", async () => {
    const states = [member("1", "?"), member("09", "?"), member("19", "?"), member("33", "Abroad")];
    expect(found(states, await regions("MX"))).toEqual(["Aguascalientes", "Distrito Federal", "Nuevo León"]);
    expect(found(states, await regions("MX"), { geographic: false })).toEqual([]);
    expect(found([member("01", "Health"), member("02", "Schools")], await regions("HR"), { geographic: false })).toEqual([]);
  });

  test("by names in any letters, also of regions that are made of others", async () => {
    expect(found([member("x", "NUEVO LEON"), member("y", "veracruz")], await regions("MX"))).toEqual(["Nuevo León", "Veracruz"]);
    const kingdom = ["ENGLAND_North East", "ENGLAND_London", "SCOTLAND", "OUTSIDE UK"].map((one) => member(one.toLowerCase().replaceAll(/[_ ]/g, "-"), one));
    const placed = match(kingdom, await regions("GB"), PLACES) as Match;
    expect(placed.placed.map((one) => one.shape.names[0])).toEqual(["North East", "Greater London", "Scotland"]);
    expect(placed.outside.map((one) => one.label)).toEqual(["OUTSIDE UK"]);
    expect(placed.placed.every((one) => one.shape.of.length > 1)).toBe(true);
  });

  test("as communities or as provinces, whichever most of them are", async () => {
    const spain = await regions("ES");
    const size = (names: readonly string[]) => match(names.map((one) => member(one, one)), spain, PLACES)?.placed.filter((one) => one.shape.of.length).length;
    expect(size(["Madrid", "Cataluña", "Galicia", "Andalucía"])).toBe(4);
    expect(size(["Madrid", "Barcelona", "Lugo", "Sevilla"])).toBe(0);
  });

  test("never by a name that two have, and not by a few names in a list of something else", async () => {
    const two: Shapes = { kind: "given", all: ["a", "b"].map((id) => ({ id, names: ["Same"], codes: {}, land: { type: "Polygon", coordinates: [] }, of: [] })) };
    expect(match([member("x", "Same")], two, PLACES)).toBeNull();
    const states = ["MÉXICO", "PUEBLA", "OAXACA", "JALISCO"].map((one) => member(one, one));
    expect(match(states, (await world()) as Shapes, PLACES)).toBeNull();
    expect(match([member("1", "Puebla"), ...["Health", "Schools"].map((one) => member(one, one))], await regions("MX"), { geographic: false })).toBeNull();
  });

  test("countries by all three codes, numbers only where they are places", async () => {
    const all = (await world()) as Shapes;
    expect(found([member("MT", "?"), member("de", "?")], all)).toEqual(["Malta", "Germany"]);
    expect(found([member("MLT", "?"), member("DEU", "?")], all)).toEqual(["Malta", "Germany"]);
    expect(found([member("470", "?"), member("276", "?")], all)).toEqual(["Malta", "Germany"]);
    expect(found([member("470", "?"), member("276", "?")], all, { geographic: false })).toEqual([]);
  });

  test("several labels of one code as one, with their exact sum and the condition that they share", async () => {
    const both = [member("MX-PUE", "Puebla", "0.10"), member("MX-PUE", "PUEBLA", "0.20"), member("MX-JAL", "Jalisco", "-1")];
    const [puebla] = (match(both, await regions("MX"), PLACES) as Match).placed;
    expect(puebla?.member).toMatchObject({ label: "Puebla / PUEBLA", amount: "0.30", facts: 2, at: ['region.code:"MX-PUE"'] });
    expect(puebla?.members).toBe(2);
  });
});

describe("shapes are chosen", () => {
  test("of the dataset's country, or of the one that codes begin with, or of the world", async () => {
    const kind = async (given: Seen) => [(await choice(given)).match?.shapes.kind, (await choice(given)).match?.placed.length];
    const states = [fact("Jalisco", "T", "1"), fact("Puebla", "T", "2")];
    expect(await kind(await seen(states, { countries: ["MX"] }))).toEqual(["regions", 2]);
    expect(await kind(await seen(states))).toEqual([undefined, undefined]);
    expect((await choice(await seen(states))).homeless).toBe(true);
    expect((await choice(await seen(states, {}, false))).homeless).toBe(false);
    expect(await kind(await seen([fact("MX-JAL", "T", "1"), fact("MX-PUE", "T", "2")]))).toEqual(["regions", 2]);
    expect(await kind(await seen([fact("Spain", "T", "1"), fact("Malta", "T", "2")], { countries: ["ES", "MT"] }))).toEqual(["world", 2]);
    expect(await kind(await seen([fact("Health", "T", "1")], { countries: ["MX"] }))).toEqual([undefined, undefined]);
  });

  test("of the dataset, where most members are in them; of the page, where any is", async () => {
    const square = (id: string, west: number) => ({ type: "Feature", id, properties: {}, geometry: { type: "Polygon", coordinates: [[[west, 0], [west + 1, 0], [west + 1, 1], [west, 0]]] } });
    const files: Record<string, string> = {
      "http://here/data/towns.geojson": JSON.stringify({ type: "FeatureCollection", features: [square("a", 0), square("b", 1)] }),
      "http://there/one.geojson": JSON.stringify(square("a", 0)),
      "http://there/large.geojson": " ".repeat(6 * 1024 * 1024),
    };
    vi.stubGlobal("fetch", (url: URL) => Promise.resolve(new Response(files[url.href] ?? "", { status: url.href in files ? 200 : 404 })));
    const kind = async (given: Seen) => [(await choice(given)).match?.shapes.kind, (await choice(given)).match?.placed.length, (await choice(given)).trouble];
    const own = { countries: ["MX"], shapes: [{ name: "towns", url: "/data/towns.geojson" }] };
    const towns = await seen([fact("A", "T", "1"), fact("B", "T", "2"), fact("C", "T", "2")], own);
    expect(await kind(towns)).toEqual(["given", 2, ""]);
    expect(await kind(await seen([fact("Jalisco", "T", "1"), fact("Puebla", "T", "2"), fact("A", "T", "2")], own))).toEqual(["regions", 2, ""]);
    expect(await kind({ ...towns, given: "http://there/one.geojson" })).toEqual(["given", 1, ""]);
    expect(await kind({ ...towns, given: "http://there/large.geojson" })).toEqual(["given", 2, "it is larger than 5 MB"]);
    expect(await kind({ ...towns, given: "http://there/none.geojson" })).toEqual(["given", 2, "the server answers with an error"]);
    vi.unstubAllGlobals();
  });

  test("and given ones that cannot be had are told of", async () => {
    const given = { ...(await seen([fact("Jalisco", "T", "1")], { countries: ["MX"] })), given: "ftp://nowhere/x" };
    expect(await choice(given)).toMatchObject({ trouble: "its address is not of the web", match: { shapes: { kind: "regions" } } });
  });
});

describe("a map", () => {
  const states = [
    fact("Jalisco", "T", "100.05"), fact("Puebla", "T", "-20.10"), fact("Sonora", "T", "3000000.01"), fact("Oaxaca", "T", null),
    fact("Abroad", "T", "7.5"), fact(null, "T", "0.01"), fact("Distrito Federal", "T", "55"),
  ];

  test.each([240, 360, 700, 2400])("has all amounts once, on it or outside of it, %i wide", async (width) => {
    const all = await seen(states, { countries: ["MX"] });
    const drawing = (await mapped(all)).draw(all.figure, { ...FRAME, width });
    expect(same(sum(drawing.marks.map((one) => one.amount ?? "0")), total(all.figure))).toBe(true);
    expect(drawing.marks).toHaveLength(6);
    expect(JSON.stringify(drawing.svg)).not.toMatch(/NaN|Infinity/);
    expect(drawing.marks.every((one) => one.x >= 0 && one.x <= width && one.y >= 0 && one.y <= drawing.height)).toBe(true);
    expect(drawing.description).toMatch(/2 of 7, 7\.51.*, are not on this map/);
    expect(drawing.swatches?.map((one) => one.label)).toEqual(["less than 0", "0 to less than 100 EUR", "100 to less than 3M EUR", "3M EUR or more", "no amount", "nothing in these data"].map((one) => one.replace(" EUR", "\u00a0EUR")));
  });

  test("tells how many are outside, behind “others” too", async () => {
    const all = await seen(states, { countries: ["MX"] });
    const rest = { ...member("", "others (30)", "12345.00"), kind: "others" as const, hidden: 30 };
    expect(outsideWords({ ...all.figure, members: 50, currency: "EUR" }, [rest, member("x", "Abroad", "0.50")], FRAME)).toBe("31 of 50, 12,345.50\u00a0EUR, are not on this map");
  });

  test("puts what lies far off into frames, and leaves islands nearby where they are", async () => {
    const framed = (all: Shapes["all"], looked = all) => regional(all, looked, 700).frames.length;
    const frames = async (country: string) => framed((await regions(country)).all);
    expect(await frames("US")).toBe(2);
    expect(await frames("ES")).toBeGreaterThanOrEqual(1);
    expect(await frames("IT")).toBe(0);
    expect(await frames("JP")).toBe(1);
    expect(await frames("PT")).toBe(2);
    expect(await frames("NZ")).toBeLessThanOrEqual(1);
    expect(await frames("FR")).toBeGreaterThanOrEqual(3);
    const { all } = await regions("FR");
    expect(framed(all, all.filter((one) => one.names[0] === "Paris"))).toBe(0);
  });

  test.each(["US", "NZ", "FR", "UM", ""])("fills no more than its regions: %s", async (country) => {
    const { all } = country ? await regions(country) : ((await world()) as Shapes);
    const paper = country ? regional(all, all, 700) : worldly(all, all, 700);
    for (const one of all) expect(paper.size(one).area).toBeLessThan(700 * paper.height * 0.95);
    for (const one of all) expect(paper.path(one)).not.toMatch(/NaN|Infinity/);
  });

  test("of nothing but one region, or of equal ones, has a class for them", async () => {
    const one = await seen([fact("Jalisco", "T", "0")], { countries: ["MX"] });
    const found = (await choice(one)).match as Match;
    expect(map(one.figure, FRAME, found).swatches?.map((each) => each.label)).toEqual(["0\u00a0EUR", "nothing in these data"]);
  });
});

describe("classes", () => {
  const amounts = ["-5000000.5", "-3", "0", "0.07", "12", "13.5", "999", "1000", "250000", "7000000", "7000000.01", "90000000"];

  test("hold every amount, each has some, and their bounds are those that are told", () => {
    for (const some of [amounts, amounts.slice(2), amounts.slice(0, 2), ["1"], ["0"], ["-1"], ["2", "2", "2"], ["0.1", "0.2"], ["123456789012345678.01", "123456789012345678.02"]]) {
      const classes = classesOf(some);
      expect(classes.length).toBeLessThanOrEqual(7);
      for (const one of some) expect(classOf(classes, one)).toBeDefined();
      for (const one of classes) expect(some.some((amount) => classOf(classes, amount) === one)).toBe(true);
      for (const { from, to } of classes) if (from !== null && to !== null) expect(compare(from, to)).toBeLessThan(0);
    }
    expect(classOf(classesOf(amounts), "-3")?.below).toBe(true);
    expect(classOf(classesOf(amounts), "0")?.below).toBe(false);
  });
});

describe("given shapes", () => {
  const square = (west: number, turned = false) => {
    const ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]];
    return { type: "Polygon", coordinates: [turned ? ring.toReversed() : ring] };
  };
  const file = (...features: unknown[]) => ({ type: "FeatureCollection", features });
  const one = (more: Record<string, unknown>, west = 0, turned = false) => ({ type: "Feature", geometry: square(west, turned), properties: {}, ...more });

  test("are found by id or by any property, whichever way their rings go round", () => {
    const shapes = shapesOf(file(one({ id: 7, properties: { name: "Seven", ags: "007" } }), one({ id: 8, properties: { name: "Eight", ags: "008" } }, 1, true)));
    expect(found([member("7", "?"), member("8", "?")], shapes, { geographic: false })).toEqual(["Seven", "Eight"]);
    expect(found([member("x", "eight")], shapes, { geographic: false })).toEqual(["Eight"]);
    expect(regional(shapes.all, shapes.all, 400).size(shapes.all[1] as Shapes["all"][number]).width).toBeLessThan(200);
    expect(regional(shapes.all, shapes.all, 400).frames).toEqual([]);
  });

  test("may be TopoJSON", () => {
    const topology = { type: "Topology", arcs: [[[0, 0], [1, 0], [1, 1], [0, 0]]], objects: { any: { type: "GeometryCollection", geometries: [{ type: "Polygon", arcs: [[0]], id: "A" }] } } };
    expect(shapesOf(topology).all[0]).toMatchObject({ names: ["A"], codes: { id: ["A"] } });
    expect(() => shapesOf({ type: "Topology", arcs: [], objects: { any: { type: "Polygon", arcs: [[99]] } } })).toThrow(Unusable);
  });

  test.each([
    ["nothing", null], ["a list", []], ["points only", file({ type: "Feature", geometry: { type: "Point", coordinates: [0, 0] } })],
    ["metres", file(one({ geometry: { type: "Polygon", coordinates: [[[500000, 4000000], [1, 1], [2, 2]]] } }))],
    ["texts for numbers", file(one({ geometry: { type: "Polygon", coordinates: [[["0", "0"]]] } }))],
    ["no coordinates", file(one({ geometry: { type: "Polygon" } }))], ["rings of nothing", file(one({ geometry: { type: "MultiPolygon", coordinates: [[null]] } }))],
    ["too many", file(...Array.from({ length: 5001 }, () => one({})))],
  ])("are refused: %s", (_, hostile) => expect(() => shapesOf(hostile)).toThrow(Unusable));

  test("have their texts as texts", () => {
    const shapes = shapesOf(file(one({ id: { evil: 1 }, properties: { name: "<b>", __proto__: { x: "y" }, long: "x".repeat(999), nothing: null, deep: { a: 1 } } })));
    expect(shapes.all[0]?.names).toEqual(["<b>"]);
    expect(Object.keys(shapes.all[0]?.codes ?? {})).toEqual(["property name", "property long"]);
    expect(shapes.all[0]?.codes["property long"]?.[0]).toHaveLength(200);
  });
});

test("keys forget cases, accents, signs and leading zeros, but keep zero", () => {
  expect(["Nuevo León", "NUEVO-LEÓN", "007", "0", "00", "Łódź"].map(plain)).toEqual(["nuevo leon", "nuevo leon", "7", "0", "0", "łodz"]);
});
