import { describe, expect, test } from "vitest";
import { abs, add, compare, decimals, negate, ratio, same, sign, subtract, sum } from "../src/money";
import { Numbers } from "../src/numbers";

describe("money", () => {
  test("adds what floats cannot", () => {
    expect(add("0.1", "0.2")).toBe("0.3");
    expect(sum(["12008553000.04", "-0.04", "1"])).toBe("12008553001.00");
    expect(sum(["99999999999999999999999999.99", "0.01"])).toBe("100000000000000000000000000.00");
    expect(sum([])).toBe("0");
  });

  test("subtracts to the last digit, through zero", () => {
    expect(subtract("1", "1.001")).toBe("-0.001");
    expect(subtract("-5", "-5")).toBe("0");
    expect(subtract("108000034.44", "73287054.02")).toBe("34712980.42");
  });

  test("compares and signs", () => {
    expect(compare("10", "9.999")).toBe(1);
    expect(compare("-10", "-9")).toBe(-1);
    expect(same("1.50", "1.5")).toBe(true);
    expect([sign("-0.00"), sign("-0.01"), sign("3")]).toEqual([0, -1, 1]);
    expect([abs("-3.20"), abs("3.20"), negate("0")]).toEqual(["3.20", "3.20", "0"]);
  });

  test("reads what the API writes, and nothing else", () => {
    expect(add("1e3", "+2.5E-1")).toBe("1000.25");
    expect(decimals("12.500")).toBe(3);
    for (const text of ["", "1,5", "NaN", "0x10", "1 2"]) expect(() => add(text, "1")).toThrow(RangeError);
  });

  test("has shares for geometry", () => {
    expect(ratio("1", "3")).toBeCloseTo(0.333333333333, 12);
    expect(ratio("5", "0")).toBe(0);
    expect(ratio("-1", "4")).toBe(-0.25);
  });
});

describe("numbers", () => {
  test("write all digits, however many", () => {
    expect(new Numbers("en").full("12345678901234567890.10")).toBe("12,345,678,901,234,567,890.10");
    expect(new Numbers("es").full("-1234567.5", "EUR")).toBe("-1.234.567,5\u00a0EUR");
    expect(new Numbers("de").full("0")).toBe("0");
  });

  test("say amounts shortly in the words of a language", () => {
    expect(new Numbers("en").short("12008553000.04", "GBP")).toBe("12B\u00a0GBP");
    expect(new Numbers("en").words("73287054.02")).toBe("73.3 million");
    expect(new Numbers("es").words("73287054.02")).toMatch(/^73,3.millones$/);
  });

  test("say shares and changes", () => {
    const numbers = new Numbers("en");
    expect([numbers.share(0.453), numbers.share(0.0123), numbers.share(0.0001)]).toEqual(["45%", "1.2%", "< 0.1%"]);
    expect([numbers.change(-0.5407), numbers.change(0)]).toEqual(["-54.1%", "0%"]);
  });
});
