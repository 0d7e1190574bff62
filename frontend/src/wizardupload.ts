// Files of a form, sent to uploads before the form itself: of any size, with progress; one can cancel, and go on.

import { Parcel, Refused, type Told } from "./wizardsend";
import { n, t } from "./words";

/** Let a form send its files with progress; it is submitted when they are there. */
export function sendFiles(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const said = form.querySelector<HTMLElement>(".sending");
  if (input !== null && said !== null) new Desk(form, input, said);
}

/** A form with files. What has arrived of a file stays there for the next try, as long as it is chosen for one owner. */
class Desk {
  private parcels = new Map<File, Parcel>();
  private owner = "";
  private stop: AbortController | null = null;
  private readonly cancel = document.createElement("button");

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly said: HTMLElement,
  ) {
    for (const kind of ["dragenter", "dragover"]) input.addEventListener(kind, () => input.classList.add("over"));
    for (const kind of ["dragleave", "drop"]) input.addEventListener(kind, () => input.classList.remove("over"));
    Object.assign(this.cancel, { type: "button", className: "deed", textContent: t("Cancel sending"), hidden: true });
    this.cancel.addEventListener("click", () => this.stop?.abort());
    said.after(this.cancel);
    form.addEventListener("submit", (event) => {
      const files = Array.from(input.files ?? []);
      if (files.length === 0) return;
      event.preventDefault();
      if (this.stop === null) void this.send(files);
    });
  }

  private async send(files: readonly File[]): Promise<void> {
    const stop = this.begin();
    try {
      const ids: string[] = [];
      for (const file of files) ids.push(await this.parcel(file, stop.signal).send(this.line(file)));
      for (const id of ids) this.keep("upload", id);
      this.keep("filename", files.map((one) => one.name).join("\n"));
      this.input.disabled = true;
      this.form.enctype = "application/x-www-form-urlencoded";
      this.form.submit();
    } catch (error) {
      await this.failed(error, stop.signal.aborted);
    }
  }

  private begin(): AbortController {
    this.stop = new AbortController();
    this.button?.setAttribute("aria-disabled", "true");
    this.said.replaceChildren();
    this.cancel.hidden = false;
    return this.stop;
  }

  private async failed(error: unknown, cancelled: boolean): Promise<void> {
    this.stop = null;
    this.button?.removeAttribute("aria-disabled");
    if (document.activeElement === this.cancel) this.button?.focus();
    this.cancel.hidden = true;
    if (cancelled) {
      this.said.replaceChildren(paragraph(t("It was cancelled. Nothing was stored.")));
      await Promise.all(Array.from(this.parcels.values(), (one) => one.forget()));
      this.parcels.clear();
      return;
    }
    const lost = t("The connection was lost. Your file is still chosen: try again, and it goes on where it was.");
    this.said.replaceChildren(paragraph(error instanceof Refused ? error.message : lost, "fault"));
  }

  /** A file on its way; one that was tried before goes on. */
  private parcel(file: File, stop: AbortSignal): Parcel {
    const owner = this.chosenOwner();
    if (owner !== this.owner) this.parcels = new Map();
    this.owner = owner;
    const found = this.parcels.get(file) ?? new Parcel(file, owner, this.word);
    this.parcels.set(file, found);
    return found.until(stop);
  }

  /** For whom the files are: of the dataset that was chosen, or as the form says. */
  private chosenOwner(): string {
    const given = new FormData(this.form);
    const into = String(given.get("into") ?? "");
    return into === "" ? String(given.get("owner") ?? "") : (into.split("/")[0] ?? "");
  }

  private get word(): string {
    return String(new FormData(this.form).get("csrf") ?? "");
  }

  private get button(): HTMLButtonElement | null {
    return this.form.querySelector<HTMLButtonElement>("button.first");
  }

  private keep(name: string, value: string): void {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    this.form.append(field);
  }

  private line(file: File): Told {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    const stage = document.createElement("span");
    stage.className = "quiet small";
    const whole = paragraph(`${file.name} · ${n(Math.ceil(file.size / 1024), "{n} KB", "{n} KB")}`);
    whole.append(bar, stage);
    this.said.append(whole);
    return (share, words) => {
      if (!Number.isNaN(share)) bar.value = share;
      if (stage.textContent !== words) stage.textContent = words;
    };
  }
}

function paragraph(words: string, kind = ""): HTMLParagraphElement {
  const made = document.createElement("p");
  made.className = kind;
  made.textContent = words;
  return made;
}
