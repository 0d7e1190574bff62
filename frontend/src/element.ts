// <openspending-chart>: a view of a dataset of any OpenSpending, drawn into its shadow root.

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { Dataset } from "./api";
import { type Drawing, type Frame, type Mark, measureBy } from "./charts/drawing";
import { titleOf } from "./charts/index";
import type { Member } from "./figure";
import { look, memberPage, pageOf, type Shown, type Trouble, troubleOf } from "./looking";
import { canvasMeasure } from "./measuring";
import { Numbers } from "./numbers";
import { crumbs, guard, head, labelsOf, legend, notices, patterns, source, tooltip, wrongs } from "./parts";
import { place } from "./placing";
import { Pointing } from "./pointing";
import { downloads, type Files, saveAs } from "./saving";
import { styles } from "./styles";
import { table } from "./table";
import { titled } from "./titling";
import { above, below, dimensionOf, leads, NO_VIEW, queryOf, reading, readView, way, type View } from "./view";
import { Viewed } from "./viewed";
import { speaker, spoken, type Speaker } from "./words";

export class OpenSpendingChart extends Viewed {
  static override readonly styles = styles;

  @property({ type: Boolean }) addressed = false;

  @state() private shown: Shown | null = null;
  @state() private trouble: Trouble | null = null;
  @state() private busy = true;
  @state() private width = 0;
  @state() private told = "";

  readonly #pointing = new Pointing(this);
  readonly #watch = new ResizeObserver(([entry]) => this.#resized(entry?.contentRect.width ?? 0));
  #dataset: Dataset | null = null;
  #load = 0;
  #refocus = false;
  /** The view that the page came with, which its address may say in fewer words. */
  #first: { readonly search: string; readonly view: View } | null = null;
  #drawing: Drawing | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch.observe(this);
    const measure = canvasMeasure(getComputedStyle(this).fontFamily);
    if (measure) measureBy(measure);
    if (!this.addressed) return;
    this.#first ??= { search: location.search, view: this.current.view };
    addEventListener("popstate", this.#back);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch.disconnect();
    removeEventListener("popstate", this.#back);
  }

  get marks(): readonly Mark[] {
    return this.#drawing?.marks ?? [];
  }

  get #speak(): Speaker {
    return speaker(this.lang || this.current.view.lang || spoken());
  }

