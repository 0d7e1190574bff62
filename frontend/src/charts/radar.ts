// Members as rays from one point, and a line around for each column.

import { scaleLinear } from "d3-scale";
import { svg } from "lit";
import type { Member } from "../figure";
import { near } from "../money";
import { largest } from "../numbers";
import { symbol } from "./line";
import { type Chart, fit, label, lines, marked, type Mark, sentence, toneOf } from "./drawing";

const RINGS = 4;

export const radar: Chart = (figure, frame) => {
  const radius = Math.round(Math.max(84, Math.min(frame.width / 2 - Math.min(150, frame.width * 0.2), 190)));
  const [middle, height] = [frame.width / 2, 2 * radius + 92];
  const cells = figure.columns.length ? figure.cells : figure.rows.map((one) => [one.amount]);
  const columns: readonly (Member | null)[] = figure.columns.length ? figure.columns : [null];
  const scale = scaleLinear().domain([0, largest(cells.flat()) || 1]).nice(RINGS).range([0, radius]);
  const at = (place: number, length: number): [number, number] => {
    const angle = (place / figure.rows.length) * 2 * Math.PI;
    return [middle + Math.sin(angle) * length, height / 2 - Math.cos(angle) * length];
  };
  const around = (lengths: readonly number[]): string => `M${lengths.map((length, place) => at(place, length).map((one) => one.toFixed(1)).join(",")).join("L")}Z`;
  const marks: Mark[] = [];
  const rings = scale.ticks(RINGS).filter((one) => one > 0).map((one) => svg`<path class="web" d="${around(figure.rows.map(() => scale(one)))}"></path>
    ${label("tick halo", frame.numbers.tick(one), middle + 5, height / 2 - scale(one) + 14)}`);
  const rays = figure.rows.map((one, place) => ray(one, at(place, radius), at(place, radius + 12), middle, height, frame.width));
  const shapes = columns.map((column, place) => {
    const lengths = figure.rows.map((_, row) => scale(near(cells[row]?.[place] ?? null)));
    const tone = column ? toneOf(column) : "tone tone-0";
    return svg`<path class="web-area ${tone} dash-${column ? column.tone % 4 : 0}" d="${around(lengths)}"></path>`;
  });
  const dots = columns.map((column, place) => figure.rows.map((member, row) => {
    const amount = cells[row]?.[place] ?? null;
    const [x, y] = at(row, scale(near(amount)));
    const mark = { member, column, amount, x, y };
    const form = column ?? { ...member, tone: 0, kind: "member" as const };
    return marked(figure, frame, marks.push(mark) - 1, mark, svg`<circle class="target" cx="${x}" cy="${y}" r="12"></circle>${symbol(form, x, y)}`);
  }));
  return { svg: svg`${rings}${rays}${shapes}${dots}`, width: frame.width, height, description: sentence(figure, frame), marks, legend: figure.columns };
};

function ray(member: Member, [x, y]: [number, number], [labelX, labelY]: [number, number], middle: number, height: number, width: number) {
  const side = Math.abs(labelX - middle) < 8 ? "middle" : labelX > middle ? "left" : "right";
  const room = side === "middle" ? width * 0.6 : side === "left" ? width - labelX : labelX;
  const named = lines(member.label, room, 12, side === "middle" ? 1 : 2);
  const up = labelY < height / 2 && side === "middle" ? -4 : 4;
  return svg`<line class="rule" x1="${middle}" y1="${height / 2}" x2="${x}" y2="${y}"></line>
    ${named.map((text, place) => label("name small", fit(text, room, 12), labelX, labelY + up + (place - (named.length - 1) / 2) * 14, { end: side }))}`;
}
