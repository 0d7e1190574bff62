// A chart as a file of its own: SVG with all it needs, PNG of at least 1600 pixels, CSV of its figures.

import { lines, widthOf } from "./charts/drawing";

const SHOWN = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "font-size", "font-weight",
  "text-anchor", "dominant-baseline", "paint-order",
] as const;
const USUAL: Readonly<Partial<Record<(typeof SHOWN)[number], string>>> = {
  "fill-opacity": "1", stroke: "none", "stroke-width": "1px", "stroke-dasharray": "none", "stroke-linejoin": "miter",
  "font-weight": "400", "text-anchor": "start", "dominant-baseline": "auto", "paint-order": "normal",
};
const FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
const NAMESPACE = "http://www.w3.org/2000/svg";
const MARGIN = 20;
const LEAST = 1600;

/** What is written around the drawing. */
export interface Around {
  readonly title: string;
  readonly below: string;
  readonly legend: Element | null;
  readonly paper: string;
  readonly ink: string;
}

/** The drawing as a document: colours and sizes resolved, no style sheet, no script. */
export function standalone(drawing: SVGSVGElement, around: Around): SVGSVGElement {
  const box = drawing.viewBox.baseVal;
  const width = box.width + 2 * MARGIN;
  const titles = lines(around.title, box.width, 18, 3, true);
  const top = 32 + titles.length * 24;
  const copy = resolved(drawing);
  const legends = samples(around.legend, width - 2 * MARGIN, top + box.height + 14, around.ink);
  const height = top + box.height + legends.height + 52;
  const whole = make("svg", { xmlns: NAMESPACE, width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONTS });
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(top));
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  copy.setAttribute("overflow", "visible");
  whole.append(
    make("title", {}, around.title),
    make("rect", { width, height, fill: around.paper }),
    ...titles.map((one, place) => make("text", { x: MARGIN, y: 32 + place * 24, fill: around.ink, "font-size": 18, "font-weight": 600 }, one)),
    copy,
    ...legends.parts,
    make("text", { x: MARGIN, y: height - 16, fill: around.ink, "fill-opacity": 0.75, "font-size": 11.5 }, around.below),
  );
  return whole as SVGSVGElement;
}

/** A copy whose parts say themselves how they look. */
function resolved(original: SVGElement): SVGElement {
  const copy = original.cloneNode(true) as SVGElement;
  const pairs: [Element, Element][] = [[original, copy], ...zip([...original.querySelectorAll("*")], [...copy.querySelectorAll("*")])];
  for (const [from, to] of pairs) {
    const style = getComputedStyle(from);
    for (const name of SHOWN) {
      const value = style.getPropertyValue(name);
      if ((value && value !== USUAL[name]) || name === "fill") to.setAttribute(name, value.replace(/url\("?[^#]*#([\w-]+)"?\)/, "url(#$1)"));
    }
    for (const name of ["class", "tabindex", "data-mark", "role"]) to.removeAttribute(name);
  }
  for (const target of copy.querySelectorAll('[fill="rgba(0, 0, 0, 0)"]')) target.setAttribute("fill", "none");
  comments(copy);
  return copy;
}

function comments(root: Node): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found: Comment[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Comment);
  for (const one of found) one.remove();
}

function zip(left: Element[], right: Element[]): [Element, Element][] {
  return left.flatMap((one, place) => (right[place] ? [[one, right[place]] as [Element, Element]] : []));
}

function samples(legend: Element | null, room: number, top: number, ink: string): { parts: Element[]; height: number } {
  const parts: Element[] = [];
  let [x, y] = [MARGIN, top];
  for (const entry of legend?.querySelectorAll("li") ?? []) {
    const sample = entry.querySelector("svg");
    const words = entry.textContent?.trim() ?? "";
    const width = 40 + widthOf(words, 12.5);
    if (x + width > room && x > MARGIN) [x, y] = [MARGIN, y + 22];
    if (sample) {
      const copy = resolved(sample);
      for (const [name, value] of Object.entries({ x, y, width: 16, height: 14 })) copy.setAttribute(name, String(value));
      parts.push(copy);
    }
    parts.push(make("text", { x: x + 22, y: y + 11, fill: ink, "font-size": 12.5 }, words));
    x += width;
  }
  return { parts, height: parts.length ? y - top + 30 : 0 };
}

function make(name: string, attributes: Readonly<Record<string, string | number>>, text = ""): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (key !== "xmlns") made.setAttribute(key, String(value));
  if (text) made.textContent = text;
  return made;
}

/** The document as text. */
export const written = (drawing: SVGSVGElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawing)}\n`;

/** The document as pixels, at least 1600 of them wide. Rejects when the browser cannot. */
export async function pixels(drawing: SVGSVGElement): Promise<Blob> {
  const [width, height] = [drawing.viewBox.baseVal.width, drawing.viewBox.baseVal.height];
  const scale = Math.max(2, LEAST / width);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no image"))), "image/png"),
  );
}

/** Hands a file to the reader. */
export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  const address = URL.createObjectURL(content);
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
