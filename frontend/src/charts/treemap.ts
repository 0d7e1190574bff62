// Areas by amount. Names stand in them where they fit.

import { hierarchy, treemap as layout, treemapSquarify } from "d3-hierarchy";
import { svg, type SVGTemplateResult } from "lit";
import type { Member } from "../figure";
import { along, type Chart, type Frame, label, lines, marked, type Mark, sentence, shareOf, size, toneOf, widthOf, type Words } from "./drawing";

interface Node {
  readonly member: Member | null;
  readonly children?: readonly Node[];
}

export const treemap: Chart = (figure, frame) => {
  const height = Math.round(Math.max(280, Math.min(frame.width * 0.58, 560)));
  const root = hierarchy<Node>({ member: null, children: figure.rows.map((member) => ({ member })) }, (one) => one.children as Node[])
    .sum((one) => size(one.member?.amount ?? null));
  const placed = layout<Node>().size([frame.width, height]).tile(treemapSquarify.ratio(1.3)).paddingInner(2).round(true)(root);
  const marks: Mark[] = [];
  const { at, box } = along(frame);
  const tiles = placed.leaves().map((leaf) => {
    const member = leaf.data.member;
    if (!member) return svg``;
    const [width, tall] = [leaf.x1 - leaf.x0, leaf.y1 - leaf.y0];
    const mark = { member, column: null, amount: member.amount, x: at((leaf.x0 + leaf.x1) / 2), y: leaf.y0 + tall / 2 };
    const share = shareOf(figure, member.amount);
    const amount = member.amount === null ? "–" : frame.numbers.short(member.amount);
    const below = share === null ? amount : `${amount} · ${frame.numbers.share(share)}`;
    const texts = words(frame, member.label, below, leaf.x0, leaf.y0, width, tall);
    const shape = svg`<rect class="${toneOf(member)}" x="${box(leaf.x0, width)}" y="${leaf.y0}" width="${width}" height="${tall}" rx="${Math.min(3, width / 8, tall / 8)}"></rect>${texts.shape}`;
    return marked(figure, frame, marks.push(mark) - 1, mark, shape, texts.words);
  });
  return { svg: svg`${tiles}`, width: frame.width, height, description: sentence(figure, frame), marks, legend: [] };
};

/** The name on up to three lines, and the amount below it; both give way to small areas. */
function words(frame: Frame, name: string, amount: string, x: number, y: number, width: number, tall: number): { shape: SVGTemplateResult; words: Words } {
  const font = width > 220 && tall > 110 ? 16 : width > 90 && tall > 40 ? 13 : 11;
  const room = width - 14;
  if (room < 34 || tall < font + 8) return { shape: svg``, words: { names: [], amount: "" } };
  const line = font * 1.25;
  const most = Math.max(1, Math.min(3, Math.floor((tall - 8) / line) - 1));
  const named = lines(name, room, font, most, true);
  const under = tall > (named.length + 1) * line + 8 && widthOf(amount, font - 1) <= room;
  const { at, start } = along(frame);
  const texts = named.map((text, place) => label("on strong", text, at(x + 8), y + 6 + line * (place + 0.8), { end: start, font }));
  const below = under ? label("on", amount, at(x + 8), y + 6 + line * (named.length + 0.85), { end: start, font: font - 1 }) : svg``;
  return { shape: svg`${texts}${below}`, words: { names: named, amount: under ? amount : "" } };
}

