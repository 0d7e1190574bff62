import { expect, test } from "vitest";
import { ACCENT, contrast, DEEP, INK, MINUS, ON_TONE, PAPER, QUIET, REST, STEP, TONE } from "../src/palette";

const MODES = [0, 1] as const;

test("tones stand out from the paper, and carry text", () => {
  for (const mode of MODES) {
    for (const tone of [...TONE, MINUS, REST]) {
      expect(contrast(tone[mode], PAPER[mode])).toBeGreaterThanOrEqual(3);
      expect(contrast(tone[mode], ON_TONE[mode])).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test("text can be read", () => {
  for (const mode of MODES) {
    for (const text of [INK, QUIET, ACCENT, MINUS]) expect(contrast(text[mode], PAPER[mode])).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast("#000000", "#ffffff")).toBe(21);
});

test("amounts on a map go from near the paper's lightness to far from it, each step seen without its hue, behind a border that is", () => {
  for (const mode of MODES) {
    for (const scale of [STEP, DEEP]) {
      scale.slice(1).forEach((one, place) => expect(contrast(one[mode], scale[place]?.[mode] ?? "")).toBeGreaterThanOrEqual(1.4));
      const far = scale.map((one) => contrast(one[mode], PAPER[mode]));
      expect([...far].sort((one, other) => one - other)).toEqual(far);
      expect(far.at(-1)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(QUIET[mode], PAPER[mode])).toBeGreaterThanOrEqual(3);
  }
});
