// Lines and areas over periods. Areas stand on each other where they may; a gap is a gap.

import { scaleLinear, scalePoint } from "d3-scale";
import { area as areaShape, line as lineShape } from "d3-shape";
import { svg, type SVGTemplateResult } from "lit";
import type { Figure, Member } from "../figure";
import { near } from "../money";
import { stacks } from "./bar";
import { along, type Chart, type Drawing, fit, type Frame, label, marked, type Mark, sentence, toneOf, widthOf } from "./drawing";

const TOP = 14;
const BOTTOM = 30;

interface Room {
  readonly figure: Figure;
  readonly frame: Frame;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly x: (place: number) => number;
  readonly y: (amount: number) => number;
  readonly ticks: readonly number[];
}

interface Point {
  readonly place: number;
  readonly low: number;
  readonly high: number;
  readonly amount: string | null;
}

export const line: Chart = (figure, frame) => {
  const all = figure.rows.map((_, row) => pointsOf(figure, row, null));
  return drawing(figure, frame, all, false);
};

export const area: Chart = (figure, frame) => {
  const stacked = figure.rowsAdd && stacks({ ...figure, columnsAdd: true });
  if (!stacked) return line(figure, frame);
  const base = figure.columns.map(() => 0);
  return drawing(figure, frame, figure.rows.map((_, row) => pointsOf(figure, row, base)), true);
};

function pointsOf(figure: Figure, row: number, base: number[] | null): Point[] {
  return figure.columns.map((_, place) => {
    const amount = figure.cells[row]?.[place] ?? null;
    const low = base?.[place] ?? 0;
    const high = low + near(amount);
    if (base) base[place] = high;
    return { place, low, high, amount };
  });
}

function drawing(figure: Figure, frame: Frame, all: readonly (readonly Point[])[], filled: boolean): Drawing {
  const room = roomFor(figure, frame, all);
  const marks: Mark[] = [];
  const shapes = figure.rows.map((member, row) => (filled ? filling(room, member, all[row] ?? []) : stroke(room, member, all[row] ?? [])));
  const dots = figure.rows.map((member, row) => dotsOf(room, member, all[row] ?? [], marks, filled));
  return {
    svg: svg`${axes(room)}${shapes}${dots}${names(room, all, filled)}`,
    width: frame.width,
    height: room.height,
    description: sentence(figure, frame),
    marks,
    legend: figure.rows.length > 1 && !named(figure, frame) ? figure.rows : [],
  };
}

/** Whether lines have their names at their ends; else a legend has them. */
const named = (figure: Figure, frame: Frame): boolean => frame.width > 560 && figure.rows.length > 1 && figure.rows.length <= 16;

function roomFor(figure: Figure, frame: Frame, all: readonly (readonly Point[])[]): Room {
  const height = Math.round(Math.max(240, Math.min(frame.width * 0.5, 500)));
  const values = all.flat().map((one) => one.high);
  const y = scaleLinear().domain([Math.min(0, ...values), Math.max(0, ...values) || 1]).nice(5).range([height - BOTTOM, TOP]);
  const ticks = y.ticks(5);
  const left = Math.max(...ticks.map((one) => widthOf(frame.numbers.tick(one), 12))) + 12;
  const longest = Math.max(...figure.rows.map((one) => widthOf(one.label, 12)));
  const last = widthOf(figure.columns.at(-1)?.label ?? "", 12) / 2;
  const right = frame.width - (named(figure, frame) ? Math.min(frame.width * 0.28, longest + 34) : Math.max(18, last));
  const { at } = along(frame);
  const scale = scalePoint<number>().domain(figure.columns.map((_, place) => place)).range([left + 12, right]).padding(figure.columns.length > 1 ? 0 : 0.5);
  return { figure, frame, height, left, right, x: (place) => at(scale(place) ?? left), y, ticks };
}

