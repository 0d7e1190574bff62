// Levels within each other: the branches of a pivot table, and the exact sums of its cells.
//
// A level adds up where its members share the money out; periods and what excludes each other do not. A branch has a sum
// of its own only where all levels below it add up. Members that are too many are one branch, the others, which is parted
// further where it must not be added up. `src/openspending/browse/viewer/nesting.py` is the same in Python.

import type { Row } from "./api";
import { identity } from "./asking";
import type { Naming } from "./figure";
import { compare, sum } from "./money";

/** A level within others. */
export interface Nest {
  readonly named: Naming;
  /** Whether its members add up. */
  readonly adds: boolean;
  /** How many members of it each branch shows. */
  readonly most: number;
  /** By what its members are ordered; null for what they come to. */
  readonly order: ((row: Row) => string | number | null) | null;
  readonly down: boolean;
}

/** A member within others, or the rest of them. */
export interface Branch {
  /** The members from the broadest level on, as identities. */
  readonly path: readonly string[];
  /** A row that has its member; null for the root and for others. */
  readonly row: Row | null;
  readonly parts: readonly Branch[];
  /** How many members “others” stands for. */
  readonly hidden: number;
  /** Whether what is in it may be added up. */
  readonly sums: boolean;
}

/** Both trees, and the amount of each pair of their branches. */
export interface Pivot {
  readonly rowNests: readonly Nest[];
  readonly columnNests: readonly Nest[];
  readonly rows: Branch;
  readonly columns: Branch;
  /** What facts of both branches come to; null where there are none, or no sum of them. */
  readonly amount: (row: Branch, column: Branch) => string | null;
}

interface Known {
  readonly path: readonly string[];
  readonly row: Row;
  readonly amount: string | null;
}

export const OTHERS = "others";

/** What is a line of its own: what has no parts, and what has several, after them, where it is their sum. */
export const endsOf = (branch: Branch): Branch[] =>
  branch.parts.length ? [...branch.parts.flatMap(endsOf), ...(ownEnd(branch) ? [branch] : [])] : [branch];

/** Whether a branch has a line of its own behind its parts. */
export const ownEnd = (branch: Branch): boolean => branch.sums && branch.parts.length > 1;

/** The pivot table of rows that each have one member of every level, without the first members that are skipped. Amounts
 *  of measures that are not `summed` stand alone. */
export function nest(data: readonly Row[], rowNests: readonly Nest[], columnNests: readonly Nest[], measure: string, summed: boolean, skip = 0): Pivot {
  const path = (row: Row, nests: readonly Nest[]) => nests.map((one) => identity(row, one.named));
  const all = data.map((row) => {
    const amount = row[measure] ?? null;
    return { row, rows: path(row, rowNests), columns: path(row, columnNests), amount: amount === null ? null : String(amount) };
  });
  const sides = (of: "rows" | "columns", from: typeof all): Known[] => from.map((one) => ({ path: one[of], row: one.row, amount: one.amount }));
  const first = rowNests[0];
  const left = skip && first ? new Set(ordered(first, grouped(sides("rows", all), 0), summed).slice(skip)) : null;
  const known = left ? all.filter((one) => left.has(one.rows[0] ?? "")) : all;
  const rows = branch(rowNests, [], null, sides("rows", known), summed);
  const beside = sides("columns", known);
  const columns = branch(alike(columnNests, beside, summed), [], null, beside, summed);
  const [rowWays, columnWays] = [new Set(ways(rows)), new Set(ways(columns))];
  const cells = new Map<string, (string | null)[]>();
  for (const one of known) {
    const ends = within(one.columns, columnWays);
    for (const row of within(one.rows, rowWays)) {
      for (const column of ends) {
        const key = `${row}\n\n${column}`;
        const found = cells.get(key);
        if (found) found.push(one.amount);
        else cells.set(key, [one.amount]);
      }
    }
  }
  const sums = new Map([...cells].map(([key, amounts]) => [key, summed || amounts.length === 1 ? total(amounts) : null]));
  return { rowNests, columnNests, rows, columns, amount: (row, column) => sums.get(`${keyOf(row.path)}\n\n${keyOf(column.path)}`) ?? null };
}

const keyOf = (path: readonly string[]): string => path.join("\n");

function total(amounts: readonly (string | null)[]): string | null {
  const given = amounts.filter((one) => one !== null);
  return given.length ? sum(given) : null;
}

/** The levels with an order that is the same in all branches: that of what members come to altogether. */
function alike(nests: readonly Nest[], known: readonly Known[], summed: boolean): Nest[] {
  return nests.map((one, depth) => {
    const places = new Map(ordered(one, grouped(known, depth), summed).map((name, place) => [name, place]));
    return { ...one, order: (row) => places.get(identity(row, one.named)) ?? null, down: false };
  });
}

function branch(nests: readonly Nest[], path: readonly string[], row: Row | null, known: readonly Known[], summed: boolean, hidden = 0): Branch {
  const depth = path.length;
  const sums = summed && nests.slice(depth).every((one) => one.adds);
  const here = nests[depth];
  if (!here || (hidden && sums)) return { path, row, parts: [], hidden, sums };
  const groups = grouped(known, depth);
  const names = ordered(here, groups, summed);
  const shown = !summed || !here.adds || names.length <= here.most + 1 ? names : names.slice(0, here.most);
  const parts = shown.map((name) => {
    const within = groups.get(name) ?? [];
    return branch(nests, [...path, name], within[0]?.row ?? null, within, summed);
  });
  const rest = names.slice(shown.length).flatMap((name) => groups.get(name) ?? []);
  if (rest.length) parts.push(branch(nests, [...path, OTHERS], null, rest, summed, names.length - shown.length));
  return { path, row, parts, hidden, sums };
}

function grouped(known: readonly Known[], depth: number): Map<string, Known[]> {
  const groups = new Map<string, Known[]>();
  for (const one of known) {
    const name = one.path[depth] ?? "";
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

function ordered(one: Nest, groups: ReadonlyMap<string, readonly Known[]>, summed: boolean): string[] {
  const names = [...groups.keys()];
  const turn = one.down ? -1 : 1;
  const { order } = one;
  if (order) {
    const places = new Map(names.map((name) => [name, order(groups.get(name)?.[0]?.row ?? {})]));
    return names.sort((a, b) => between(places.get(a) ?? null, places.get(b) ?? null, turn));
  }
  if (!summed) return names;
  const sums = new Map(names.map((name) => [name, total((groups.get(name) ?? []).map((each) => each.amount))]));
  return names.sort((a, b) => {
    const [left, right] = [sums.get(a) ?? null, sums.get(b) ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return turn * compare(left, right);
  });
}

/** Missing ones last, whatever the direction. */
function between(left: string | number | null, right: string | number | null, turn: number): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return turn * (left < right ? -1 : left > right ? 1 : 0);
}

function ways(one: Branch): string[] {
  return [keyOf(one.path), ...one.parts.flatMap(ways)];
}

/** The keys of all branches that something at a path counts for. */
function within(path: readonly string[], known: ReadonlySet<string>): string[] {
  const found = [""];
  let upto: string[] = [];
  for (const name of path) {
    const own = [...upto, name];
    const other = [...upto, OTHERS];
    const next = known.has(keyOf(own)) ? own : known.has(keyOf(other)) ? other : null;
    if (!next) break;
    found.push(keyOf(next));
    upto = next;
  }
  return found;
}
