// Sends one file to uploads: in parts, again where the connection breaks, from where it was, until somebody cancels.

import { Sha256 } from "./sha256";
import { t } from "./words";

const PIECE = 4 * 1024 * 1024;
const PARALLEL = 100; // addresses that are asked for at once
const TRIES = 6; // of one request: half a minute
const LONGEST = 15_000; // milliseconds between two of them

interface Sending {
  readonly number: number;
  readonly size: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Upload {
  readonly id: string;
  readonly state: string;
  readonly parts: { readonly size: number; readonly count: number; readonly arrived: readonly number[]; readonly send: Sending | null };
  readonly links: { readonly self: string; readonly parts: string; readonly complete: string };
}

/** What went wrong, in a sentence for people. */
export class Refused extends Error {}

/** The connection broke, or the server cannot answer at the moment: it is worth trying again. */
class Broken extends Error {}

/** Tells how far a file is, from 0 to 1, and what is being done. */
export type Told = (share: number, words: string) => void;

/** How long to wait before trying again, in milliseconds, after so many tries. */
export const pause = (tries: number): number => Math.min(LONGEST, 1000 * 2 ** (tries - 1));

/** The numbers of the parts that have not arrived. */
export const missing = (count: number, arrived: readonly number[]): readonly number[] =>
  Array.from({ length: count }, (_, at) => at + 1).filter((one) => !arrived.includes(one));

/** A file on its way. It can be sent again after it failed, and goes on where it was. */
export class Parcel {
  private begun: Upload | null = null;
  private sha256 = "";
  private told: Told = () => undefined;
  private stop = new AbortController().signal;

  constructor(
    private readonly file: File,
    private readonly owner: string,
    private readonly word: string,
  ) {}

  /** The same, which ends when `stop` says so. */
  until(stop: AbortSignal): this {
    this.stop = stop;
    return this;
  }

  /** The id of the complete upload. Throws Refused, or what a cancelled request throws. */
  async send(told: Told): Promise<string> {
    this.told = told;
    if (this.file.size === 0) throw new Refused(t("The file {name} is empty.", { name: this.file.name }));
    const upload = await this.upload();
    if (upload.state !== "complete") {
      await this.parts(upload);
      told(0.97, t("checking"));
      await this.post(upload.links.complete, {});
    }
    told(1, t("sent"));
    return upload.id;
  }

  /** Forget what has arrived. */
  async forget(): Promise<void> {
    if (this.begun === null) return;
    const headers = { "X-CSRF-Token": this.word };
    await fetch(this.begun.links.self, { method: "DELETE", headers }).catch(() => null);
    this.begun = null;
  }

  /** The upload as it is now: a new one, or the one that was begun, if it is still there. */
  private async upload(): Promise<Upload> {
    if (this.begun !== null) {
      const answer = await this.again(() => fetch(this.begun?.links.self ?? "", { signal: this.stop }));
      if (answer.ok) return (this.begun = (await answer.json()) as Upload);
    }
    this.sha256 ||= await this.hashed();
    const { name: filename, size } = this.file;
    const announced = { owner: this.owner, filename, size, sha256: this.sha256 };
    return (this.begun = (await this.post("/v1/uploads", announced)) as Upload);
  }

  private async parts(upload: Upload): Promise<void> {
    const wanted = missing(upload.parts.count, upload.parts.arrived);
    for (let first = 0; first < wanted.length; first += PARALLEL) {
      const numbers = wanted.slice(first, first + PARALLEL);
      for (const one of await this.addresses(upload, numbers)) await this.part(upload, one);
    }
  }

  private async part(upload: Upload, to: Sending): Promise<void> {
    const begin = (to.number - 1) * upload.parts.size;
    const bytes = this.file.slice(begin, begin + to.size);
    const went = (done: number): void => this.told(0.2 + (0.75 * (begin + done)) / this.file.size, t("sending"));
    let now = to;
    const status = await this.again(async () => {
      went(0);
      const found = await put(now, bytes, this.word, this.stop, went);
      if (found === 401 && (await refreshed())) throw new Broken();
      if (found === 403 && !now.url.startsWith("/")) {
        [now = to] = await this.addresses(upload, [to.number]); // signatures hold for an hour
        throw new Broken();
      }
      return found;
    });
    if (status >= 300) throw new Refused(t("The file could not be sent ({status}).", { status }));
  }

  private async addresses(upload: Upload, numbers: readonly number[]): Promise<readonly Sending[]> {
    if (upload.parts.send !== null) return [upload.parts.send];
    return ((await this.post(upload.links.parts, { numbers })) as { data: readonly Sending[] }).data;
  }

  private async hashed(): Promise<string> {
    const hash = new Sha256();
    for (let at = 0; at < this.file.size; at += PIECE) {
      this.stop.throwIfAborted();
      hash.add(new Uint8Array(await this.file.slice(at, at + PIECE).arrayBuffer()));
      this.told(0.2 * Math.min(1, (at + PIECE) / this.file.size), t("reading"));
    }
    return hash.hex();
  }

  private async post(path: string, body: object): Promise<unknown> {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": this.word };
    const ask = { method: "POST", headers, body: JSON.stringify(body), signal: this.stop };
    const answer = await this.again(async () => {
      const found = await fetch(path, ask);
      if (found.status === 401 && (await refreshed())) throw new Broken();
      return found;
    });
    if (answer.ok) return answer.json();
    throw await refusal(answer);
  }

  /** Do it again while the connection breaks, or the server says that it cannot at the moment. */
  private async again<Found extends Response | number>(ask: () => Promise<Found>): Promise<Found> {
    for (let tries = 1; ; tries += 1) {
      try {
        const found = await ask();
        const status = typeof found === "number" ? found : found.status;
        if (tries === TRIES || (status < 500 && status !== 429)) return found;
      } catch (error) {
        if (this.stop.aborted || error instanceof Refused || tries === TRIES) throw error;
      }
      await this.rest(pause(tries));
    }
  }

  private async rest(milliseconds: number): Promise<void> {
    this.told(Number.NaN, t("The connection was lost. It is tried again."));
    await new Promise<void>((done) => {
      const timer = setTimeout(done, milliseconds);
      this.stop.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
    });
    this.stop.throwIfAborted();
  }
}

/** Send a part: by XMLHttpRequest, which alone tells how much has gone. */
function put(to: Sending, part: Blob, word: string, stop: AbortSignal, told: (done: number) => void): Promise<number> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(to.method, to.url);
    for (const [name, value] of Object.entries(to.headers)) {
      if (name.toLowerCase() !== "content-length") request.setRequestHeader(name, value);
    }
    if (to.url.startsWith("/")) request.setRequestHeader("X-CSRF-Token", word);
    request.upload.addEventListener("progress", (event) => told(event.loaded));
    request.addEventListener("load", () => done(request.status));
    request.addEventListener("error", () => failed(new Broken()));
    request.addEventListener("abort", () => failed(new Broken()));
    stop.addEventListener("abort", () => request.abort(), { once: true });
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
