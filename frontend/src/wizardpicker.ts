// The picker of what a column means: a combobox as WAI-ARIA describes it, over the plain field that works without it.

import { fitting, step, type Kind } from "./kinds";
import { t } from "./words";

const SHOWN = 60;

/** Make comboboxes of the fields that say what columns mean; the kinds are fetched when the first is entered. */
export function pickKinds(fields: Iterable<HTMLInputElement>): void {
  let known: Promise<readonly Kind[]> | null = null;
  const kinds = (): Promise<readonly Kind[]> => (known ??= fetched());
  for (const field of fields) new Picker(field, kinds);
}

async function fetched(): Promise<readonly Kind[]> {
  const answer = await fetch("/v1/column-types");
  const told = (await answer.json()) as { readonly data: readonly Kind[] };
  const nothing = { name: "nothing", title: t("No meaning here"), group: "", about: t("Kept in the file, not in the facts") };
  return [...told.data, nothing];
}

/** One field: what is seen is the title, what is sent the name. */
class Picker {
  private readonly list = document.createElement("ul");
  private readonly sent = document.createElement("input");
  private shown: readonly Kind[] = [];
  private at = -1;

  constructor(
    private readonly field: HTMLInputElement,
    private readonly kinds: () => Promise<readonly Kind[]>,
  ) {
    this.dress();
    field.addEventListener("input", () => void this.open(field.value));
    field.addEventListener("click", () => void this.open(""));
    field.addEventListener("keydown", (event) => this.pressed(event));
    field.addEventListener("blur", () => this.left());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.clicked(event));
    const others = document.querySelector<HTMLElement>(`[data-for="${field.id}"]`);
    if (others !== null) this.offer(others);
  }

  private dress(): void {
    const { field, list, sent } = this;
    Object.assign(sent, { type: "hidden", name: field.name, value: field.value });
    field.removeAttribute("name");
    field.removeAttribute("list");
    field.value = field.dataset["title"] ?? field.value;
    list.id = `${field.id}-list`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    const label = document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "";
    list.setAttribute("aria-label", label.replace(/\s+/gu, " ").trim());
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      field.setAttribute(name, value);
    }
    const around = document.createElement("div");
    around.className = "combo";
    field.replaceWith(around);
    around.append(field, sent, list);
  }

  /** The other candidates become buttons. */
  private offer(others: HTMLElement): void {
    for (const one of others.querySelectorAll<HTMLElement>(".other")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "other";
      button.textContent = one.textContent;
      button.title = one.title;
      button.addEventListener("click", () => this.choose(one.dataset["value"] ?? "", one.dataset["title"] ?? ""));
      one.replaceWith(button);
    }
  }

  private async open(typed: string): Promise<void> {
    this.shown = fitting(await this.kinds(), typed).slice(0, SHOWN);
    this.at = typed === "" ? this.shown.findIndex((one) => one.name === this.sent.value) : this.shown.length > 0 ? 0 : -1;
    this.list.replaceChildren(...this.shown.map((one, number) => this.option(one, number)));
    this.list.hidden = this.shown.length === 0;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark();
  }

  private option(one: Kind, number: number): HTMLLIElement {
    const made = document.createElement("li");
    made.id = `${this.list.id}-${number}`;
    made.setAttribute("role", "option");
    made.dataset["number"] = String(number);
    const about = document.createElement("small");
    about.textContent = one.about;
    made.append(one.title, about);
    return made;
  }

  private mark(): void {
    for (const [number, one] of Array.from(this.list.children).entries()) {
      one.setAttribute("aria-selected", String(number === this.at));
      if (number === this.at) one.scrollIntoView({ block: "nearest" });
    }
    if (this.at < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  private pressed(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      if (this.list.hidden) void this.open("");
      else {
        this.at = step(this.at, by, this.shown.length);
        this.mark();
      }
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const one = this.shown[this.at];
      if (one !== undefined) this.choose(one.name, one.title);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  private clicked(event: MouseEvent): void {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    const one = this.shown[Number(option?.dataset["number"] ?? -1)];
    if (one !== undefined) this.choose(one.name, one.title);
  }

  private choose(name: string, title: string): void {
    this.sent.value = name;
    this.field.value = title;
    this.field.dataset["title"] = title;
    this.close();
  }

  /** What was typed and is the title of a kind counts; anything else is sent as it is, to be told what is wrong. */
  private left(): void {
    if (this.field.value !== this.field.dataset["title"]) this.sent.value = this.field.value;
    this.close();
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
