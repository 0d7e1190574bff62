// Pies and donuts: parts of a whole, with a list that names them. Slices begin at the top, the largest first.

import { arc, type PieArcDatum, pie as layout } from "d3-shape";
import { svg, type SVGTemplateResult } from "lit";
import type { Figure, Member } from "../figure";
import { along, type Chart, type Drawing, fit, type Frame, label, marked, type Mark, sentence, shareOf, size, toneOf, widthOf, type Words } from "./drawing";

const ROW = 26;
const FONT = 13;

/** Where the disc is, and where the list beside or below it begins. */
export interface Disc {
  readonly radius: number;
  readonly x: number;
  readonly y: number;
  readonly list: { readonly x: number; readonly y: number; readonly width: number };
  readonly height: number;
}

/** A disc with room for a list of so many rows. */
export function discFor(frame: Frame, rows: number): Disc {
  const { width } = frame;
  const { at, box } = along(frame);
  const beside = width >= 520;
  const radius = Math.round(Math.min(beside ? width * 0.25 : width * 0.42, 190));
  const most = 420;
  const listed = rows * ROW;
  if (!beside) return { radius, x: width / 2, y: radius + 8, list: { x: 0, y: 2 * radius + 30, width }, height: 2 * radius + 30 + listed };
  const height = Math.max(2 * radius + 16, listed + 8);
  const spare = Math.max(0, width - 2 * radius - 48 - most) / 2;
  const left = 2 * radius + 48 + spare;
  const wide = Math.min(most, width - left);
  const list = { x: box(left, wide), y: (height - listed) / 2, width: wide };
  return { radius, x: at(radius + 8 + spare), y: height / 2, list, height };
}

/** A row of the list: its colour, its name, its amount and share at the end; and its words. */
export function listed(figure: Figure, frame: Frame, member: Member, disc: Disc, place: number): { shape: SVGTemplateResult; words: Words } {
  const share = shareOf(figure, member.amount);
  const amount = member.amount === null ? "–" : frame.numbers.short(member.amount);
  const words = share === null ? amount : `${amount} · ${frame.numbers.share(share)}`;
  const { x, width } = disc.list;
  const y = disc.list.y + place * ROW + ROW / 2;
  const room = width - 24 - widthOf(words, FONT) - 14;
  const name = fit(member.label, room, FONT);
  const { start, end } = along(frame);
  const from = (inset: number, wide = 0): number => (frame.rtl ? x + width - inset - wide : x + inset);
  const shape = svg`<rect class="target" x="${x}" y="${y - ROW / 2}" width="${width}" height="${ROW}" rx="4"></rect>
    <rect class="${toneOf(member)}" x="${from(2, 14)}" y="${y - 6}" width="14" height="12" rx="2"></rect>
    ${label("name", name, from(24), y, { end: start, central: true })}
    ${label("amount", words, from(width - 2), y, { end, central: true })}`;
  return { shape, words: { names: [name], amount: words } };
}

const round = (hole: number): Chart => (figure, frame): Drawing => {
  const disc = discFor(frame, figure.rows.length);
  const slices = layout<Member>().value((one) => size(one.amount)).sort(null)([...figure.rows]);
  const shape = arc<PieArcDatum<Member>>().innerRadius(disc.radius * hole).outerRadius(disc.radius);
  const middle = arc<PieArcDatum<Member>>().innerRadius(disc.radius * Math.max(hole, 0.5)).outerRadius(disc.radius);
  const marks: Mark[] = [];
  const parts = slices.map((slice, place) => {
    const member = slice.data;
    const [x, y] = middle.centroid(slice);
    const mark = { member, column: null, amount: member.amount, x: disc.x + x, y: disc.y + y };
    const row = listed(figure, frame, member, disc, place);
    const drawn = svg`<path class="slice ${toneOf(member)}" transform="translate(${disc.x} ${disc.y})" d="${shape(slice) ?? ""}"></path>${row.shape}`;
    return marked(figure, frame, marks.push(mark) - 1, mark, drawn, row.words);
  });
  const total = hole && figure.total !== null ? inside(disc, frame.speak.t("Total"), frame.numbers.short(figure.total, figure.currency)) : svg``;
  return { svg: svg`${parts}${total}`, width: frame.width, height: disc.height, description: sentence(figure, frame), marks, legend: [] };
};

/** Two lines in the middle of a ring. */
export function inside(disc: Disc, above: string, below: string): SVGTemplateResult {
  return svg`${label("tick", above, disc.x, disc.y - 12, { end: "middle" })}
    ${label(disc.radius > 110 ? "big" : "strong", below, disc.x, disc.y + 10, { end: "middle" })}`;
}

export const pie = round(0);
export const donut = round(0.58);
