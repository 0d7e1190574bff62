// Flows from members of one dimension to members of another. A flow is as thick as its amount.

import { sankey as layout, type SankeyNode } from "d3-sankey";
import { nothing, svg, type SVGTemplateResult } from "lit";
import type { Figure, Member } from "../figure";
import { along, type Chart, fit, type Frame, label, marked, type Mark, sentence, size, toneOf, widthOf } from "./drawing";

interface Node {
  readonly member: Member;
  readonly side: "from" | "to";
}

interface Flow {
  readonly source: number;
  readonly target: number;
  readonly value: number;
  readonly amount: string;
}

type Placed = SankeyNode<Node, Flow>;

const THICK = 12;

export const sankey: Chart = (figure, frame) => {
  const most = Math.max(figure.rows.length, figure.columns.length);
  const height = Math.max(260, Math.min(150 + most * 30, 1600));
  const flows = flowsOf(figure);
  if (!flows.length) return { svg: svg``, width: frame.width, height, description: sentence(figure, frame), marks: [], legend: [] };
  const used = new Set(flows.flatMap((one) => [one.source, one.target]));
  const nodes: Node[] = [...figure.rows.map((member) => ({ member, side: "from" as const })), ...figure.columns.map((member) => ({ member, side: "to" as const }))];
  const kept = nodes.map((_, place) => place).filter((place) => used.has(place));
  const renumbered = new Map(kept.map((old, place) => [old, place]));
  const beside = besideOf(figure, frame);
  const graph = layout<Node, Flow>().nodeWidth(THICK).nodePadding(18).nodeSort(null).extent([[beside.from, 8], [frame.width - beside.to, height - 8]])({
    nodes: kept.map((place) => ({ ...(nodes[place] as Node) })),
    links: flows.map((one) => ({ ...one, source: renumbered.get(one.source) ?? 0, target: renumbered.get(one.target) ?? 0 })),
  });
  const marks: Mark[] = [];
  const { at } = along(frame);
  const links = graph.links.map((link) => {
    const [from, to] = [link.source as Placed, link.target as Placed];
    const mark = { member: from.member, column: to.member, amount: link.amount, x: frame.width / 2, y: ((link.y0 ?? 0) + (link.y1 ?? 0)) / 2 };
    const shape = svg`<path class="flow ${toneOf(from.member)}" d="${ribbon(link.y0 ?? 0, link.y1 ?? 0, link.width ?? 0, at(beside.from + THICK), at(frame.width - beside.to - THICK))}"></path>`;
    return marked(figure, frame, marks.push(mark) - 1, mark, shape);
  });
  const reached = { from: -99, to: -99 };
  const ends = graph.nodes.map((node) => {
    const middle = ((node.y0 ?? 0) + (node.y1 ?? 0)) / 2;
    const free = middle - reached[node.side] >= 15;
    if (free) reached[node.side] = middle;
    return endOf(figure, frame, node, beside, free, marks);
  });
  return { svg: svg`${links}${ends}`, width: frame.width, height, description: sentence(figure, frame), marks, legend: [] };
};

function flowsOf(figure: Figure): Flow[] {
  return figure.rows.flatMap((_, row) => figure.columns.flatMap((_column, column) => {
    const amount = figure.cells[row]?.[column] ?? null;
    if (amount === null || size(amount) === 0) return [];
    return [{ source: row, target: figure.rows.length + column, value: size(amount), amount }];
  }));
}

/** A band that is filled, so that hatches and downloads work as with any other shape. */
function ribbon(from: number, to: number, thick: number, start: number, end: number): string {
  const [middle, half] = [(start + end) / 2, Math.max(thick, 0.6) / 2];
  return `M${start},${from - half}C${middle},${from - half} ${middle},${to - half} ${end},${to - half}V${to + half}C${middle},${to + half} ${middle},${from + half} ${start},${from + half}Z`;
}

/** The room that names have beside the flows; none where they have to stand on them. */
function besideOf(figure: Figure, frame: Frame): { from: number; to: number } {
  if (frame.width < 620) return { from: 0, to: 0 };
  const room = (all: readonly Member[], most: number): number =>
    Math.min(frame.width * most, Math.max(60, ...all.map((one) => widthOf(one.label, 12) + widthOf(amountOf(frame, one.amount), 12))) + 12);
  return { from: room(figure.rows, 0.29), to: room(figure.columns, 0.37) };
}

const amountOf = (frame: Frame, amount: string | null): string => (amount === null ? "" : ` · ${frame.numbers.short(amount)}`);

function endOf(figure: Figure, frame: Frame, node: Placed, beside: { from: number; to: number }, named: boolean, marks: Mark[]): SVGTemplateResult {
  const { member, side } = node;
  const [top, tall] = [node.y0 ?? 0, (node.y1 ?? 0) - (node.y0 ?? 0)];
  const margin = beside[side];
  const x = side === "from" ? margin : frame.width - margin - THICK;
  const room = margin ? margin - 8 : frame.width * 0.46 - THICK;
  const told = side === "from" && !figure.columnsAdd ? "" : amountOf(frame, member.amount);
  const amount = margin || widthOf(member.label + told, 12) <= room ? told : "";
  const name = fit(member.label, room - widthOf(amount, 12), 12);
  const first = (side === "from") !== margin > 0;
  const text = side === "from" ? (margin ? margin - 6 : THICK + 6) : frame.width - (margin ? margin - 6 : THICK + 6);
  const { at, box, start, end } = along(frame);
  const shape = svg`<rect class="${side === "from" ? toneOf(member) : "tone tone-6"}" x="${box(x, THICK)}" y="${top}" width="${THICK}" height="${Math.max(tall, 1)}" rx="2"></rect>
    ${named ? label("halo small", name + amount, at(text), top + tall / 2, { end: first ? start : end, central: true }) : nothing}`;
  if (side === "to") return shape;
  const mark = { member, column: null, amount: member.amount, x: at(x + THICK), y: top + tall / 2 };
  return marked(figure, frame, marks.push(mark) - 1, mark, shape, named ? { names: [name], amount: amount.trim() } : undefined);
}
