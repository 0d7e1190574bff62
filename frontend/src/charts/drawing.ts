// What every chart is given, what it gives back, and the parts that they share.

import { nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { type Figure, hasNegatives, type Member } from "../figure";
import { near, ratio, sign } from "../money";
import type { Numbers } from "../numbers";
import type { Speaker } from "../words";

/** The room for a chart, and how it speaks. */
export interface Frame {
  readonly width: number;
  readonly speak: Speaker;
  readonly numbers: Numbers;
  /** Whether it is read from right to left. */
  readonly rtl: boolean;
  /** Whether a member leads further down. */
  readonly opens: (member: Member) => boolean;
}

/** One thing in a chart that can be pointed at. */
export interface Mark {
  readonly member: Member;
  readonly column: Member | null;
  readonly amount: string | null;
  /** Where the tooltip points to. */
  readonly x: number;
  readonly y: number;
}

export interface Drawing {
  readonly svg: SVGTemplateResult;
  readonly width: number;
  readonly height: number;
  /** One sentence for those who do not see it. */
  readonly description: string;
  readonly marks: readonly Mark[];
  readonly legend: readonly Member[];
  /** What colours mean that are no members'. */
  readonly swatches?: readonly Swatch[];
  /** What is to be told below it; given how members are opened. */
  readonly below?: (open: (member: Member) => void) => TemplateResult;
}

/** A colour of the legend, by its classes. */
export interface Swatch {
  readonly tone: string;
  readonly label: string;
}

export type Chart = (figure: Figure, frame: Frame) => Drawing;

/** How many tones the palette has before they come again with a hatch. */
export const TONES = 8;

/** The class of a mark: its tone, a hatch for the second round, grey for others, red for what is below zero. */
export function toneOf(member: Member, amount: string | null = member.amount, marksNegatives = false): string {
  if (marksNegatives && amount !== null && sign(amount) < 0) return "tone minus";
  if (member.kind === "others") return "tone rest";
  return `tone tone-${member.tone % TONES}${member.tone >= TONES ? " again" : ""}`;
}

/** What stands in a mark as text: lines of its name, and what of its amount. */
export interface Words {
  readonly names: readonly string[];
  readonly amount: string;
}

/** What a screen reader says of a mark: first what is seen of it, by which it can be called, then the rest of its name,
 *  and the exact amount. */
export function said(figure: Figure, frame: Frame, mark: Mark, words: Words = { names: [], amount: "" }): string {
  const { numbers, speak } = frame;
  const name = mark.column ? `${mark.member.label}, ${mark.column.label}` : mark.member.label;
  const amount = mark.amount === null ? speak.t("no amount") : numbers.full(mark.amount, figure.currency);
  const share = shareOf(figure, mark.amount);
  const told = share === null || words.amount.includes(numbers.share(share)) ? "" : `, ${numbers.share(share)}`;
  const drawn = words.names.join(" ");
  const shown = [drawn || name, words.amount].filter(Boolean).join(" ");
  const plain = (text: string): string => text.replace(/\s/g, "");
  const cut = drawn !== "" && plain(drawn) !== plain(name);
  return `${cut ? `${shown}, ${name}` : shown}: ${amount}${told}`;
}

/** The part of the total, where there is one; a total that negatives went into has no parts. */
export function shareOf(figure: Figure, amount: string | null): number | null {
  if (amount === null || figure.total === null || sign(figure.total) <= 0 || !figure.rowsAdd) return null;
  if ((figure.columns.length && !figure.columnsAdd) || hasNegatives(figure)) return null;
  return ratio(amount, figure.total);
}

/** A mark in the drawing: focusable, named, and found again by its place. */
export function marked(
  figure: Figure, frame: Frame, place: number, mark: Mark, shape: SVGTemplateResult, words?: Words,
): SVGTemplateResult {
  const opens = frame.opens(mark.member);
  return svg`<g class="mark ${opens ? "opens" : ""}" data-mark="${place}" tabindex="-1"
    role="${opens ? "button" : "img"}" aria-label="${said(figure, frame, mark, words)}">${shape}</g>`;
}

/** The sentence that begins a description: how many, of what, and the largest. */
export function sentence(figure: Figure, frame: Frame): string {
  const { speak, numbers } = frame;
  const first = figure.rows.find((one) => one.kind !== "others" && one.amount !== null);
  const count = speak.n(figure.members, "{n} member", "{n} members");
  const total = figure.total === null || figure.timely ? "" : ` ${speak.t("Total: {amount}.", { amount: numbers.full(figure.total, figure.currency) })}`;
  const most = first ? ` ${speak.t("First: {name}.", { name: first.label })}` : "";
  return `${figure.measure} · ${figure.rowTitle}: ${count}.${total}${most}`;
}

/** Amounts as sizes: what is missing or negative has none. */
export const size = (amount: string | null): number => Math.max(0, near(amount));

/** Tells how wide a text is in a font of so many pixels. */
export type Measure = (text: string, font: number, bold: boolean) => number;

/** How wide a text is about, where there is no browser to ask. */
const about: Measure = (text, font, bold) => {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e80 ? 1 : WIDTHS.find(([kind]) => kind.test(letter))?.[1] ?? 0.58;
  return width * font * (bold ? 1.1 : 1);
};

const WIDTHS: readonly (readonly [RegExp, number])[] = [[/[il.,:;|'!1 ]/, 0.33], [/[mwMW%@]/, 0.9], [/[A-Z]/, 0.7]];

let measured: Measure = about;

/** From now on texts are as wide as this says. */
export function measureBy(measure: Measure): void {
  measured = measure;
}

/** How wide a text is. */
export const widthOf = (text: string, font: number, bold = false): number => measured(text, font, bold);

/** As much of a text as fits, ending in “…”; nothing when hardly any of it does. */
export function fit(text: string, room: number, font: number, bold = false): string {
  if (widthOf(text, font, bold) <= room) return text;
  const letters = [...text];
  let [least, most] = [0, letters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (widthOf(`${letters.slice(0, middle).join("")}…`, font, bold) <= room) least = middle;
    else most = middle - 1;
  }
  return least > 1 ? `${letters.slice(0, least).join("").trimEnd()}…` : "";
}

/** A text on up to `most` lines. */
export function lines(text: string, room: number, font: number, most: number, bold = false): string[] {
  const done: string[] = [];
  let rest = text.split(/(?<=[ \-/])|(?<=[\u3000-\u9fff])/u);
  while (rest.length && done.length < most) {
    let line = rest.shift() ?? "";
    const last = done.length === most - 1;
    while (rest.length && (last || widthOf(line + (rest[0] ?? "").trimEnd(), font, bold) <= room)) line += rest.shift() ?? "";
    done.push(fit(line.trim(), room, font, bold));
  }
  return done.filter(Boolean);
}

/** Places from the side where reading begins: as they are, or from the right. */
export interface Along {
  readonly at: (x: number) => number;
  /** Where something of a width begins at the left. */
  readonly box: (x: number, width: number) => number;
  readonly start: "left" | "right";
  readonly end: "left" | "right";
}

export const along = ({ rtl, width }: Frame): Along =>
  rtl
    ? { at: (x) => width - x, box: (x, wide) => width - x - wide, start: "right", end: "left" }
    : { at: (x) => x, box: (x) => x, start: "left", end: "right" };

/** How a text stands at its place: which end of it is there, and whether its middle is on the line. */
export interface Standing {
  readonly end?: "left" | "middle" | "right";
  readonly central?: boolean;
  readonly font?: number;
}

const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A name in the drawing, written in the direction of its own letters. */
export function label(names: string, text: string, x: number, y: number, standing: Standing = {}): SVGTemplateResult {
  const { end = "left", central = false, font } = standing;
  const rtl = RIGHT_TO_LEFT.test(text);
  const anchor = end === "middle" ? "middle" : (end === "right") === rtl ? "start" : "end";
  return svg` <text class="${names}" font-size="${font ?? nothing}" x="${x}" y="${y}" direction="${rtl ? "rtl" : "ltr"}"
    text-anchor="${anchor}" dominant-baseline="${central ? "central" : "auto"}">${text}</text>`;
}
