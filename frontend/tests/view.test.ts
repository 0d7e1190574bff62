import { describe, expect, test } from "vitest";
import { above, below, condition, conditions, cutOf, leads, NO_VIEW, queryOf, reading, readView, way, type View } from "../src/view";

const read = (query: string): View => readView(new URLSearchParams(query)).view;

const DOWN: View = {
  ...NO_VIEW, chart: "treemap", group: ["ID_FIN", "ID_Funcion"], at: ['ID_FIN.ID_FIN:"1"', 'ID_FIN.FIN:"Gobierno | más"'], cut: "phase.phase:executed",
};

describe("a view", () => {
  test("is one canonical query string", () => {
    const query = "chart=treemap&group=ID_FIN|ID_Funcion&at=ID_FIN.ID_FIN:%221%22|ID_FIN.FIN:%22Gobierno%20|%20m%C3%A1s%22&cut=phase.phase:executed";
    expect(queryOf(DOWN)).toBe(query);
    expect(read(query)).toEqual(DOWN);
    expect(queryOf(read("size=12&cut=a:1&skip=0&chart=pie&measure="))).toBe("chart=pie&cut=a:1");
  });

  test("keeps what is written several times, as forms do", () => {
    expect(read("cut=a:1&cut=b:2&at=c:3&chart=bar&chart=pie")).toMatchObject({ cut: "a:1|b:2", at: ["c:3"], chart: "pie" });
  });

  test("tells what is wrong, with what there is", () => {
    const { view, wrong } = readView(new URLSearchParams("chart=spider&size=0&skip=x&colour=red&group=a"));
    expect(view).toEqual({ ...NO_VIEW, group: ["a"] });
    expect(wrong.map((one) => one.parameter)).toEqual(["colour", "chart", "size", "skip"]);
    expect(wrong[1]?.choices).toContain("treemap");
  });

  test("goes down and up", () => {
    expect(way(NO_VIEW)).toEqual({ steps: [], level: null });
    expect(way(DOWN).level).toBe("ID_Funcion");
    expect(way(DOWN).steps).toEqual([{ ref: "ID_FIN", conditions: DOWN.at }]);
    expect(above(DOWN, 0)).toEqual({ ...DOWN, at: [] });
    expect(below({ ...above(DOWN, 0), skip: 12, order: "x:asc" }, DOWN.at)).toEqual(DOWN);
    expect(leads(above(DOWN, 0), DOWN.at)).toBe(true);
    expect(leads(DOWN, ['ID_Funcion.ID_Funcion:"6"'])).toBe(false);
    expect(way(below(DOWN, ["ID_Funcion:null"])).level).toBe("ID_Funcion");
    expect(cutOf(DOWN)).toBe('phase.phase:executed|ID_FIN.ID_FIN:"1"|ID_FIN.FIN:"Gobierno | más"');
  });
});

describe("conditions", () => {
  test("are parted outside of quotes and brackets", () => {
    expect(conditions('a:"x|\\"y|"|any(b:1|c:2)|d:3')).toEqual(['a:"x|\\"y|"', "any(b:1|c:2)", "d:3"]);
    expect(conditions("")).toEqual([]);
  });

  test("are written and read", () => {
    for (const value of ["1", 'say "x"', "a|b;c", "", null]) expect(reading(condition("d.e", value))).toEqual({ ref: "d.e", value });
    expect(condition("y", 2020)).toBe('y:"2020"');
    expect(reading("y:2020")).toEqual({ ref: "y", value: "2020" });
    for (const text of ["a!:1", "any(a:1)", "a", 'a:"', "a>=:1"]) expect(reading(text)).toBeNull();
  });
});
