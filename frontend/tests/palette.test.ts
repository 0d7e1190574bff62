import { expect, test } from "vitest";
import { ACCENT, contrast, INK, MINUS, ON_TONE, PAPER, QUIET, REST, TONE } from "../src/palette";

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
