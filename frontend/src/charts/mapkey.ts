// What stands around a map: what its colours mean, what is not on it, where its borders are from.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { type Figure, type Member, sumOf } from "../figure";
import { compare, same } from "../money";
import type { Numbers } from "../numbers";
import type { Speaker } from "../words";
import { type Class, DEEPS } from "./classes";
import type { Frame, Swatch } from "./drawing";
import type { Shapes } from "./shapes";

/** The look of an amount of a class; of a region without an amount, where there is no class. */
export const toneOfClass = (one: Class | undefined): string => (one ? `tone ${one.below ? "deep" : "step"}-${one.step}` : "tone rest");

/** The hatches of amounts below zero: they are told apart by more than their hue. */
export const hatches = (): SVGTemplateResult => svg`<defs>${Array.from({ length: DEEPS }, (_, place) => svg`<pattern id="deep-${place}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect class="ground-${place}" width="7" height="7"></rect><line class="hatch" x1="0" x2="0" y1="0" y2="7"></line></pattern>`)}</defs>`;

/** The meaning of the colours, in the order of the amounts. */
export function swatches(amounts: readonly string[], classes: readonly Class[], figure: Figure, frame: Frame, without: { amount: boolean; line: boolean }): Swatch[] {
  const { speak, numbers } = frame;
  const said = (one: Class): string => boundsOf(one, figure.currency, numbers, speak) ?? whole(amounts, figure.currency, frame);
  const found = classes.map((one): Swatch => ({ tone: toneOfClass(one), label: said(one) }));
  if (without.amount) found.push({ tone: "tone rest", label: speak.t("no amount") });
  if (without.line) found.push({ tone: "land", label: speak.t("nothing in these data") });
  return found;
}

/** What one class for all amounts holds. */
function whole(amounts: readonly string[], currency: string | null, { speak, numbers }: Frame): string {
  const [least = "0", most = "0"] = [[...amounts].sort(compare).at(0), [...amounts].sort(compare).at(-1)];
  return same(least, most) ? numbers.full(most, currency) : speak.t("{from} to {to}", { from: numbers.full(least), to: numbers.full(most, currency) });
}

/** The bounds of a class in words; null where it has none. */
function boundsOf({ from, to, below }: Class, currency: string | null, numbers: Numbers, speak: Speaker): string | null {
  const said = (amount: string, code = currency): string => (short(amount) ? numbers.short(amount, code) : numbers.full(amount, code));
  if (from !== null && to !== null) return speak.t(below ? "less than {to}, more than {from}" : "{from} to less than {to}", below ? { from: said(from), to: said(to, null) } : { from: said(from, null), to: said(to) });
  if (to !== null) return speak.t(below && to !== "0" ? "{to} or less" : "less than {to}", { to: said(to, to === "0" ? null : currency) });
  return from === null ? null : speak.t("{from} or more", { from: said(from) });
}

/** Whether the short form of an amount has all its digits. */
const short = (amount: string): boolean => amount.replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length <= 3;

/** All that a map has no shape for, with its amounts, and where its borders are from. */
export function around(figure: Figure, frame: Frame, outside: readonly Member[], shapes: Shapes): (open: (member: Member) => void) => TemplateResult {
  const { speak, numbers, opens } = frame;
  const row = (one: Member, open: (member: Member) => void): TemplateResult => {
    const name = one.code === null ? one.label : `${one.label} (${one.code})`;
    const amount = one.amount === null ? speak.t("no amount") : numbers.full(one.amount, figure.currency);
    return html`<li><bdi>${opens(one) ? html`<button class="plain" @click=${() => open(one)}>${name}</button>` : name}</bdi>: ${amount}</li>`;
  };
  return (open) => html`
    ${outside.length ? html`<details class="outside"><summary>${outsideWords(figure, outside, frame)}</summary><ul>${outside.map((one) => row(one, open))}</ul></details>` : nothing}
    <p class="borders">${speak.t("The colour tells the amount, not what it is for each person: a large region is not more money.")}
      ${shapes.kind === "given" ? nothing : html`${speak.t("Borders:")} <a href="https://www.naturalearthdata.com" rel="noopener">Natural Earth</a>`}</p>`;
}

/** How many members, and how much, are not on the map. */
export function outsideWords(figure: Figure, outside: readonly Member[], { speak, numbers }: Frame): string {
  const count = outside.reduce((sum, one) => sum + (one.kind === "others" ? one.hidden : 1), 0);
  const amount = numbers.full(sumOf(outside.map((one) => one.amount)), figure.currency);
  const values = { all: numbers.count(Math.max(count, figure.members)), amount };
  if (!figure.rowsAdd) return speak.n(count, "{n} of {all} is not on this map", "{n} of {all} are not on this map", values);
  return speak.n(count, "{n} of {all}, {amount}, is not on this map", "{n} of {all}, {amount}, are not on this map", values);
}
