// Horizontal bars: one for each member, or one in parts, or several. Amounts below zero go the other way.

import { scaleLinear } from "d3-scale";
import { svg, type SVGTemplateResult } from "lit";
import type { Figure, Member } from "../figure";
import { near, sign } from "../money";
import { along, type Chart, type Drawing, fit, type Frame, label, marked, type Mark, sentence, toneOf, widthOf } from "./drawing";

const FONT = 13;

interface Room {
  readonly figure: Figure;
  readonly frame: Frame;
  /** From an amount to its place, from where reading begins. */
  readonly x: (amount: number) => number;
  /** How wide the names before the bars are. */
  readonly names: number;
  readonly above: boolean;
  readonly row: number;
}

export const bar: Chart = (figure, frame) => {
  const stacked = figure.columns.length > 1 && stacks(figure);
  const bars = figure.columns.length && !stacked ? figure.columns.length : 1;
  const above = frame.width < 480;
  const thick = bars > 1 ? 14 : 18;
  const row = bars * thick + (above ? 30 : 14);
  const ends = endsOf(figure, stacked);
  const amountWidth = Math.max(0, ...figure.rows.map((one) => widthOf(amountText(frame, one.amount), FONT))) + 12;
  const names = above ? 0 : Math.min(frame.width * 0.34, Math.max(90, ...figure.rows.map((one) => widthOf(one.label, FONT) + 14)));
  const negative = ends[0] < 0 ? amountWidth : 0;
  const x = scaleLinear().domain(ends).range([names + negative, Math.max(names + negative + 20, frame.width - amountWidth)]);
  const room = { figure, frame, x, names, above, row };
  const marks: Mark[] = [];
  const rows = figure.rows.map((one, place) => rowOf(room, one, place, { stacked, thick }, marks));
  const height = figure.rows.length * row + 6;
  return drawing(room, rows, marks, height);
};

function drawing(room: Room, rows: readonly SVGTemplateResult[], marks: readonly Mark[], height: number): Drawing {
  const { figure, frame, x } = room;
  const middle = along(frame).at(x(0));
  const zero = svg`<line class="axis" x1="${middle}" x2="${middle}" y1="0" y2="${height}"></line>`;
  return {
    svg: svg`${zero}${rows}`,
    width: frame.width,
    height,
    description: sentence(figure, frame),
    marks,
    legend: figure.columns,
  };
}

/** Whether the parts of a bar may stand one on another. */
export const stacks = (figure: Figure): boolean =>
  figure.columnsAdd && figure.cells.flat().every((one) => one === null || sign(one) >= 0);

function endsOf(figure: Figure, stacked: boolean): [number, number] {
  const all = figure.columns.length && !stacked ? figure.cells.flat().map(near) : figure.rows.map((one) => near(one.amount));
  const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
  return least === most ? [0, 1] : [least, most];
}

const amountText = (frame: Frame, amount: string | null): string => (amount === null ? "–" : frame.numbers.short(amount));

function rowOf(
  room: Room, member: Member, place: number, how: { stacked: boolean; thick: number }, marks: Mark[],
): SVGTemplateResult {
  const { figure, frame, above, row, names } = room;
  const top = place * row + (above ? 20 : 7);
  const cells = figure.cells[place] ?? [];
  const { at: placed, start, end } = along(frame);
  const name = above
    ? label("name halo", fit(member.label, frame.width, FONT), placed(0), top - 6, { end: start })
    : label("name", fit(member.label, names - 12, FONT), placed(names - 10), top + (row - 14) / 2, { end, central: true });
  if (!figure.columns.length) return svg`${name}${single(room, member, null, member.amount, top, how.thick, marks)}`;
  if (how.stacked) return svg`${name}${stack(room, member, cells, top, how.thick, marks)}`;
  const several = figure.columns.map((column, at) =>
    single(room, member, column, cells[at] ?? null, top + at * how.thick, how.thick - 2, marks),
  );
  return svg`${name}${several}`;
}

/** One bar with its amount at the end. */
function single(
  room: Room, member: Member, column: Member | null, amount: string | null, top: number, thick: number, marks: Mark[],
): SVGTemplateResult {
  const { figure, frame, x } = room;
  const { at, box, start, end } = along(frame);
  const [from, to] = [x(Math.min(0, near(amount))), x(Math.max(0, near(amount)))];
  const below = amount !== null && sign(amount) < 0;
  const mark = { member, column, amount, x: at((from + to) / 2), y: top };
  const tone = column ? toneOf(column) : member.kind === "others" ? "tone rest" : below ? "tone minus" : "tone tone-0";
  const text = amountText(frame, amount);
  const words = label(`amount ${thick < 15 ? "small" : ""}`, text, at(below ? from - 6 : to + 6), top + thick / 2, { end: below ? end : start, central: true });
  const wide = Math.max(to - from, amount === null ? 0 : 1);
  const target = svg`<rect class="target" x="0" y="${top - 2}" width="${frame.width}" height="${thick + 4}"></rect>`;
  const shape = svg`${target}<rect class="${tone}" x="${box(from, wide)}" y="${top}" width="${wide}" height="${thick}" rx="2"></rect>${words}`;
  return marked(figure, frame, marks.push(mark) - 1, mark, shape, { names: [], amount: text });
}

/** One bar in parts, the amount of all at the end. */
function stack(
  room: Room, member: Member, cells: readonly (string | null)[], top: number, thick: number, marks: Mark[],
): SVGTemplateResult {
  const { figure, frame, x } = room;
  const { at, box, start } = along(frame);
  let reached = 0;
  const parts = figure.columns.map((column, place) => {
    const amount = cells[place] ?? null;
    const [from, to] = [x(reached), x(reached + near(amount))];
    reached += near(amount);
    const mark = { member, column, amount, x: at((from + to) / 2), y: top };
    const wide = Math.max(0, to - from - (to - from > 3 ? 1 : 0));
    const shape = svg`<rect class="${toneOf(column)}" x="${box(from, wide)}" y="${top}" width="${wide}" height="${thick}"></rect>`;
    return marked(figure, frame, marks.push(mark) - 1, mark, shape);
  });
  return svg`${parts}${label("amount", amountText(frame, member.amount), at(x(reached) + 6), top + thick / 2, { end: start, central: true })}`;
}
