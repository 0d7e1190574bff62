// The pages below /import: files are sent with progress, meanings are picked from a list, pages that wait go on.

import { pickKinds } from "./wizardpicker";
import { sendFiles } from "./wizardupload";
import { inLanguage } from "./words";

const OFTEN = 700; // milliseconds

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-send]")) sendFiles(form);
pickKinds(document.querySelectorAll<HTMLInputElement>("input[data-kind]"));
for (const one of document.querySelectorAll<HTMLElement>("[data-job]")) void follow(one);
document.querySelector<HTMLElement>("main [aria-invalid=true]")?.focus(); // who must mend something begins there

interface Job {
  readonly state: string;
  readonly progress: { readonly done: number; readonly total: number | null; readonly stage: string };
}

/** Tell how far a job is, and go on when it has ended. */
async function follow(shown: HTMLElement): Promise<void> {
  const bar = shown.querySelector("progress");
  const stage = shown.querySelector(".stage");
  for (;;) {
    const answer = await fetch(shown.dataset["job"] ?? "", { headers: { Accept: "application/json", ...inLanguage() } }).catch(() => null);
    const job = answer?.ok === true ? ((await answer.json()) as Job) : null;
    if (answer?.ok === false || (job !== null && job.state !== "queued" && job.state !== "running")) break;
    if (job !== null) tell(job, bar, stage);
    await new Promise((done) => setTimeout(done, OFTEN));
  }
  location.replace(shown.dataset["then"] ?? "/import");
}

function tell(job: Job, bar: HTMLProgressElement | null, stage: Element | null): void {
  const { done, total, stage: words } = job.progress;
  if (stage !== null && stage.textContent !== words) stage.textContent = words;
  if (bar === null) return;
  if (total === null || total === 0) bar.removeAttribute("value");
  else Object.assign(bar, { max: total, value: done });
}
