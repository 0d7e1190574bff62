// Where the tooltip stands: beside its mark, inside the chart.

import type { Drawing, Mark } from "./charts/drawing";

/** Moves the tooltip; through the object model, which strict pages allow. */
export function place(tip: HTMLElement, mark: Mark, drawing: Drawing): void {
  const stage = tip.parentElement;
  if (!stage) return;
  const scale = stage.clientWidth / drawing.width;
  const [x, y] = [mark.x * scale, mark.y * scale];
  const [width, height] = [tip.offsetWidth, tip.offsetHeight];
  const left = Math.max(0, Math.min(x - width / 2, stage.clientWidth - width));
  const over = y - height - 12;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(over > -40 ? over : y + 18)}px)`;
}
