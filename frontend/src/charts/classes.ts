// Classes of amounts: a few colours, between round bounds that are exactly what the legend says.

import { abs, compare, near, negate, sign } from "../money";

/** The amounts between two bounds, of which the one nearer to zero belongs to it; null where it is open. */
export interface Class {
  readonly from: string | null;
  readonly to: string | null;
  readonly below: boolean;
  /** Its colour: 0 is the palest of its side. */
  readonly step: number;
}

export const STEPS = 5;
export const DEEPS = 2;

/** The classes of these amounts, from the least to the most; as few as are needed to tell them apart. */
export function classesOf(amounts: readonly string[]): Class[] {
  const [above, below] = [amounts.filter((one) => sign(one) >= 0), amounts.filter((one) => sign(one) < 0)];
  return [...sideBelow(bounds(below.map(abs), DEEPS), below.length > 0), ...sideAbove(bounds(above, STEPS), above.length > 0, below.length > 0)];
}

/** The class of an amount. */
export const classOf = (classes: readonly Class[], amount: string): Class | undefined => classes.find((one) => holds(one, amount));

function holds({ from, to, below }: Class, amount: string): boolean {
  if (sign(amount) < 0 !== below) return false;
  if (below) return (from === null || compare(amount, from) > 0) && (to === null || compare(amount, to) <= 0);
  return (from === null || compare(amount, from) >= 0) && (to === null || compare(amount, to) < 0);
}

function sideAbove(cuts: readonly string[], any: boolean, both: boolean): Class[] {
  if (!any) return [];
  const edges = [both ? "0" : null, ...cuts, null];
  return edges.slice(0, -1).map((from, place) => ({ from, to: edges[place + 1] ?? null, below: false, step: stepOf(place, cuts.length + 1, STEPS) }));
}

/** Below zero: the deepest class first. */
function sideBelow(cuts: readonly string[], any: boolean): Class[] {
  if (!any) return [];
  const edges = [null, ...cuts.toReversed().map(negate), "0"];
  return edges.slice(0, -1).map((from, place) => ({ from, to: edges[place + 1] ?? null, below: true, step: stepOf(cuts.length - place, cuts.length + 1, DEEPS) }));
}

/** Few classes take colours that are far apart. */
const stepOf = (place: number, count: number, steps: number): number => (count === 1 ? Math.floor(steps / 2) : Math.round((place * (steps - 1)) / (count - 1)));

/** Round bounds that part the amounts into about equally many, each with at least one on both sides. */
function bounds(amounts: readonly string[], classes: number): string[] {
  const sorted = [...amounts].sort(compare);
  const wanted = Math.min(classes, new Set(sorted.map(near)).size);
  const found: string[] = [];
  for (let place = 1; place < wanted; place += 1) {
    const at = Math.round((place * sorted.length) / wanted);
    const cut = round(sorted[at - 1] ?? "0", sorted[at] ?? "0");
    const least = found.at(-1) ?? sorted[0] ?? "0";
    if (cut !== null && compare(cut, least) > 0 && compare(cut, sorted.at(-1) ?? "0") <= 0) found.push(cut);
  }
  return found;
}

/** The roundest number above `low` and up to `high`; null where these are the same. */
function round(low: string, high: string): string | null {
  if (compare(low, high) >= 0) return null;
  for (let digits = 1; digits <= 15; digits += 1) {
    const cut = shortened(near(high), digits);
    if (compare(cut, low) > 0 && compare(cut, high) <= 0) return cut;
  }
  return high;
}

/** The number cut down to some digits, as a decimal. */
function shortened(value: number, digits: number): string {
  if (value <= 0) return "0";
  const power = Math.floor(Math.log10(value)) - digits + 1;
  const whole = String(Math.floor(value / 10 ** power + 1e-9));
  return power >= 0 ? whole + "0".repeat(power) : decimal(whole, -power);
}

function decimal(units: string, scale: number): string {
  const text = units.padStart(scale + 1, "0");
  return `${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
