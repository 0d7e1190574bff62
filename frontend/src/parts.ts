// What stands around a chart: breadcrumbs, notices with choices, the legend, the tooltip, the source, the downloads.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Described, Meta, Mixed } from "./api";
import { shareOf, toneOf, TONES, type Drawing, type Frame, type Mark } from "./charts/drawing";
import { titleOf } from "./charts/index";
import { symbol } from "./charts/line";
import type { Figure, Member } from "./figure";
import type { Shown } from "./looking";
import { alternatives, inWords } from "./suitability";
import type { Pointing } from "./pointing";
import { rankOf } from "./titling";
import { reading, way, type ChartName, type View, type Wrong } from "./view";
import type { Speaker } from "./words";

type Go = (view: View) => void;

/** The patterns that tell tones apart beside their hue, and mark others. */
export function patterns(): SVGTemplateResult {
  const hatch = (id: string, tone: string, angle: number) => svg`<pattern id="${id}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})">
    <rect class="${tone}" width="7" height="7"></rect><line class="hatch" x1="0" x2="0" y1="0" y2="7"></line></pattern>`;
  const all = Array.from({ length: TONES }, (_, place) => hatch(`again-${place}`, `tone-${place}`, 45));
  return svg`<defs>${all}<pattern id="rest" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
    <rect class="ground" width="7" height="7"></rect><line class="hatch" x1="0" x2="0" y1="0" y2="7"></line></pattern></defs>`;
}

/** The title, unless the page has just said it, and the total; else the currency, where no table says it. */
export function head(element: Element, title: string, figure: Figure, { speak, numbers }: Frame, drawn: boolean): TemplateResult | typeof nothing {
  const { rank, said } = rankOf(element, title);
  const summed = figure.total !== null && !figure.timely;
  const money = summed || !drawn || figure.currency === null ? nothing : html`<p class="unit"><span>${speak.t("in {currency}", { currency: figure.currency })}</span></p>`;
  if (said && !summed && money === nothing) return nothing;
  return html`<div class="head">${said ? nothing : html`<div class="title" role="heading" aria-level=${rank} dir="auto">${title}</div>`}
    ${summed ? html`<p class="total"><span>${speak.t("Total")}</span>${numbers.full(figure.total ?? "0", figure.currency)}</p>` : money}</div>`;
}

/** The way down, each step leading back up. Nothing where there is none. */
export function crumbs(view: View, labels: readonly string[], speak: Speaker, go: (depth: number) => void, first: Go): TemplateResult | typeof nothing {
  if (!labels.length && !view.skip) return nothing;
  const up = (label: string, to: () => void) => html`<button class="plain" @click=${to}>${label}</button>`;
  const last = labels.length - 1;
  return html`<nav class="crumbs" aria-label=${speak.t("Where you are")}><ol>
    <li>${up(speak.t("All"), () => go(0))}</li>
    ${labels.map((one, place) => html`<li dir="auto">${place === last && !view.skip ? html`<span aria-current="true">${one}</span>` : up(one, () => (place === last ? first({ ...view, skip: 0 }) : go(place + 1)))}</li>`)}
    ${view.skip ? html`<li><span aria-current="true">${speak.n(view.skip, "without the first", "without the first {n}")}</span></li>` : nothing}
  </ol></nav>`;
}

/** What the members on the way down are called, as far as the view itself says. */
export function labelsOf(view: View): string[] {
  return way(view).steps.map(({ conditions }) => {
    const last = conditions.at(-1) ?? "";
    const found = reading(last);
    return found ? (found.value ?? "–") : last;
  });
}

/** What of the view is wrong, and what it could be. */
export function wrongs(wrong: readonly Wrong[], speak: Speaker): TemplateResult | typeof nothing {
  if (!wrong.length) return nothing;
  const told = ({ value, parameter, choices }: Wrong) =>
    speak.t("“{value}” cannot be {parameter}. It can be: {choices}.", { value, parameter, choices: choices.join(", ") });
  return html`<div class="notice">${wrong.map((one) => html`<p>${told(one)}</p>`)}</div>`;
}

/** The view with the members of a dimension beside each other; a pivot table has room for all levels that it had. */
function beside(view: View, ref: string): View {
  if (view.chart === "pivot") return { ...view, series: [ref, ...view.series], skip: 0 };
  return { ...view, chart: view.chart === "table" ? "table" : "bar", series: [ref], skip: 0 };
}

