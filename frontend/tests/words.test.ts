import { expect, test } from "vitest";
import spanish from "../src/words.es.json";
import { speaker } from "../src/words";

test("a sentence is said in the language, or in English", () => {
  expect(speaker("es-MX").t("Total")).toBe("Total");
  expect(speaker("es").t("Try again")).toBe("Intentar de nuevo");
  expect(speaker("fr").t("Try again")).toBe("Try again");
  expect(speaker("nonsense!").t("Source:")).toBe("Source:");
  expect(speaker("en").t("{name} may be", { name: "{x}" })).toBe("{x} may be");
});

test("numbers of things have their words", () => {
  expect(speaker("en").n(1, "{n} member", "{n} members")).toBe("1 member");
  expect(speaker("en").n(1200, "{n} member", "{n} members")).toBe("1,200 members");
  expect(speaker("es").n(1, "{n} member", "{n} members")).toBe("1 miembro");
  expect(speaker("es").n(20000, "others ({n})", "others ({n})")).toBe("otros (20.000)");
});

test("some languages run from right to left", () => {
  expect([speaker("ar-EG").direction, speaker("he").direction, speaker("es").direction]).toEqual(["rtl", "rtl", "ltr"]);
});

test("a translation has the placeholders of its sentence", () => {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
  for (const [english, theirs] of Object.entries<string | Record<string, string>>(spanish)) {
    for (const one of typeof theirs === "string" ? [theirs] : Object.values(theirs)) {
      const [have, need] = [holes(one), holes(english)];
      expect(typeof theirs === "string" ? have : need.filter((hole) => hole !== "{n}")).toEqual(typeof theirs === "string" ? need : have.filter((hole) => hole !== "{n}"));
    }
  }
});