  /** Whether it is read from right to left: as its language is, where that was said, else as the page around it. */
  get rtl(): boolean {
    return (this.lang || this.current.view.lang ? this.#speak.direction : getComputedStyle(this).direction) === "rtl";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (Viewed.says(changed.keys())) void this.#ask(changed.has("src"));
  }

  async #ask(anew: boolean): Promise<void> {
    const load = (this.#load += 1);
    this.busy = true;
    try {
      if (anew || !this.#dataset) this.#dataset = new Dataset(this.src, document.baseURI);
      const found = await look(this.#dataset, this.current.view, this.#speak, this.shapes);
      if (load !== this.#load) return;
      this.#pointing.reset();
      this.shown = found;
      this.trouble = null;
      this.told = this.#summary(found);
    } catch (error) {
      if (load !== this.#load) return;
      this.shown = null;
      this.trouble = troubleOf(error, this.#speak);
      this.told = this.trouble.message;
    }
    this.busy = false;
    await this.updateComplete;
    if (this.#refocus) this.#pointing.focus();
    this.#refocus = false;
  }

  #summary(found: Shown): string {
    const speak = this.#speak;
    const where = labelsOf(found.view).at(-1) ?? speak.t("All");
    const total = found.figure.timely ? null : found.figure.total;
    const amount = total === null ? "" : `: ${new Numbers(speak.lang).full(total, found.figure.currency)}`;
    return `${where}${amount}. ${speak.n(found.figure.members, "{n} member", "{n} members")}.`;
  }

  /** Shows another view, tells about it, and puts it into the address where that is wanted. */
  go(view: View): void {
    this.say(view);
    const query = queryOf(view);
    const address = `/${this.src.split("/").filter(Boolean).slice(-2).join("/")}/view?${query}`;
    if (this.addressed) history.pushState(null, "", `${location.pathname}?${query}`);
    this.dispatchEvent(new CustomEvent("openspending-view", { bubbles: true, composed: true, detail: { view, query, address } }));
  }

  readonly #back = (): void => {
    const first = this.#first?.search === location.search ? this.#first.view : null;
    this.say(first ?? readView(new URLSearchParams(location.search)).view);
  };

  open(mark: Mark): void {
    this.#openMember(mark.member);
  }

  #openMember(member: Member): void {
    if (!this.#opens(member) || !this.shown) return;
    this.#refocus = this.renderRoot.querySelector("[data-mark]:focus-visible") !== null;
    const { view } = this.shown;
    if (member.kind === "others" && !member.at.length) {
      this.go({ ...view, skip: view.skip + this.shown.figure.rows.length - 1 });
      return;
    }
    const to = below(view, member.at);
    this.dispatchEvent(new CustomEvent("openspending-drill", { bubbles: true, composed: true, detail: { member, view: to } }));
    this.go(to);
  }

  /** Whether there is something below a member: another level of the group, or the members behind “others”. */
  readonly #opens = (member: Member): boolean => {
    if (!this.shown) return false;
    if (member.kind === "others" && !member.at.length) return member.hidden > 0 && this.shown.view.skip + this.shown.figure.rows.length < 10_000;
    return member.at.length > 0 && this.#isRow(member) && leads(this.shown.view, member.at);
  };

  #isRow(member: Member): boolean {
    const ref = reading(member.at[0] ?? "")?.ref;
    const level = way(this.shown?.view ?? NO_VIEW).level;
    return ref !== undefined && level !== null && dimensionOf(ref) === dimensionOf(level);
  }

  up(): void {
    const { view } = this.current;
    const depth = way(view).steps.length;
    this.#refocus = true;
    if (view.skip) this.go({ ...view, skip: 0 });
    else if (depth) this.go(above(view, depth - 1));
  }

  #resized(width: number): void {
    const whole = Math.floor(width);
    if (Math.abs(whole - this.width) > 1) this.width = whole;
  }

  protected override render(): TemplateResult {
    const speak = this.#speak;
    return html`<div role="figure" dir=${this.rtl ? "rtl" : "ltr"} aria-label=${this.#title()}>
      ${wrongs(this.current.wrong, speak)}${this.trouble ? this.#failed(this.trouble) : nothing}
      ${this.shown ? this.#body(this.shown) : html`${this.trouble ? nothing : html`<p class="waiting">${speak.t("Loading…")}</p>`}<slot></slot>`}
      <p class="hidden" role="status" aria-live="polite">${this.told}</p>
    </div>`;
  }

  #title(): string {
    const { shown } = this;
    return shown ? titled(shown.view, shown.model, shown.figure, this.#speak) : this.#speak.t("Chart");
  }

  #failed(trouble: Trouble): TemplateResult {
    const speak = this.#speak;
    if (trouble.mixed.length) return guard(trouble.mixed, this.current.view, speak, (view) => this.go(view));
    return html`<div class="notice" role="alert"><p>${trouble.message}</p>
      ${trouble.again ? html`<ul class="choices"><li><button class="pill" @click=${() => this.#ask(false)}>${speak.t("Try again")}</button></li></ul>` : nothing}</div>`;
  }

  #body(shown: Shown): TemplateResult {
    const { view, figure } = shown;
    const speak = this.#speak;
    const numbers = new Numbers(speak.lang);
    const frame = { width: Math.max(240, this.width), speak, numbers, rtl: this.rtl, opens: this.#opens };
    const severe = shown.reasons.some((one) => one.severe);
    const drawn = severe ? null : (shown.chart?.(figure, frame) ?? null);
    this.#drawing = drawn;
    const tools = { speak, numbers, opens: this.#opens, open: (member: Member) => this.#openMember(member), page: (member: Member) => memberPage(shown, this.#dataset, member), away: this.#away };
    const tabled = table(figure, tools);
    return html`
      ${head(this, this.#title(), figure, frame, drawn !== null)}
      ${this.addressed ? nothing : crumbs(view, labelsOf(view), speak, (depth) => this.go(above(view, depth)), (to) => this.go(to))}
      ${notices(shown, speak, (to) => this.go(to))}
      <div class="stage" aria-busy=${this.busy ? "true" : "false"}>${drawn ? this.#draw(drawn, frame, shown) : tabled}</div>
      ${drawn ? html`${legend(drawn, view.chart)}${drawn.below?.(tools.open) ?? nothing}<details><summary>${speak.t("The same as a table")}</summary>${tabled}</details>` : nothing}
      <div class="foot">${this.addressed ? nothing : source(shown.about, figure.meta, pageOf(shown, this.#dataset), speak)}${this.#tools(shown, drawn !== null)}</div>`;
  }

  #draw(drawn: Drawing, frame: Frame, shown: Shown): TemplateResult {
    const at = this.#pointing;
    const mark = at.shown === null ? undefined : drawn.marks[at.shown];
    return html`<svg class="chart" viewBox="0 0 ${drawn.width} ${drawn.height}" direction="ltr" role="group"
        aria-roledescription=${titleOf(shown.view.chart, frame.speak)} aria-label=${drawn.description}
        @pointerover=${at.over} @pointerleave=${at.out} @focusin=${at.focusIn} @focusout=${at.focusOut}
        @click=${at.click} @keydown=${at.key}>${patterns()}${drawn.svg}</svg>
      ${mark ? tooltip(shown.figure, frame, mark, memberPage(shown, this.#dataset, mark.member), this.#away, at) : nothing}`;
  }

  protected override updated(): void {
    const tip = this.renderRoot.querySelector<HTMLElement>(".tip");
    const mark = this.#pointing.shown === null ? undefined : this.#drawing?.marks[this.#pointing.shown];
    if (tip && mark && this.#drawing) place(tip, mark, this.#drawing);
  }

  /** Whether the chart stands on a page of somebody else, or in a frame: pages of ours are opened beside it. */
  get #away(): boolean {
    return this.#dataset?.origin !== location.origin || window.top !== window;
  }

  #files(shown: Shown): Files {
    const dataset = this.#dataset?.path.split("/").at(-1)?.replace("@", "-") ?? "openspending";
    return {
      figure: shown.figure,
      name: `${dataset}-${shown.view.chart}`,
      title: [shown.about?.title ?? shown.figure.meta.dataset, this.#title(), ...labelsOf(shown.view), shown.figure.currency].filter(Boolean).join(" · "),
      page: pageOf(shown, this.#dataset),
    };
  }

  #tools(shown: Shown, drawn: boolean): TemplateResult {
    const speak = this.#speak;
    const failed = (): void => void (this.told = speak.t("This browser cannot make the image."));
    return downloads(drawn, speak, (kind) => void saveAs(kind, this.#files(shown), this, speak).catch(failed));
  }
}

/** Two builds may meet on a page; the first one draws. */
if (!customElements.get("openspending-chart")) customElements.define("openspending-chart", OpenSpendingChart);

declare global {
  interface HTMLElementTagNameMap {
    "openspending-chart": OpenSpendingChart;
  }
}