/** The refusal of a sum that would mix, with what can be shown instead. */
export function guard(mixed: readonly Mixed[], view: View, speak: Speaker, go: Go): TemplateResult {
  return html`${mixed.map((one) => html`<div class="notice" role="group">
    <p>${one.message}</p>
    <p>${speak.t("Choose which to show:")}</p>
    <ul class="choices">
      ${one.choices.map((choice) => html`<li><button class="pill" data-cut=${choice.cut} @click=${() => go({ ...view, cut: [view.cut, choice.cut].filter(Boolean).join("|"), skip: 0 })}>${choice.label ?? reading(choice.cut)?.value ?? choice.cut}</button></li>`)}
      ${one.drilldown ? html`<li><button class="pill" @click=${() => go(beside(view, one.ref))}>${speak.t("All, side by side")}</button></li>` : nothing}
    </ul>
  </div>`)}`;
}

/** What speaks against the chart; where it is not drawn, buttons for those that show the same. */
export function notices({ view, reasons, model }: Pick<Shown, "view" | "reasons" | "model">, speak: Speaker, go: Go): TemplateResult | typeof nothing {
  if (!reasons.length) return nothing;
  const names = reasons.some((one) => one.severe) ? alternatives(view, reasons, model) : [];
  const button = (name: ChartName) => html`<li><button class="pill" data-chart=${name} @click=${() => go({ ...view, chart: name })}>${titleOf(name, speak)}</button></li>`;
  return html`<div class="notice">${reasons.map((one) => html`<p>${inWords(one, speak)}</p>`)}
    ${names.length ? html`<ul class="choices">${names.map(button)}</ul>` : nothing}</div>`;
}

/** What the colours mean, with the same form and hatch as in the chart. */
export function legend(drawing: Drawing, chart: ChartName): TemplateResult | typeof nothing {
  if (drawing.swatches) return html`<ul class="legend">${drawing.swatches.map((one) => html`<li><svg aria-hidden="true" viewBox="0 0 16 14"><rect class="swatch ${one.tone}" x="1" y="1" width="14" height="12" rx="2"></rect></svg>${one.label}</li>`)}</ul>`;
  if (drawing.legend.length < 2) return nothing;
  const sample = (one: Member) => (chart === "line" || chart === "radar" ? symbol(one, 8, 7) : svg`<rect class="${toneOf(one)}" x="0" y="1" width="14" height="12" rx="2"></rect>`);
  return html`<ul class="legend">${drawing.legend.map((one) => html`<li dir="auto"><svg aria-hidden="true" viewBox="0 0 16 14">${sample(one)}</svg>${one.label}</li>`)}</ul>`;
}

/** What a mark is, in full, with a link to the page of its member, and to what leads further down. It stays while the
 *  pointer or the focus is in it. */
export function tooltip(figure: Figure, frame: Frame, mark: Mark, page: string | null, away: boolean, at: Pointing): TemplateResult {
  const { numbers, speak } = frame;
  const share = shareOf(figure, mark.amount);
  const amount = mark.amount === null ? speak.t("no amount") : numbers.full(mark.amount, figure.currency);
  return html`<div class="tip" @pointerenter=${at.stay} @pointerleave=${at.out} @focusout=${at.focusOut} @keydown=${at.key}>
    <p dir="auto">${mark.member.label}</p>
    ${mark.column ? html`<p class="quiet" dir="auto">${mark.column.label}</p>` : nothing}
    <p class="amount">${amount}</p>
    ${share === null ? nothing : html`<p class="quiet">${speak.t("{share} of the total", { share: numbers.share(share) })}</p>`}
    ${hint(mark, frame)}
    ${page === null ? nothing : html`<p><a href=${page} target=${away ? "_blank" : nothing} rel="nofollow noopener">${speak.t("Its page")}</a></p>`}
  </div>`;
}

function hint(mark: Mark, frame: Frame): TemplateResult | typeof nothing {
  const { speak } = frame;
  const facts = mark.column || mark.member.facts === null ? nothing : html`<p class="quiet">${speak.n(mark.member.facts, "{n} fact", "{n} facts")}</p>`;
  if (frame.opens(mark.member)) return html`${facts}<p class="quiet">${mark.member.kind === "others" ? speak.t("Click to see them") : speak.t("Click to go deeper")}</p>`;
  return facts;
}

/** Where the numbers are from, and under which licence. */
export function source(about: Described | null, meta: Meta, address: string, speak: Speaker): TemplateResult {
  const licences = meta.licences.map((one) => {
    const name = one.title ?? one.name ?? "";
    return one.path && /^https?:/.test(one.path) ? html`, <a href=${one.path} rel="license noopener">${name}</a>` : html`, ${name}`;
  });
  return html`<p>${speak.t("Source:")} <a href=${address} dir="auto">${about?.title ?? meta.dataset}</a>, ${speak.t("revision {number}", { number: meta.revision })}${licences}</p>`;
}
