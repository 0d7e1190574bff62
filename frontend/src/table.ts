// The same figure as a table, and as CSV: every digit, and nothing that the chart does not have.

import { html, nothing, type TemplateResult } from "lit";
import { shareOf } from "./charts/drawing";
import type { Figure, Member } from "./figure";
import { sumOf } from "./figure";
import { sign } from "./money";
import type { Numbers } from "./numbers";
import { pivotCsv, pivotTable } from "./pivottable";
import type { Speaker } from "./words";

export interface TableTools {
  readonly speak: Speaker;
  readonly numbers: Numbers;
  readonly opens: (member: Member) => boolean;
  readonly open: (member: Member) => void;
  /** The page of a member; null where it has none. */
  readonly page: (member: Member) => string | null;
  /** Whether pages are opened beside the one that the chart is on. */
  readonly away: boolean;
}

/** Longer codes say what the label says; the CSV has them. */
const LONGEST_CODE = 10;

/** The table of a figure; rows that lead further down are buttons. */
export function table(figure: Figure, tools: TableTools): TemplateResult {
  const { speak } = tools;
  if (figure.pivot) return pivotTable(figure, figure.pivot, tools);
  const nested = figure.parts.some((parts) => parts.length > 0);
  const shares = figure.rows.some((one) => shareOf(figure, one.amount) !== null) && !figure.columns.length;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${speak.t("Table")}>
    <table>
      <caption>${caption(figure, speak)}</caption>
      <thead><tr>
        <th scope="col">${figure.rowTitle || speak.t("All")}</th>
        ${figure.columns.map((one) => html`<th scope="col" class="number">${columnName(tools, one)}</th>`)}
        ${figure.columns.length && !figure.columnsAdd ? nothing : html`<th scope="col" class="number">${figure.columns.length ? speak.t("Total") : figure.measure}</th>`}
        ${shares ? html`<th scope="col" class="number share">${speak.t("Share")}</th>` : nothing}
        ${figure.changes.length ? html`<th scope="col" class="number">${speak.t("Difference")}</th><th scope="col" class="number">${speak.t("Change")}</th>` : nothing}
      </tr></thead>
      <tbody>${figure.rows.map((one, place) => html`${line(figure, tools, one, place, shares)}${nested ? inner(figure, tools, place) : nothing}`)}</tbody>
      ${figure.total === null || figure.timely || figure.rows.length < 2 ? sums(figure, tools) : total(figure, tools, shares)}
    </table>
  </div>`;
}

/** What the amounts are: measure, currency, and the unit where it is not 1. */
export function caption(figure: Figure, speak: Speaker): string {
  const unit = figure.unit === null ? null : speak.t("unit {unit}", { unit: figure.unit });
  return [figure.measure, figure.currency, unit].filter((one) => one !== null).join(" · ");
}

function line(figure: Figure, tools: TableTools, member: Member, place: number, shares: boolean): TemplateResult {
  const cells = figure.cells[place] ?? [];
  const share = shareOf(figure, member.amount);
  return html`<tr>
    <th scope="row">${memberName(tools, member)}</th>
    ${figure.columns.map((_, column) => amount(tools, cells[column] ?? null))}
    ${figure.columns.length && !figure.columnsAdd ? nothing : amount(tools, member.amount)}
    ${shares ? html`<td class="share">${share === null ? "" : tools.numbers.share(share)}</td>` : nothing}
    ${changed(figure, tools, place)}
  </tr>`;
}

function changed(figure: Figure, tools: TableTools, place: number): TemplateResult | typeof nothing {
  const change = figure.changes[place];
  if (!change) return nothing;
  return html`${amount(tools, change.difference)}<td>${change.rate === null ? "–" : tools.numbers.change(Number(change.rate))}</td>`;
}

function inner(figure: Figure, tools: TableTools, place: number): TemplateResult[] {
  return (figure.parts[place] ?? [])
    .filter((one) => one !== figure.rows[place])
    .map((one) => html`<tr><th scope="row">↳ ${memberName(tools, one)}</th>${amount(tools, one.amount)}<td class="share"></td></tr>`);
}

/** What a member is called: a button where it leads further down, with a link to its page beside it; else that link. */
export function memberName(tools: TableTools, member: Member): TemplateResult {
  const code = member.code === null || member.code.length > LONGEST_CODE ? nothing : html`<code><bdi>${member.code}</bdi></code> `;
  const page = tools.page(member);
  if (!tools.opens(member)) return html`${code}${page === null ? html`<bdi>${member.label}</bdi>` : linked(tools, page, member.label)}`;
  const own = page === null ? nothing : html` <a class="own" href=${page} target=${tools.away ? "_blank" : nothing} rel="nofollow noopener" aria-label=${tools.speak.t("{name}: its page", { name: member.label })} title=${tools.speak.t("Its page")}><svg aria-hidden="true" viewBox="0 0 12 12"><path d="M4 1.5h6.5V8M10 2L2 10"></path></svg></a>`;
  return html`${code}<button class="plain" @click=${() => tools.open(member)}><bdi>${member.label}</bdi></button>${own}`;
}

/** What a member is called above its amounts. */
export function columnName(tools: TableTools, member: Member): TemplateResult {
  const page = tools.page(member);
  return page === null ? html`<bdi>${member.label}</bdi>` : linked(tools, page, member.label);
}

const linked = (tools: TableTools, page: string, label: string): TemplateResult =>
  html`<a href=${page} target=${tools.away ? "_blank" : nothing} rel="nofollow noopener"><bdi>${label}</bdi></a>`;

export function amount(tools: TableTools, value: string | null): TemplateResult {
  if (value === null) return html`<td>–</td>`;
  return html`<td class=${sign(value) < 0 ? "negative" : ""}>${tools.numbers.full(value)}</td>`;
}

function total(figure: Figure, tools: TableTools, shares: boolean): TemplateResult {
  const columns = figure.columns.map((_, place) => sumOf(figure.cells.map((cells) => cells[place] ?? null)));
  return html`<tfoot><tr>
    <th scope="row">${tools.speak.t("Total")}</th>
    ${columns.map((one) => amount(tools, one))}${amount(tools, figure.total)}${shares ? html`<td class="share"></td>` : nothing}
  </tr></tfoot>`;
}

/** Sums of columns alone, where the columns exclude each other. */
function sums(figure: Figure, tools: TableTools): TemplateResult | typeof nothing {
  if (!figure.columns.length || !figure.rowsAdd || figure.columnsAdd || figure.rows.length < 2) return nothing;
  const columns = figure.columns.map((_, place) => sumOf(figure.cells.map((cells) => cells[place] ?? null)));
  return html`<tfoot><tr><th scope="row">${tools.speak.t("Total")}</th>${columns.map((one) => amount(tools, one))}${figure.changes.length ? html`<td></td><td></td>` : nothing}</tr></tfoot>`;
}

/** The figure as CSV (RFC 4180): code, label, amounts; “others” as a row of its own. */
export const csv = (figure: Figure, speak: Speaker): string =>
  (figure.pivot ? pivotCsv(figure, figure.pivot, speak) : rowsOf(figure)).map((cells) => `${cells.join(",")}\r\n`).join("");

function rowsOf(figure: Figure): string[][] {
  const currency = figure.currency === null ? "" : ` (${figure.currency})`;
  const heads = figure.columns.length
    ? figure.columns.map((one) => `${one.label}${currency}`)
    : [`${figure.measure}${currency}`];
  if (figure.changes.length) heads.push(`difference${currency}`, "rate");
  const nested = figure.parts.some((parts) => parts.length > 0);
  const head = ["code", figure.rowTitle || "label", ...(nested ? [figure.columnTitle] : []), ...heads];
  const rows = figure.rows.flatMap((one, place) => {
    const start = [text(one.code), text(one.label)];
    if (nested) return (figure.parts[place] ?? []).map((part) => [...start, text(part.label), part.amount ?? ""]);
    const change = figure.changes[place];
    const cells = figure.columns.length ? (figure.cells[place] ?? []) : [one.amount];
    return [[...start, ...[...cells, ...(change ? [change.difference, change.rate] : [])].map((cell) => cell ?? "")]];
  });
  return [head.map(text), ...rows];
}

/** A text in quotes. An apostrophe keeps spreadsheets from taking it for a formula. */
export function text(value: string | null): string {
  if (value === null) return "";
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
