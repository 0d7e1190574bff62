// A dataset in memory that answers as the API does, as far as charts ask.

import type { Answer, Described, Model, Parameters, Row, Source, Value } from "../src/api";
import { add, compare } from "../src/money";
import { conditions } from "../src/view";

type Fact = Readonly<Record<string, Value>>;

export interface Fake extends Source {
  readonly asked: Parameters[];
}

const DIMENSIONS = ["region", "town", "phase", "year"] as const;

/** A model with regions, towns in them, phases and years. */
export function model(years: readonly number[], exclusive = false): Model {
  const dimension = (name: string) => ({
    label: name, key_ref: `${name}.code`, label_ref: name === "year" ? "year.code" : `${name}.label`, attributes: {},
  });
  return {
    dimensions: Object.fromEntries(DIMENSIONS.map((name) => [name, dimension(name)])),
    hierarchies: { places: { levels: ["region", "town"] } },
    aggregates: {
      "amount.sum": { label: "Amount", function: "sum", measure: "amount" },
      "amount.avg": { label: "Amount", function: "avg", measure: "amount" },
    },
    columns: [{ name: "region.label", kind: "text", title: "Region" }, { name: "town.label", kind: "text", title: "Town" }],
    roles: {
      dimensions: [
        { ref: "region", role: "level", members: 2 }, { ref: "town", role: "level", members: 2 },
        { ref: "phase", role: exclusive ? "exclusive" : "partition", members: 2 }, { ref: "year", role: "time", members: years.length },
      ],
      years: years.length ? { ref: "year", key: "year.code", years: years.map((one) => [one, 10] as const) } : null,
    },
  };
}

/** Answers from facts; `warnings` stand in every answer. */
export function fake(facts: readonly Fact[], options: { exclusive?: boolean; warnings?: string[] } = {}): Fake {
  const asked: Parameters[] = [];
  const years = [...new Set(facts.map((one) => one["year.code"]).filter((one) => typeof one === "number"))].sort();
  return {
    asked,
    path: "/demo/fake",
    model: () => Promise.resolve(model(years, options.exclusive)),
    described: () => Promise.resolve<Described>({ dataset: "demo/fake", title: "Fake", revision: 1, links: { page: "/demo/fake" } }),
    compare: () => Promise.reject(new Error("not here")),
    aggregate: (parameters) => {
      asked.push(parameters);
      return Promise.resolve(answer(facts, parameters, options.warnings ?? []));
    },
  };
}

function answer(facts: readonly Fact[], parameters: Parameters, warnings: readonly string[]): Answer {
  const refs = (parameters["drilldown"] ?? "").split("|").filter(Boolean);
  const measure = parameters["aggregates"] ?? "amount.sum";
  const left = facts.filter((fact) => conditions(parameters["cut"] ?? "").every((one) => holds(fact, one)));
  const cells = new Map<string, Row>();
  for (const fact of left) {
    const key = JSON.stringify(refs.map((ref) => fact[ref] ?? null));
    const before = cells.get(key) ?? { ...Object.fromEntries(refs.map((ref) => [ref, fact[ref] ?? null])), [measure]: null, _count: 0 };
    cells.set(key, { ...before, [measure]: plus(before[measure], fact["amount"]), _count: Number(before["_count"]) + 1 });
  }
  const rows = [...cells.values()].sort(by(parameters["order"] ?? ""));
  const whole = left.reduce<Value>((total, fact) => plus(total, fact["amount"]), null);
  return {
    data: rows.slice(0, Number(parameters["pagesize"] ?? 100)),
    summary: { [measure]: whole, _count: left.length },
    total: rows.length,
    columns: [{ name: measure, kind: "decimal", title: "Amount", currency: "EUR", unit: "1" }],
    meta: {
      dataset: "demo/fake", revision: 1, self: "/", licences: [],
      warnings: warnings.map((code) => ({ code, message: code, in: "summary" })),
    },
  };
}

function plus(total: Value | undefined, amount: Value | undefined): Value {
  if (amount === null || amount === undefined) return total ?? null;
  return total === null || total === undefined ? String(amount) : add(String(total), String(amount));
}

function holds(fact: Fact, text: string): boolean {
  const place = text.indexOf(":");
  const values = (text.slice(place + 1).match(/"(?:[^"\\]|\\.)*"|[^;]+/g) ?? []).map((one) => (one === "null" ? null : one.startsWith('"') ? (JSON.parse(one) as string) : one));
  const value = fact[text.slice(0, place)] ?? null;
  return values.some((one) => one === (value === null ? null : String(value)));
}

function by(order: string): (one: Row, other: Row) => number {
  const [ref = "", direction] = order.split(":");
  return (one, other) => {
    const [a, b] = [one[ref] ?? null, other[ref] ?? null];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const found = ref.startsWith("amount") ? compare(String(a), String(b)) : a < b ? -1 : a > b ? 1 : 0;
    return direction === "desc" ? -found : found;
  };
}

/** One fact; the code of a place is its name in small letters. */
export function fact(region: string | null, town: string, amount: string | null, more: Partial<Record<"phase" | "year", string | number>> = {}): Fact {
  const phase = more.phase ?? "paid";
  return {
    "region.code": region === null ? null : region.toLowerCase(), "region.label": region,
    "town.code": town.toLowerCase(), "town.label": town,
    "phase.code": phase, "phase.label": String(phase).toUpperCase(), "year.code": more.year ?? 2020, amount,
  };
}

/** Facts enough that every chart has others, missing ones and cents. */
export const FACTS: readonly Fact[] = Array.from({ length: 40 }, (_, place) =>
  ["approved", "paid"].flatMap((phase) =>
    [2019, 2020, 2021].map((year) =>
      fact(place === 3 ? null : `Region ${place % 20}`, `Town ${place}`, place === 7 ? null : `${place * 1000 + year}.0${(place + (phase === "paid" ? 1 : 0)) % 10}`, { phase, year }),
    ),
  ),
).flat();
