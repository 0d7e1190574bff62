// Marks by mouse, finger and keyboard: arrow keys go between them, Enter opens, Backspace goes up, Escape lets go.

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Mark } from "./charts/drawing";

/** What the element does when a mark is opened, or the way up is asked for. */
export interface Pointed extends ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly marks: readonly Mark[];
  readonly rtl: boolean;
  open(mark: Mark): void;
  up(): void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const ALONG: ReadonlySet<string> = new Set(["ArrowRight", "ArrowLeft"]);

/** How long the detail of a mark stays while the pointer is on its way to it, in milliseconds. */
const ON_THE_WAY = 140;

export class Pointing implements ReactiveController {
  /** The mark whose tooltip is shown. */
  shown: number | null = null;
  /** Whether the tooltip stays, because it was clicked. */
  pinned = false;
  #current = 0;
  #later = 0;
  readonly #host: Pointed;

  constructor(host: Pointed) {
    this.#host = host;
    host.addController(this);
  }

  /** One mark can be reached by Tab, the others from it by arrows. */
  hostUpdated(): void {
    const all = this.#elements();
    if (this.#current >= this.#host.marks.length) this.#current = 0;
    const now = all.find((one) => placeOf(one) === this.#current) ?? all[0];
    for (const one of all) one.setAttribute("tabindex", one === now ? "0" : "-1");
  }

  hostDisconnected(): void {
    clearTimeout(this.#later);
  }

  reset(): void {
    clearTimeout(this.#later);
    this.shown = null;
    this.pinned = false;
    this.#current = 0;
  }

  /** Puts the focus onto the first mark, as after going down by keyboard. */
  focus(): void {
    this.#elements()[0]?.focus();
  }

  readonly over = (event: Event): void => {
    const place = this.#place(event);
    clearTimeout(this.#later);
    if (this.pinned || place === this.shown) return;
    if (this.shown === null) this.#show(place);
    else this.#later = window.setTimeout(() => this.#show(place), ON_THE_WAY);
  };

  readonly out = (): void => {
    clearTimeout(this.#later);
    if (!this.pinned) this.#later = window.setTimeout(() => this.#show(null), ON_THE_WAY);
  };

  /** The pointer has come to the detail, which stays. */
  readonly stay = (): void => clearTimeout(this.#later);

  readonly focusIn = (event: Event): void => {
    const place = this.#place(event);
    if (place === null) return;
    this.#current = place;
    this.pinned = false;
    this.#show(place);
  };

  readonly focusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (to instanceof Element && to.closest(".tip, [data-mark]")) return;
    this.pinned = false;
    this.#show(null);
  };

  readonly click = (event: Event): void => {
    const place = this.#place(event);
    if (place !== null) this.#open(place);
    else if (!(event.target instanceof Element && event.target.closest(".tip"))) {
      this.pinned = false;
      this.out();
    }
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = this.#place(event);
    if (event.key === "Escape" && this.shown !== null) {
      if (place === null) this.#elements().find((one) => placeOf(one) === this.#current)?.focus();
      this.pinned = false;
      this.#show(null);
    } else if (event.key === "Backspace") this.#host.up();
    else if (place === null) return;
    else if (event.key === "Enter" || event.key === " ") this.#open(place);
    else if (event.key in STEPS) this.#move((STEPS[event.key] ?? 0) * (this.#host.rtl && ALONG.has(event.key) ? -1 : 1));
    else if (event.key === "Home") this.#move(-this.#host.marks.length);
    else if (event.key === "End") this.#move(this.#host.marks.length);
    else return;
    event.preventDefault();
  };

  #open(place: number): void {
    const mark = this.#host.marks[place];
    if (!mark) return;
    this.pinned = true;
    this.#show(place);
    this.#host.open(mark);
  }

  #move(by: number): void {
    const all = this.#elements();
    const now = all.findIndex((one) => placeOf(one) === this.#current);
    all[Math.max(0, Math.min(all.length - 1, now + by))]?.focus();
  }

  #show(place: number | null): void {
    this.shown = place;
    this.#host.requestUpdate();
  }

  #elements(): SVGElement[] {
    return [...this.#host.renderRoot.querySelectorAll<SVGElement>("svg.chart [data-mark]")];
  }

  #place(event: Event): number | null {
    const target = event.target instanceof Element ? event.target.closest("[data-mark]") : null;
    return target ? placeOf(target) : null;
  }
}

const placeOf = (one: Element): number => Number(one.getAttribute("data-mark"));
