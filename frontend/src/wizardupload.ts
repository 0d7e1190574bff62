// Files of a form, sent to uploads before the form itself: of any size, in parts, with progress.

import { Sha256 } from "./sha256";
import { n, t } from "./words";

const PIECE = 4 * 1024 * 1024;
const PARALLEL = 100; // addresses that are asked for at once

interface Sending {
  readonly number: number;
  readonly size: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Upload {
  readonly id: string;
  readonly parts: { readonly size: number; readonly count: number; readonly send: Sending | null };
  readonly links: { readonly parts: string; readonly complete: string };
}

/** What went wrong, in a sentence for people. */
class Refused extends Error {}

/** Let a form send its files with progress; it is submitted when they are there. */
export function sendFiles(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const said = form.querySelector<HTMLElement>(".sending");
  if (input === null || said === null) return;
  for (const kind of ["dragenter", "dragover"]) input.addEventListener(kind, () => input.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) input.addEventListener(kind, () => input.classList.remove("over"));
  form.addEventListener("submit", (event) => {
    const files = Array.from(input.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    void sent(form, input, said, files);
  });
}

async function sent(form: HTMLFormElement, input: HTMLInputElement, said: HTMLElement, files: File[]): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button.first");
  button?.setAttribute("aria-disabled", "true");
  if (form.dataset["busy"] === "yes") return;
  form.dataset["busy"] = "yes";
  said.replaceChildren();
  try {
    for (const file of files) keep(form, "upload", await upload(form, file, line(said, file)));
    keep(form, "filename", files.map((one) => one.name).join("\n"));
    input.disabled = true;
    form.enctype = "application/x-www-form-urlencoded";
    form.submit();
  } catch (error) {
    const words = error instanceof Refused ? error.message : t("The connection was lost. Your file is still chosen: try again.");
    said.replaceChildren(paragraph(words, "fault"));
    for (const one of form.querySelectorAll("input[name=upload], input[name=filename]")) one.remove();
  }
  delete form.dataset["busy"];
  button?.removeAttribute("aria-disabled");
}

/** Tells how far a file is. */
type Told = (share: number, words: string) => void;

async function upload(form: HTMLFormElement, file: File, told: Told): Promise<string> {
  if (file.size === 0) throw new Refused(t("The file {name} is empty.", { name: file.name }));
  const sha256 = await hashed(file, (share) => told(share * 0.2, t("reading")));
  const owner = chosenOwner(form);
  const announced = { owner, filename: file.name, size: file.size, sha256 };
  const made = (await post(form, "/v1/uploads", announced)) as Upload;
  for (let first = 1; first <= made.parts.count; first += PARALLEL) {
    for (const one of await addresses(form, made, first)) {
      const begin = (one.number - 1) * made.parts.size;
      const part = file.slice(begin, begin + one.size);
      await put(form, one, part, (done) => told(0.2 + (0.75 * (begin + done)) / file.size, t("sending")));
    }
  }
  told(0.97, t("checking"));
  await post(form, made.links.complete, {});
  told(1, t("sent"));
  return made.id;
}

/** For whom the files are: of the dataset that was chosen, or as the form says. */
function chosenOwner(form: HTMLFormElement): string {
  const given = new FormData(form);
  const into = String(given.get("into") ?? "");
  return into === "" ? String(given.get("owner") ?? "") : (into.split("/")[0] ?? "");
}

async function addresses(form: HTMLFormElement, made: Upload, first: number): Promise<readonly Sending[]> {
  if (made.parts.send !== null) return [made.parts.send];
  const count = Math.min(PARALLEL, made.parts.count - first + 1);
  const numbers = Array.from({ length: count }, (_, at) => first + at);
  return ((await post(form, made.links.parts, { numbers })) as { data: readonly Sending[] }).data;
}

async function hashed(file: File, told: (share: number) => void): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += PIECE) {
    hash.add(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    told(Math.min(1, (at + PIECE) / file.size));
  }
  return hash.hex();
}

async function post(form: HTMLFormElement, path: string, body: object, again = true): Promise<unknown> {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": word(form) };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.ok) return answer.json();
  if (answer.status === 401 && again && (await refreshed())) return post(form, path, body, false);
  throw await refusal(answer);
}

/** Send a part: by XMLHttpRequest, which alone tells how much has gone. */
async function put(form: HTMLFormElement, to: Sending, part: Blob, told: (done: number) => void): Promise<void> {
  const status = await putOnce(form, to, part, told);
  if (status === 401 && (await refreshed())) {
    if ((await putOnce(form, to, part, told)) < 300) return;
  }
  if (status >= 300) throw new Refused(t("The file could not be sent ({status}).", { status }));
}

function putOnce(form: HTMLFormElement, to: Sending, part: Blob, told: (done: number) => void): Promise<number> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(to.method, to.url);
    for (const [name, value] of Object.entries(to.headers)) {
      if (name.toLowerCase() !== "content-length") request.setRequestHeader(name, value);
    }
    if (to.url.startsWith("/")) request.setRequestHeader("X-CSRF-Token", word(form));
    request.upload.addEventListener("progress", (event) => told(event.loaded));
    request.addEventListener("load", () => done(request.status));
    request.addEventListener("error", () => failed(new Error("network")));
    request.send(part);
  });
}

/** Whether the session had a new access token for us. */
async function refreshed(): Promise<boolean> {
  return (await fetch("/v1/identity/refresh", { method: "POST" })).ok;
}

async function refusal(answer: Response): Promise<Refused> {
  const told: unknown = await answer.json().catch(() => null);
  const detail = typeof told === "object" && told !== null && "detail" in told ? String(told.detail) : "";
  return new Refused(detail || t("The file could not be sent ({status}).", { status: answer.status }));
}

const word = (form: HTMLFormElement): string => String(new FormData(form).get("csrf") ?? "");

function keep(form: HTMLFormElement, name: string, value: string): void {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
}

function line(said: HTMLElement, file: File): Told {
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  const stage = document.createElement("span");
  stage.className = "quiet small";
  const whole = paragraph(`${file.name} · ${n(Math.ceil(file.size / 1024), "{n} KB", "{n} KB")}`);
  whole.append(bar, stage);
  said.append(whole);
  return (share, words) => {
    bar.value = share;
    if (stage.textContent !== words) stage.textContent = words;
  };
}

function paragraph(words: string, kind = ""): HTMLParagraphElement {
  const made = document.createElement("p");
  made.className = kind;
  made.textContent = words;
  return made;
}
