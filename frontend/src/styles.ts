// How the element looks. It is a style sheet of the shadow root: pages with a strict policy need allow nothing.

import { css, unsafeCSS, type CSSResult } from "lit";
import { ACCENT, DEEP, INK, LINE, MINUS, ON_TONE, PAPER, QUIET, REST, STEP, TONE } from "./palette";

const both = ([light, dark]: readonly [string, string]): CSSResult => unsafeCSS(`light-dark(${light}, ${dark})`);

const colours = css`
  :host {
    color-scheme: light dark;
    --paper: ${both(PAPER)};
    --ink: ${both(INK)};
    --quiet: ${both(QUIET)};
    --line: ${both(LINE)};
    --accent: ${both(ACCENT)};
    --on: ${both(ON_TONE)};
    --minus: ${both(MINUS)};
    --rest: ${both(REST)};
    --stripe: light-dark(rgb(255 255 255 / 16%), rgb(15 21 27 / 16%));
    --soft: light-dark(#f1f3f4, #232c36);
  }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  ${unsafeCSS(TONE.map((one, place) => `:host { --tone-${place}: light-dark(${one[0]}, ${one[1]}); }`).join("\n"))}
  ${unsafeCSS(TONE.map((_, place) => `.tone-${place} { --tone: var(--tone-${place}); fill: var(--tone); } .again.tone-${place} { fill: url(#again-${place}); }`).join("\n"))}
  ${unsafeCSS(STEP.map((one, place) => `.step-${place} { --tone: light-dark(${one[0]}, ${one[1]}); fill: var(--tone); }`).join("\n"))}
  ${unsafeCSS(DEEP.map((one, place) => `.ground-${place} { fill: light-dark(${one[0]}, ${one[1]}); } .deep-${place} { fill: url(#deep-${place}); }`).join("\n"))}
  .tone.minus { --tone: var(--minus); fill: var(--minus); }
  .tone.rest { --tone: var(--rest); fill: url(#rest); }
  .ground { fill: var(--rest); }
`;

const frame = css`
  :host {
    display: block;
    box-sizing: border-box;
    min-width: 0;
    padding: clamp(.8rem, 2.5vw, 1.2rem);
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--paper);
    color: var(--ink);
    font: .94rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", "Liberation Sans", sans-serif;
    container-type: inline-size;
  }
  :host([addressed]) { padding: 0; border: 0; background: none; }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  .head { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; margin: 0 0 .6rem; }
  .title { font-size: 1.05rem; font-weight: 700; line-height: 1.3; overflow-wrap: anywhere; }
  .total, .unit { display: flex; gap: .4em; margin: 0; margin-inline-start: auto; font-weight: 600; font-variant-numeric: tabular-nums; }
  .total span, .unit span { color: var(--quiet); font-weight: 400; }
  .crumbs ol { display: flex; flex-wrap: wrap; gap: .1rem 0; margin: 0 0 .6rem; padding: 0; list-style: none; font-size: .9rem; }
  .crumbs li + li::before { content: "›"; margin-inline: .45em; color: var(--quiet); }
  .crumbs [aria-current] { font-weight: 600; }
  button, .button { font: inherit; cursor: pointer; }
  .plain { padding: 0; border: 0; background: none; color: var(--accent); text-align: start; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .18em; overflow-wrap: anywhere; }
  .plain:hover { text-decoration-thickness: 2px; }
  a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: 1px; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
  .pill { min-height: 1.9rem; padding: .15rem .8rem; border: 1px solid var(--line); border-radius: 99px; background: var(--paper); color: var(--accent); font-size: .9rem; }
  .pill:hover { border-color: var(--accent); }
  .notice { margin: 0 0 .8rem; padding: .7rem .9rem; border-radius: 8px; background: var(--soft); }
  .notice p { margin: 0; }
  .notice p + p { margin-top: .3rem; }
  .choices { display: flex; flex-wrap: wrap; gap: .4rem; margin: .6rem 0 0; padding: 0; list-style: none; }
  .stage { position: relative; min-height: 4rem; transition: opacity .15s; }
  .stage[aria-busy="true"] { opacity: .55; }
  .waiting { margin: 0; color: var(--quiet); }
  .paper { background: var(--paper); }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

const drawing = css`
  svg.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; font-variant-numeric: tabular-nums; }
  svg text { fill: var(--ink); font-size: 13px; }
  svg text.small, svg text.tick { font-size: 12px; }
  svg text.tick, svg text.amount { fill: var(--quiet); }
  svg text.amount { fill: var(--ink); }
  svg text.on { fill: var(--on); pointer-events: none; }
  svg text.on[font-size="10"] { font-size: 10px; }
  svg text.on[font-size="11"] { font-size: 11px; }
  svg text.on[font-size="12"] { font-size: 12px; }
  svg text.on[font-size="15"] { font-size: 15px; }
  svg text.on[font-size="16"] { font-size: 16px; }
  svg text.strong { font-weight: 600; }
  svg text.big { font-size: 18px; font-weight: 600; }
  .axis { stroke: var(--quiet); stroke-width: 1; }
  .rule { stroke: var(--line); stroke-width: 1; }
  .web { fill: none; stroke: var(--line); }
  .land { fill: var(--soft); stroke: var(--quiet); stroke-width: .4; }
  .region, .swatch { stroke: var(--quiet); stroke-width: .7; stroke-linejoin: round; }
  .target { fill: transparent; }
  .line { fill: none; stroke: var(--tone); stroke-width: 2.2; stroke-linejoin: round; }
  .line.tone { fill: none; }
  .dash-1 { stroke-dasharray: 7 3; }
  .dash-2 { stroke-dasharray: 2 3; }
  .dash-3 { stroke-dasharray: 9 3 2 3; }
  .dash-rest { stroke-dasharray: 1 4; }
  .area { fill-opacity: .82; stroke: var(--paper); stroke-width: 1.2; }
  .web-area { fill-opacity: .12; stroke: var(--tone); stroke-width: 2; }
  .flow { fill-opacity: .42; }
  .outer { fill-opacity: .72; }
  .bubble { fill-opacity: .75; stroke: var(--paper); stroke-width: 1; }
  svg text.halo { stroke: var(--paper); stroke-width: 3.5px; stroke-linejoin: round; paint-order: stroke; pointer-events: none; }
  .dot { stroke: var(--paper); stroke-width: 1.2; }
  .dot.tone.rest { fill: var(--rest); }
  .slice, .cell { stroke: var(--paper); stroke-width: 1.5; }
  .leader { fill: none; stroke: var(--quiet); stroke-width: 1; }
  .hatch { stroke: var(--stripe); stroke-width: 3; }
  .mark { outline: none; }
  .mark.opens { cursor: pointer; }
  .mark:hover > :not(text, .target), .mark.current > :not(text, .target) { filter: brightness(1.12) saturate(1.1); }
  .mark:focus-visible > :not(text, .target) { stroke: var(--ink); stroke-width: 2.5; }
  .mark:focus-visible > .target { stroke: var(--accent); stroke-width: 2; }
  .tip { position: absolute; z-index: 2; inset-block-start: 0; left: 0; max-width: min(19rem, 90%); width: max-content; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); box-shadow: 0 3px 14px rgb(10 20 30 / 18%); font-size: .88rem; overflow-wrap: anywhere; }
  .tip p { margin: 0; }
  .tip .amount { font-weight: 600; font-variant-numeric: tabular-nums; }
  .tip .quiet { color: var(--quiet); }
`;

const around = css`
  .legend { display: flex; flex-wrap: wrap; gap: .15rem 1rem; margin: .6rem 0 0; padding: 0; list-style: none; font-size: .88rem; }
  .legend li { display: inline-flex; gap: .45rem; align-items: center; }
  .legend svg { flex: none; width: 16px; height: 14px; }
  .outside { font-size: .9rem; }
  .outside ul { margin: .4rem 0 0; padding-inline-start: 1.2rem; }
  .borders { margin: .6rem 0 0; color: var(--quiet); font-size: .85rem; }
  details { margin-top: .9rem; border-top: 1px solid var(--line); padding-top: .6rem; }
  summary { width: fit-content; color: var(--accent); cursor: pointer; }
  .scroll { max-width: 100%; overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; font-size: .92rem; }
  caption { padding-bottom: .4rem; color: var(--quiet); text-align: start; }
  thead th { padding: .3rem .4rem; border-bottom: 1px solid var(--line); color: var(--quiet); font-weight: 500; font-size: .84rem; text-align: start; vertical-align: bottom; }
  thead th:first-child { padding-inline-start: 0; }
  tbody th, tfoot th { padding: .4rem .4rem .4rem 0; font-weight: 400; text-align: start; min-width: 7rem; overflow-wrap: break-word; hyphens: auto; }
  td { padding: .4rem; text-align: end; vertical-align: top; white-space: nowrap; font-variant-numeric: tabular-nums; }
  thead .number { text-align: end; }
  tbody tr + tr > * { border-top: 1px solid var(--line); }
  tfoot > tr > * { border-top: 2px solid var(--line); font-weight: 600; }
  code { margin-inline-end: .2em; color: var(--quiet); font: .86em ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; }
  .negative { color: var(--minus); }
  th a, th .plain { color: inherit; text-decoration-color: var(--accent); }
  th a:hover, th .plain:hover { color: var(--accent); }
  .own { display: inline-flex; align-items: center; justify-content: center; width: 1.5rem; height: 1.5rem; margin-block: -.2rem; vertical-align: middle; }
  .own svg { width: .68rem; height: .68rem; fill: none; stroke: var(--accent); stroke-width: 1.6; }
  .own:dir(rtl) svg { transform: scaleX(-1); }
  .pivot tbody th, .pivot tfoot th { min-width: 6.5rem; vertical-align: top; }
  .pivot thead th { padding-inline: .4rem; min-width: 7rem; }
  .pivot thead th:first-child { padding-inline-start: 0; }
  .pivot thead th[scope="colgroup"] { border-inline-start: 1px solid var(--line); text-align: start; }
  .pivot tbody + tbody > tr:first-child > * { border-top: 1px solid var(--line); }
  .pivot .sum > * { font-weight: 600; }
  .foot { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: center; justify-content: space-between; margin-top: .9rem; font-size: .85rem; color: var(--quiet); }
  .foot p { margin: 0; overflow-wrap: anywhere; }
  .tools { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
  .tools .plain { min-height: 1.5rem; }
  @container (max-width: 26rem) {
    .total, .unit { margin-inline-start: 0; }
    td, tbody th { font-size: .86rem; }
    .share, .pivot code { display: none; }
    .pivot tbody th, .pivot tfoot th { min-width: 4.8rem; }
  }
  @media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
  @media print {
    :host { color-scheme: light; border: 0; padding: 0; break-inside: avoid; }
    .tools, .tip, summary { display: none; }
  }
  @media (forced-colors: active) { svg .tone { forced-color-adjust: none; } }
`;

export const styles = [colours, frame, drawing, around];
