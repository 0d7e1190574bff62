// Two rings: members of a level, and around them what each consists of.

import { arc } from "d3-shape";
import { svg, type SVGTemplateResult } from "lit";
import type { Member } from "../figure";
import { type Chart, marked, type Mark, sentence, size, toneOf } from "./drawing";
import { type Disc, discFor, inside, listed } from "./pie";

const TURN = 2 * Math.PI;

interface Sector {
  readonly from: number;
  readonly to: number;
}

export const sunburst: Chart = (figure, frame) => {
  const disc = discFor(frame, figure.rows.length);
  const whole = figure.rows.reduce((all, one) => all + size(one.amount), 0) || 1;
  const nested = figure.parts.length > 0;
  const marks: Mark[] = [];
  let reached = 0;
  const mark = (member: Member, at: Sector, radius: number, column: Member | null = null): Mark => {
    const angle = (at.from + at.to) / 2;
    return { member, column, amount: member.amount, x: disc.x + Math.sin(angle) * radius, y: disc.y - Math.cos(angle) * radius };
  };
  const rings = figure.rows.map((row, place) => {
    const at = { from: (reached / whole) * TURN, to: ((reached + size(row.amount)) / whole) * TURN };
    const own = mark(row, at, disc.radius * 0.55);
    const line = listed(figure, frame, row, disc, place);
    const inner = marked(figure, frame, marks.push(own) - 1, own, svg`${sector(disc, at, 0.38, nested ? 0.68 : 1, toneOf(row))}${line.shape}`, line.words);
    let within = reached;
    const outer = (figure.parts[place] ?? []).map((part) => {
      const here = { from: (within / whole) * TURN, to: ((within + size(part.amount)) / whole) * TURN };
      within += size(part.amount);
      const of = mark(part, here, disc.radius * 0.85, part === row ? null : row);
      return marked(figure, frame, marks.push(of) - 1, of, sector(disc, here, 0.7, 1, `outer ${toneOf({ ...part, tone: row.tone })}`));
    });
    reached += size(row.amount);
    return svg`${inner}${outer}`;
  });
  const total = figure.total === null ? svg`` : inside({ ...disc, radius: disc.radius * 0.7 }, frame.speak.t("Total"), frame.numbers.short(figure.total, figure.currency));
  return { svg: svg`${rings}${total}`, width: frame.width, height: disc.height, description: sentence(figure, frame), marks, legend: [] };
};

function sector(disc: Disc, at: Sector, from: number, to: number, tone: string): SVGTemplateResult {
  const path = arc()({ innerRadius: disc.radius * from, outerRadius: disc.radius * to, startAngle: at.from, endAngle: at.to });
  return svg`<path class="slice ${tone}" transform="translate(${disc.x} ${disc.y})" d="${path ?? ""}"></path>`;
}
