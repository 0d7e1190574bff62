// The buttons that hand out what is shown, and what they hand out.

import { html, type LitElement, nothing, type TemplateResult } from "lit";
import { pixels, save, standalone, written } from "./download";
import type { Figure } from "./figure";
import { csv } from "./table";
import type { Speaker } from "./words";

export type Kind = "CSV" | "SVG" | "PNG";

/** What files are made of. */
export interface Files {
  readonly figure: Figure;
  readonly name: string;
  readonly title: string;
  /** The page of the dataset. */
  readonly page: string;
}

/** A button for each kind; drawings only where there is one. */
export function downloads(drawn: boolean, speak: Speaker, act: (kind: Kind) => void): TemplateResult {
  const button = (kind: Kind) =>
    html`<button class="plain" aria-label=${speak.t("Download as {kind}", { kind })} @click=${() => act(kind)}>${kind}</button>`;
  return html`<div class="tools" role="group" aria-label=${speak.t("Downloads")}>
    ${button("CSV")}${drawn ? html`${button("SVG")}${button("PNG")}` : nothing}</div>`;
}

/** Hands out a file of what the element shows. Rejects when the browser cannot make the image. */
export async function saveAs(kind: Kind, files: Files, element: LitElement, speak: Speaker): Promise<void> {
  const file = `${files.name}.${kind.toLowerCase()}`;
  if (kind === "CSV") {
    save(new Blob([csv(files.figure, speak)], { type: "text/csv" }), file);
    return;
  }
  const drawing = element.renderRoot.querySelector<SVGSVGElement>("svg.chart");
  if (!drawing) return;
  const whole = standalone(drawing, {
    title: files.title,
    below: sourceOf(files, speak),
    legend: element.renderRoot.querySelector(".legend"),
    paper: paperOf(element),
    ink: getComputedStyle(element).color,
  });
  save(kind === "SVG" ? new Blob([written(whole)], { type: "image/svg+xml" }) : await pixels(whole), file);
}

/** The colour behind the chart, also where its page has the background. */
function paperOf(element: Element): string {
  const probe = document.createElement("span");
  probe.className = "paper";
  element.shadowRoot?.append(probe);
  const colour = getComputedStyle(probe).backgroundColor;
  probe.remove();
  return colour;
}

function sourceOf({ figure, page }: Files, speak: Speaker): string {
  const licences = figure.meta.licences.map((one) => one.title ?? one.name ?? "");
  return [`${speak.t("Source:")} ${page}`, speak.t("revision {number}", { number: figure.meta.revision }), ...licences].filter(Boolean).join(", ");
}
