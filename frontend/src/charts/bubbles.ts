// Circles by amount, packed; their names stand in them where they fit.

import { hierarchy, type HierarchyCircularNode, pack } from "d3-hierarchy";
import { svg, type SVGTemplateResult } from "lit";
import type { Member } from "../figure";
import { type Chart, label, lines, marked, type Mark, sentence, size, toneOf, widthOf, type Words } from "./drawing";

const SIDE = 600;

interface Circle {
  readonly member: Member | null;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

interface Node {
  readonly member: Member | null;
  readonly children?: Node[];
}

export const bubbles: Chart = (figure, frame) => {
  const root = hierarchy<Node>({ member: null, children: figure.rows.map((member) => ({ member })) })
    .sum((one) => size(one.member?.amount ?? null));
  const marks: Mark[] = [];
  const { leaves, height } = packed(pack<Node>().size([SIDE, SIDE]).padding(3)(root).leaves(), frame.width);
  const circles = leaves.map((leaf) => {
    const { member } = leaf;
    if (!member) return svg``;
    const { x, y, radius } = leaf;
    const mark = { member, column: null, amount: member.amount, x, y };
    const amount = member.amount === null ? "–" : frame.numbers.short(member.amount);
    const texts = words(member.label, amount, x, y, radius);
    const shape = svg`<circle class="${toneOf(member)}" cx="${x}" cy="${y}" r="${Math.max(radius, 1)}"></circle>${texts.shape}`;
    return marked(figure, frame, marks.push(mark) - 1, mark, shape, texts.words);
  });
  return { svg: svg`${circles}`, width: frame.width, height, description: sentence(figure, frame), marks, legend: [] };
};

/** Circles turned to lie rather than to stand, and as large as there is room: nothing is left free around them. */
function packed(all: readonly HierarchyCircularNode<Node>[], width: number): { leaves: Circle[]; height: number } {
  const finite = (size: number): number => (Number.isFinite(size) ? size : 0);
  const given = all.map((one) => ({ member: one.data.member, x: finite(one.x), y: finite(one.y), radius: finite(one.r) }));
  const ends = (axis: "x" | "y") => [Math.min(...given.map((one) => one[axis] - one.radius)), Math.max(...given.map((one) => one[axis] + one.radius))] as const;
  const [[left, right], [top, bottom]] = [ends("x"), ends("y")];
  const [wide, tall] = [right - left, bottom - top];
  const lying = wide >= tall || width < 480;
  const [along, across] = lying ? [wide, tall] : [tall, wide];
  const most = Math.max(300, Math.min(width * 0.62, 620));
  const scale = Math.min((width - 4) / Math.max(along, 1), most / Math.max(across, 1));
  const spare = (width - along * scale) / 2;
  const leaves = given.map(({ member, x, y, radius }) => {
    const [a, b] = lying ? [x - left, y - top] : [y - top, x - left];
    return { member, x: spare + a * scale, y: 2 + b * scale, radius: radius * scale };
  });
  return { leaves, height: Math.round(Math.max(120, across * scale) + 4) };
}

function words(name: string, amount: string, x: number, y: number, radius: number): { shape: SVGTemplateResult; words: Words } {
  if (radius < 24) return { shape: svg``, words: { names: [], amount: "" } };
  const font = radius > 80 ? 15 : radius > 40 ? 12 : 10;
  const line = font * 1.22;
  const room = radius * 1.6;
  const named = lines(name, room, font, radius > 45 ? 3 : 1, true);
  const under = radius > 34 && widthOf(amount, font) < room;
  const top = y - ((named.length + (under ? 1 : 0)) * line) / 2;
  const all = under ? [...named, amount] : named;
  const shape = svg`${all.map((text, place) => label(place < named.length ? "on strong" : "on", text, x, top + line * (place + 0.8), { end: "middle", font }))}`;
  return { shape, words: { names: named, amount: under ? amount : "" } };
}
