// Regions or countries in colours by their amounts. What has no shape is told below, with its amounts.

import { svg, type SVGTemplateResult } from "lit";
import type { Figure, Member } from "../figure";
import { sumOf } from "../figure";
import { choice, type Choice, type Seen } from "./choosing";
import { type Class, classesOf, classOf } from "./classes";
import { along, type Chart, type Drawing, fit, type Frame, label, marked, type Mark, sentence, widthOf } from "./drawing";
import { around, hatches, outsideWords, swatches, toneOfClass } from "./mapkey";
import type { Match, Placed } from "./matching";
import { type Paper, regional, worldly } from "./paper";
import type { Shape } from "./shapes";

/** What is drawn smaller than this many square pixels has a dot, so that it is seen and can be pointed at. */
const SMALL = 60;
const DOT = 6;

interface Name {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Finds the shapes for what is shown; the map is then drawn with them. Rejects when they cannot be loaded. */
export async function mapped(seen: Seen): Promise<{ draw: Chart; choice: Choice }> {
  const found = await choice(seen);
  const { match } = found;
  return { draw: match ? (figure, frame) => map(figure, frame, match) : () => empty(seen.figure), choice: found };
}

const empty = (figure: Figure): Drawing => ({ svg: svg``, width: 1, height: 1, description: figure.rowTitle, marks: [], legend: [] });

/** The map of a figure whose members were matched. */
export function map(figure: Figure, frame: Frame, { shapes, placed, outside }: Match): Drawing {
  const looked = placed.map((one) => one.shape);
  const paper = shapes.kind === "world" ? worldly(shapes.all, looked, frame.width) : regional(shapes.all, looked, frame.width);
  const amounts = placed.flatMap((one) => one.member.amount ?? []);
  const classes = classesOf(amounts);
  const drawn = marksOf(figure, frame, placed, paper, classes);
  const ground = groundOf(shapes.all, looked);
  const rest = outside.length ? restOf(figure, frame, outside, paper.height, drawn.marks) : svg``;
  const without = { amount: placed.some((one) => one.member.amount === null), line: ground.length > 0 };
  return {
    svg: svg`${hatches()}${paper.frames.map((one) => svg`<rect class="web" x="${one.x}" y="${one.y}" width="${one.width}" height="${one.height}" rx="4"></rect>`)}
      ${ground.map((one) => svg`<path class="land" d="${paper.path(one)}"></path>`)}${drawn.shapes}
      ${free(drawn.names).map((one) => label("halo small", one.text, one.x, one.y, { end: "middle", central: true }))}${rest}`,
    width: frame.width,
    height: paper.height + (outside.length ? 36 : 0),
    description: outside.length ? `${sentence(figure, frame)} ${outsideWords(figure, outside, frame)}.` : sentence(figure, frame),
    marks: drawn.marks,
    legend: [],
    swatches: swatches(amounts, classes, figure, frame, without),
    below: around(figure, frame, outside, shapes),
  };
}

function marksOf(figure: Figure, frame: Frame, placed: readonly Placed[], paper: Paper, classes: readonly Class[]): { shapes: SVGTemplateResult[]; marks: Mark[]; names: Name[] } {
  const [marks, names]: [Mark[], Name[]] = [[], []];
  const larger = [...placed].sort((one, other) => Number(other.shape.of.length > 0) - Number(one.shape.of.length > 0));
  const shapes = larger.map(({ shape, member }) => {
    const [x, y] = paper.middle(shape);
    const { area, width } = paper.size(shape);
    const mark = { member, column: null, amount: member.amount, x, y };
    const tone = toneOfClass(member.amount === null ? undefined : classOf(classes, member.amount));
    const text = width > 34 && area > 400 ? fit(member.label, width, 12) : "";
    if (text === member.label) names.push({ x, y, text });
    const dot = area < SMALL ? svg`<circle class="region ${tone}" cx="${x}" cy="${y}" r="${DOT}"></circle>` : svg``;
    return marked(figure, frame, marks.push(mark) - 1, mark, svg`<path class="region ${tone}" d="${paper.path(shape)}"></path>${dot}`);
  });
  return { shapes, marks, names };
}

/** The land that the data say nothing of: all that is drawn neither by itself nor as a part of something larger. */
function groundOf(all: readonly Shape[], looked: readonly Shape[]): Shape[] {
  const drawn = new Set(looked.flatMap((one) => [one.id, ...one.of]));
  return all.filter((one) => !one.of.length && !drawn.has(one.id));
}

/** The names that stand in nobody's way, the first before the others. */
function free(names: readonly Name[]): Name[] {
  return names.reduce((kept: Name[], one) => {
    const half = (other: Name) => (widthOf(one.text, 12) + widthOf(other.text, 12)) / 2;
    const taken = kept.some((other) => Math.abs(one.y - other.y) < 15 && Math.abs(one.x - other.x) < half(other));
    return taken ? kept : [...kept, one];
  }, []);
}

/** Everything without a shape as one mark with its exact sum: nothing is left out silently. */
function restOf(figure: Figure, frame: Frame, outside: readonly Member[], height: number, marks: Mark[]): SVGTemplateResult {
  const { speak, numbers } = frame;
  const { at, box, start } = along(frame);
  const [first] = outside;
  const one = outside.length === 1 && first ? first : null;
  const title = one ? speak.t("Not on the map: {name}", { name: one.label }) : speak.n(outside.length, "Not on the map: {n} member", "Not on the map: {n} members");
  const amount = one ? one.amount : sumOf(outside.map((each) => each.amount));
  const member: Member = one ? { ...one, label: title } : { key: "elsewhere", label: title, code: null, kind: "others", amount, facts: null, hidden: 0, at: [], tone: -1 };
  const mark = { member, column: null, amount, x: at(60), y: height + 12 };
  const short = amount === null || !figure.rowsAdd ? "" : numbers.short(amount, figure.currency);
  const words = fit(short ? `${title}: ${short}` : title, frame.width - 26, 13);
  const wide = Math.min(frame.width, widthOf(words, 13) + 28);
  return marked(figure, frame, marks.push(mark) - 1, mark, svg`<rect class="target" x="${box(0, wide)}" y="${height + 8}" width="${wide}" height="24" rx="4"></rect>
    <rect class="tone rest" x="${box(2, 14)}" y="${height + 14}" width="14" height="12" rx="2"></rect>
    ${label("name", words, at(24), height + 20, { end: start, central: true })}`, words.endsWith(short) ? { names: [title], amount: short } : { names: [words], amount: "" });
}
