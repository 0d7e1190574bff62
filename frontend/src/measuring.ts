// How wide texts are in the reader's own fonts.

import type { Measure } from "./charts/drawing";

/** Measures with a canvas, each text once; nothing where there is none. */
export function canvasMeasure(family: string): Measure | null {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return null;
  const known = new Map<string, number>();
  return (text, font, bold) => {
    const key = `${bold ? 600 : 400} ${font} ${text}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    pen.font = `${bold ? 600 : 400} ${font}px ${family}`;
    const width = pen.measureText(text).width;
    if (known.size > 20_000) known.clear();
    known.set(key, width);
    return width;
  };
}
