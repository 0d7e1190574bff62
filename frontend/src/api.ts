// Asks the public API of an OpenSpending, here or on any other host. Every answer is typed; every refusal is an error.

import { encode } from "./view";
import { inLanguage } from "./words";

export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

export interface Column {
  readonly name: string;
  readonly kind: string;
  readonly title?: string;
  readonly currency?: string;
  readonly unit?: string;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly in?: string;
  readonly members?: readonly Value[];
}

export interface Licence {
  readonly name?: string;
  readonly title?: string;
  readonly path?: string;
}

export interface Meta {
  readonly dataset: string;
  readonly revision: number;
  readonly self: string;
  readonly licences: readonly Licence[];
  readonly warnings: readonly Warning[];
}

export interface Answer {
  readonly data: readonly Row[];
  readonly summary: Row;
  readonly total: number;
  readonly next?: string | null;
  readonly columns: readonly Column[];
  readonly meta: Meta;
}

export interface Dimension {
  readonly label: string;
  readonly key_ref: string;
  readonly label_ref: string;
  readonly cardinality?: number;
  readonly hierarchy?: string;
  /** The concept that it is of, such as `geo-source`. */
  readonly orig_dimension?: string;
  readonly attributes: Readonly<Record<string, { readonly ref: string; readonly label?: string; readonly type?: string }>>;
}

export interface Role {
  readonly ref: string;
  readonly role: "partition" | "level" | "time" | "exclusive" | "attribute";
  readonly members: number;
  readonly kind?: string | null;
}

/** A dimension whose members must not be added up. */
export interface Exclusive {
  readonly ref: string;
  readonly members?: readonly { readonly value: Value; readonly label: string | null }[];
}

export interface Years {
  readonly ref: string;
  readonly key: string;
  readonly years: readonly (readonly [number, number])[];
}

export interface Model {
  readonly dimensions: Readonly<Record<string, Dimension>>;
  readonly hierarchies: Readonly<Record<string, { readonly levels: readonly string[] }>>;
  readonly aggregates: Readonly<
    Record<string, { readonly label: string; readonly function: string; readonly measure?: string }>
  >;
  readonly columns: readonly Column[];
  readonly roles: {
    readonly dimensions: readonly Role[];
    readonly years?: Years | null;
    readonly exclusive?: readonly Exclusive[];
  };
}

export interface Described {
  readonly dataset: string;
  readonly title: string;
  readonly revision: number;
  readonly fiscalPeriod?: { readonly start?: string; readonly end?: string } | null;
  readonly countries?: readonly string[];
  /** Files of the dataset that maps of it can be drawn with. */
  readonly shapes?: readonly { readonly name: string; readonly url: string }[];
  readonly links: { readonly page: string };
}

export interface Mixed {
  readonly ref: string;
  readonly kind: string;
  readonly message: string;
  readonly choices: readonly { readonly label: string | null; readonly cut: string; readonly default?: boolean }[];
  readonly drilldown?: string;
}

interface Problem {
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  readonly type?: string;
  readonly choices?: readonly string[];
  readonly mixed?: readonly Mixed[];
}

/** The API answered that it cannot answer, and why. */
export class Refused extends Error {
  readonly status: number;
  readonly choices: readonly string[];
  readonly mixed: readonly Mixed[];

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? String(problem.status));
    this.status = problem.status;
    this.choices = problem.choices ?? [];
    this.mixed = problem.mixed ?? [];
  }
}

/** Nobody answered: the server is off, the network is, or it is no OpenSpending. */
export class Unreachable extends Error {}

export type Parameters = Readonly<Record<string, string>>;

/** What charts ask; tests give another. */
export interface Source {
  readonly path: string;
  model(): Promise<Model>;
  described(): Promise<Described>;
  aggregate(parameters: Parameters): Promise<Answer>;
  compare(parameters: Parameters): Promise<Answer>;
}

/** One dataset at one host, by the address of its page or its own (`owner/name@3`). */
export class Dataset implements Source {
  readonly origin: string;
  readonly path: string;
  readonly #kept = new Map<string, Promise<unknown>>();

  /** Throws a TypeError when the address names no dataset. */
  constructor(address: string, base: string) {
    const url = new URL(address, base);
    const [owner, name] = url.pathname.replace(/^\/v1\/datasets(?=\/)/, "").split("/").filter(Boolean);
    if (!owner || !name || !/^https?:$/.test(url.protocol)) throw new TypeError(`“${address}” is no dataset`);
    this.origin = url.origin;
    this.path = `/${owner}/${name}`;
  }

  model(): Promise<Model> {
    return this.#get<Model>("/model", {});
  }

  described(): Promise<Described> {
    return this.#get<Described>("", {});
  }

  aggregate(parameters: Parameters): Promise<Answer> {
    return this.#get<Answer>("/aggregate", parameters);
  }

  compare(parameters: Parameters): Promise<Answer> {
    return this.#get<Answer>("/compare", parameters);
  }

  members(ref: string, parameters: Parameters): Promise<Answer> {
    return this.#get<Answer>(`/members/${encodeURIComponent(ref)}`, parameters);
  }

  facts(parameters: Parameters): Promise<Answer> {
    return this.#get<Answer>("/facts", parameters);
  }

  /** The same question is asked once, as long as it is not refused. */
  #get<T>(path: string, parameters: Parameters): Promise<T> {
    const address = `${this.origin}/v1/datasets${this.path}${path}${query(parameters)}`;
    const kept = this.#kept.get(address);
    if (kept) return kept as Promise<T>;
    const asked = ask<T>(address, this.origin);
    this.#kept.set(address, asked);
    asked.catch(() => this.#kept.delete(address));
    return asked;
  }
}

function query(parameters: Parameters): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== "");
  return pairs.length ? `?${pairs.map(([name, value]) => `${name}=${encode(value)}`).join("&")}` : "";
}

async function ask<T>(address: string, origin: string): Promise<T> {
  const own = typeof location !== "undefined" && location.origin === origin;
  let answer: Response;
  let body: unknown;
  try {
    const headers = { Accept: "application/json", ...inLanguage() };
    answer = await fetch(address, { headers, credentials: own ? "same-origin" : "omit" });
    body = await answer.json();
  } catch (error) {
    throw new Unreachable(address, { cause: error });
  }
  if (answer.ok) return body as T;
  if (answer.status >= 502) throw new Unreachable(address);
  throw new Refused({ ...(body as Problem), status: answer.status });
}
