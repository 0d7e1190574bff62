// An element whose attributes are a view.

import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import { NO_VIEW, PARAMETERS, queryOf, readView, textOf, type View, type Wrong } from "./view";

export class Viewed extends LitElement {
  @property() src = "";
  /** A canonical query string; attributes named like its parameters win over it. */
  @property() view = "";
  /** The address of a GeoJSON or TopoJSON file, whose shapes maps are drawn with. */
  @property() shapes = "";
  @property({ reflect: true }) chart = "";
  @property({ reflect: true }) measure = "";
  @property({ reflect: true }) group = "";
  @property({ reflect: true }) at = "";
  @property({ reflect: true }) series = "";
  @property({ reflect: true }) cut = "";
  @property({ reflect: true }) order = "";
  @property({ reflect: true }) size = "";
  @property({ reflect: true }) skip = "";
  @property({ reflect: true }) compare = "";
  @property({ reflect: true }) theme = "";
  @property({ reflect: true }) override lang = "";

  /** The canonical query string of what is asked for. */
  get query(): string {
    return queryOf(this.current.view);
  }

  /** Takes over the dataset and the view that another element's attributes say. */
  adopt(other: Element): void {
    this.view = other.getAttribute("view") ?? "";
    for (const name of ["src", ...PARAMETERS] as const) this[name] = other.getAttribute(name) ?? "";
  }

  /** The view as the attributes say it, and what of them is wrong. */
  get current(): { view: View; wrong: Wrong[] } {
    const pairs = new Map<string, string>(new URLSearchParams(this.view));
    for (const name of PARAMETERS) if (this[name]) pairs.set(name, this[name]);
    return readView(pairs);
  }

  /** Makes the attributes say a view. */
  protected say(view: View): void {
    this.view = "";
    for (const name of PARAMETERS) {
      const text = textOf(view, name);
      this[name] = text === textOf(NO_VIEW, name) && name !== "chart" ? "" : text;
    }
  }

  /** Whether one of these properties says what is shown. */
  protected static says(names: Iterable<PropertyKey>): boolean {
    const known: readonly PropertyKey[] = ["src", "view", "shapes", ...PARAMETERS];
    return [...names].some((name) => known.includes(name));
  }
}
