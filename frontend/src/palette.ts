// Colours that are calm, told apart by more than hue, and readable: at least 3:1 to the paper, 4.5:1 under text.

/** The paper, and what is written on it and on tones; light, then dark. */
export const PAPER = ["#ffffff", "#1a2129"] as const;
export const INK = ["#1b2330", "#e8ecf0"] as const;
export const QUIET = ["#5b6575", "#9aa6b4"] as const;
export const LINE = ["#e2dfd8", "#2f3945"] as const;
export const ACCENT = ["#0a6b62", "#6fd3c3"] as const;
export const ON_TONE = ["#ffffff", "#0f151b"] as const;

/** Tones of members, in their order; each light, then dark. */
export const TONE = [
  ["#0f766e", "#5cc4b6"],
  ["#35629b", "#8db6ea"],
  ["#8f5e0d", "#e2b661"],
  ["#85508b", "#cba0d2"],
  ["#a8452f", "#ee9a80"],
  ["#55701f", "#adc672"],
  ["#4b5d78", "#a6b4c8"],
  ["#a23a62", "#ea95b4"],
] as const;

/** Amounts on a map, from little to much: one hue, told apart by its lightness. Below zero, from little to much. */
export const STEP = [
  ["#d8eeea", "#24494a"],
  ["#98cfc7", "#2d6a68"],
  ["#55aba0", "#3d9086"],
  ["#1f8278", "#62bfb0"],
  ["#0a5650", "#aeeee1"],
] as const;
export const DEEP = [
  ["#eec3b4", "#7a4535"],
  ["#b4472f", "#e0805f"],
] as const;

/** Below zero, and others. */
export const MINUS = ["#b4472f", "#e0805f"] as const;
export const REST = ["#666e79", "#8b95a1"] as const;

/** The WCAG contrast of two colours such as `#0f766e`. */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((place) => {
    const part = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
