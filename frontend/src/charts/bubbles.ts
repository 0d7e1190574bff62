// Circles by amount, packed; their names stand in them where they fit.

import { hierarchy, pack } from "d3-hierarchy";
import { svg, type SVGTemplateResult } from "lit";
import type { Member } from "../figure";
import { type Chart, label, lines, marked, type Mark, sentence, size, toneOf, widthOf, type Words } from "./drawing";

interface Node {
  readonly member: Member | null;
  readonly children?: Node[];
}

export const bubbles: Chart = (figure, frame) => {
  const height = Math.round(Math.max(300, Math.min(frame.width * 0.62, 560)));
  const root = hierarchy<Node>({ member: null, children: figure.rows.map((member) => ({ member })) })
    .sum((one) => size(one.member?.amount ?? null));
  const marks: Mark[] = [];
  const circles = pack<Node>().size([frame.width, height]).padding(3)(root).leaves().map((leaf) => {
    const member = leaf.data.member;
    if (!member) return svg``;
    const [x, y, radius] = [leaf.x, leaf.y, Number.isFinite(leaf.r) ? leaf.r : 0];
    const mark = { member, column: null, amount: member.amount, x, y };
    const amount = member.amount === null ? "–" : frame.numbers.short(member.amount);
    const texts = words(member.label, amount, x, y, radius);
    const shape = svg`<circle class="${toneOf(member)}" cx="${x}" cy="${y}" r="${Math.max(radius, 1)}"></circle>${texts.shape}`;
    return marked(figure, frame, marks.push(mark) - 1, mark, shape, texts.words);
  });
  return { svg: svg`${circles}`, width: frame.width, height, description: sentence(figure, frame), marks, legend: [] };
};

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
