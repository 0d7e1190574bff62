// A pivot table drawn: header cells that span what they stand for. And as CSV, without any sums.

import { html, nothing, type TemplateResult } from "lit";
import type { Figure, Member } from "./figure";
import { type Branch, endsOf, ownEnd, type Pivot } from "./nesting";
import { headOf } from "./pivot";
import { amount, caption, columnName, memberName, type TableTools, text } from "./table";

interface Head {
  readonly member: Member | null;
  /** How many lines or columns it stands for, and how many levels it takes. */
  readonly span: number;
  readonly depth: number;
  readonly scope: "row" | "col" | "rowgroup" | "colgroup";
}

interface Line {
  readonly row: Branch;
  readonly heads: readonly Head[];
}

/** The table of a figure of levels within each other. */
export function pivotTable(figure: Figure, pivot: Pivot, tools: TableTools): TemplateResult {
  const { speak } = tools;
  const ends = endsOf(pivot.columns);
  const lines = linesOf(figure, pivot, tools, pivot.rows, [], []);
  const heads = columnHeads(figure, pivot, tools);
  const [whole, groups] = [lines.find((one) => !one.row.path.length), new Map<string, Line[]>()];
  for (const one of lines) {
    const first = one.row.path[0];
    if (first !== undefined) groups.set(first, [...(groups.get(first) ?? []), one]);
  }
  const tall = heads.length > 1 ? heads.length : nothing;
  const drawn = (one: Line) => html`<tr class=${one.row.parts.length ? "sum" : ""}>${one.heads.map((head) => rowHead(head, tools))}
    ${ends.map((column) => amount(tools, pivot.amount(one.row, column)))}</tr>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${speak.t("Table")}>
    <table class="pivot">
      <caption>${caption(figure, speak)}</caption>
      <thead>${heads.map((row, place) => html`<tr>
        ${place ? nothing : pivot.rowNests.map((one) => html`<th scope="col" rowspan=${tall}><bdi>${one.named.title}</bdi></th>`)}
        ${row.map((one) => columnHead(one, figure, tools))}</tr>`)}</thead>
      ${[...groups.values()].map((group) => html`<tbody>${group.map(drawn)}</tbody>`)}
      ${whole ? html`<tfoot>${drawn(whole)}</tfoot>` : nothing}
    </table>
  </div>`;
}

/** Each line with the header cells that begin at it. */
function linesOf(figure: Figure, pivot: Pivot, tools: TableTools, branch: Branch, begun: readonly Head[], at: readonly string[]): Line[] {
  const deep = pivot.rowNests.length;
  const depth = branch.path.length;
  const member = depth ? headOf({ measure: figure.measure, speak: tools.speak }, pivot.rowNests, branch, at) : null;
  const own: Head = { member, span: endsOf(branch).length, depth: branch.parts.length ? 1 : deep - depth + 1, scope: branch.parts.length ? "rowgroup" : "row" };
  const heads = member ? [...begun, own] : begun;
  if (!branch.parts.length) return member ? [{ row: branch, heads }] : [];
  const inside = branch.parts.flatMap((part, place) => linesOf(figure, pivot, tools, part, place ? [] : heads, member?.at ?? at));
  const total: Head = { member: null, span: 1, depth: deep - depth, scope: "row" };
  return ownEnd(branch) ? [...inside, { row: branch, heads: [total] }] : inside;
}

/** The header cells above the amounts, level by level; one for everything where nothing stands beside each other. */
function columnHeads(figure: Figure, pivot: Pivot, tools: TableTools): Head[][] {
  const deep = pivot.columnNests.length;
  const rows: Head[][] = Array.from({ length: deep }, () => []);
  const add = (branch: Branch): void => {
    const depth = branch.path.length;
    if (depth) {
      const member = headOf({ measure: figure.measure, speak: tools.speak }, pivot.columnNests, branch);
      rows[depth - 1]?.push({ member, span: endsOf(branch).length, depth: branch.parts.length ? 1 : deep - depth + 1, scope: branch.parts.length ? "colgroup" : "col" });
    }
    branch.parts.forEach(add);
    if (ownEnd(branch)) rows[depth]?.push({ member: null, span: 1, depth: deep - depth, scope: "col" });
  };
  add(pivot.columns);
  return deep ? rows : [[{ member: null, span: 1, depth: 1, scope: "col" }]];
}

const many = (count: number): number | typeof nothing => (count > 1 ? count : nothing);

function rowHead(head: Head, tools: TableTools): TemplateResult {
  return html`<th scope=${head.scope} rowspan=${many(head.span)} colspan=${many(head.depth)}>${head.member ? memberName(tools, head.member) : tools.speak.t("Total")}</th>`;
}

function columnHead(head: Head, figure: Figure, tools: TableTools): TemplateResult {
  const alone = figure.pivot?.columnNests.length === 0;
  const words = head.member ? columnName(tools, head.member) : alone ? figure.measure : tools.speak.t("Total");
  return html`<th scope=${head.scope} class="number" colspan=${many(head.span)} rowspan=${many(head.depth)}>${words}</th>`;
}

/** The cells as CSV, code and label of each level, without sums: those can be made of it. */
export function pivotCsv(figure: Figure, pivot: Pivot, speak: TableTools["speak"]): string[][] {
  const question = { measure: figure.measure, speak };
  const currency = figure.currency === null ? "" : ` (${figure.currency})`;
  const leaves = (branch: Branch): Branch[] => (branch.parts.length ? branch.parts.flatMap(leaves) : [branch]);
  const way = (branch: Branch, tree: Branch, nests: Pivot["rowNests"]): Member[] => {
    const found: Member[] = [];
    let here: Branch | undefined = tree;
    for (let depth = 1; here && depth <= branch.path.length; depth += 1) {
      const step: string | undefined = branch.path[depth - 1];
      here = here.parts.find((one) => one.path[depth - 1] === step);
      if (here) found.push(headOf(question, nests, here));
    }
    return found;
  };
  const columns = leaves(pivot.columns);
  const titles = columns.map((one) => way(one, pivot.columns, pivot.columnNests).map((each) => each.label).join(" › ") || figure.measure);
  const head = [...pivot.rowNests.flatMap((one) => ["code", one.named.title]), ...titles.map((one) => `${one}${currency}`)].map(text);
  const lines = leaves(pivot.rows).map((row) => {
    const members = way(row, pivot.rows, pivot.rowNests);
    const named = pivot.rowNests.flatMap((_, place) => [text(members[place]?.code ?? null), text(members[place]?.label ?? null)]);
    return [...named, ...columns.map((column) => pivot.amount(row, column) ?? "")];
  });
  return [head, ...lines];
}