function axes({ figure, frame, height, left, right, x, y, ticks }: Room): SVGTemplateResult {
  const { at, end } = along(frame);
  const rules = ticks.map(
    (one) => svg`<line class="${one === 0 ? "axis" : "rule"}" x1="${at(left)}" x2="${at(right)}" y1="${y(one)}" y2="${y(one)}"></line>
      ${label("tick", frame.numbers.tick(one), at(left - 8), y(one), { end, central: true })}`,
  );
  const wide = Math.max(...figure.columns.map((one) => widthOf(one.label, 12))) + 14;
  const every = Math.max(1, Math.ceil((wide * figure.columns.length) / (right - left)));
  const periods = figure.columns.map((one, place) =>
    (figure.columns.length - 1 - place) % every ? svg`` : label("tick", one.label, x(place), height - 8, { end: "middle" }),
  );
  return svg`${rules}${periods}`;
}

function stroke({ x, y }: Room, member: Member, points: readonly Point[]): SVGTemplateResult {
  const path = lineShape<Point>().defined((one) => one.amount !== null).x((one) => x(one.place)).y((one) => y(one.high));
  return svg`<path class="line ${toneOf(member)} dash-${member.kind === "others" ? "rest" : member.tone % 4}" d="${path([...points]) ?? ""}"></path>`;
}

function filling({ x, y }: Room, member: Member, points: readonly Point[]): SVGTemplateResult {
  const path = areaShape<Point>().x((one) => x(one.place)).y0((one) => y(one.low)).y1((one) => y(one.high));
  return svg`<path class="area ${toneOf(member)}" d="${path([...points]) ?? ""}"></path>`;
}

function dotsOf({ figure, frame, x, y }: Room, member: Member, points: readonly Point[], marks: Mark[], filled: boolean): SVGTemplateResult[] {
  return points.map((one) => {
    const column = figure.columns[one.place] ?? null;
    const mark = { member, column, amount: one.amount, x: x(one.place), y: y(one.high) };
    const place = marks.push(mark) - 1;
    if (one.amount === null) return svg``;
    const shape = svg`<circle class="target" cx="${mark.x}" cy="${mark.y}" r="12"></circle>${filled ? svg`<circle class="dot ${toneOf(member)}" cx="${mark.x}" cy="${mark.y}" r="2.6"></circle>` : symbol(member, mark.x, mark.y)}`;
    return marked(figure, frame, place, mark, shape);
  });
}

/** Lines are told apart by the form of their points too. */
export function symbol(member: Member, x: number, y: number): SVGTemplateResult {
  const tone = `dot ${toneOf(member)}`;
  const form = member.kind === "others" ? 0 : member.tone % 4;
  if (form === 1) return svg`<rect class="${tone}" x="${x - 4}" y="${y - 4}" width="8" height="8"></rect>`;
  if (form === 2) return svg`<path class="${tone}" d="M${x},${y - 5.5}l5.5,9.5h-11z"></path>`;
  if (form === 3) return svg`<path class="${tone}" d="M${x},${y - 6}l6,6l-6,6l-6,-6z"></path>`;
  return svg`<circle class="${tone}" cx="${x}" cy="${y}" r="4.5"></circle>`;
}

/** Names at the ends of lines, moved apart; narrow frames have the legend alone. */
function names({ figure, frame, right, y, height }: Room, all: readonly (readonly Point[])[], filled: boolean): SVGTemplateResult[] {
  if (!named(figure, frame)) return [];
  const ends = figure.rows.map((member, row) => {
    const last = (all[row] ?? []).findLast((one) => one.amount !== null);
    return { member, at: last ? y(filled ? (last.low + last.high) / 2 : last.high) : -1 };
  });
  const sorted = ends.filter((one) => one.at >= 0).sort((one, other) => one.at - other.at);
  let free = 0;
  const placed = sorted.map((one) => ({ ...one, at: (free = Math.max(one.at, free + 16)) }));
  const over = Math.max(0, free - (height - BOTTOM));
  const { at, start } = along(frame);
  return placed.map((one) => svg`${filled ? svg`<rect class="${toneOf(one.member)}" x="${at(right + 18) - 6}" y="${one.at - over - 5}" width="12" height="10" rx="2"></rect>` : symbol(one.member, at(right + 18), one.at - over)}${label("name small", fit(one.member.label, frame.width - right - 28, 12), at(right + 28), one.at - over, { end: start, central: true })}`);
}

