// Which shape each member of a dimension is: by its code or its label, in the one way that fits most of them.

import type { Member } from "../figure";
import { sumOf } from "../figure";
import type { Shape, Shapes } from "./shapes";

/** A shape with all that the dataset has of it; several members where a code has several labels. */
export interface Placed {
  readonly shape: Shape;
  readonly member: Member;
  /** How many members of the dataset it is. */
  readonly members: number;
}

export interface Match {
  readonly shapes: Shapes;
  readonly placed: readonly Placed[];
  /** Members that the map has no shape for. */
  readonly outside: readonly Member[];
}

/** What is known of the members beside themselves. */
export interface Known {
  /** Whether the dataset says that they are places: only then may short codes, which mean other things elsewhere, be read as such. */
  readonly geographic: boolean;
}

type Keys = ReadonlyMap<string, Shape>;

interface Way {
  readonly said: (member: Member) => string | null;
  readonly keys: Keys;
  /** Whether nothing but the dataset's word speaks for it that these codes are of places. */
  readonly weak: boolean;
  /** Whether what it finds may be another place of that name. */
  readonly loose: boolean;
}

/** In small letters, without accents and signs; a number without the zeros that it begins with. */
export const plain = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim().replace(/^0+(?=\d+$)/, "");

/** The best match, or null where the members are no places of these shapes. */
export function match(members: readonly Member[], shapes: Shapes, known: Known): Match | null {
  const named = members.filter((one) => one.kind === "member");
  let best: { found: Map<string, Shape>; first: number } | null = null;
  for (const order of [whole(shapes.all), made(shapes.all)]) {
    for (const way of ways(order, shapes)) {
      const found = read(named, way);
      if (!enough(found.size, named.length, way, known)) continue;
      const first = [...found.values()].filter((shape) => shape.of.length > 0 === (order[0]?.of.length ?? 0) > 0).length;
      if (!best || found.size > best.found.size || (found.size === best.found.size && first > best.first)) best = { found, first };
    }
  }
  return best ? joined(members, best.found, shapes) : null;
}

const whole = (all: readonly Shape[]): Shape[] => [...all.filter((one) => !one.of.length), ...all.filter((one) => one.of.length)];
const made = (all: readonly Shape[]): Shape[] => [...all.filter((one) => one.of.length), ...all.filter((one) => !one.of.length)];

/** A few names may be alike by chance, such as those of a state and of another country, and short codes mean anything:
 *  the less a way says of a place, the more members it has to find. */
function enough(found: number, members: number, way: Way, { geographic }: Known): boolean {
  const least = way.weak || !geographic ? 1 / 2 : way.loose ? 1 / 3 : 0;
  return found > 0 && (geographic || !way.weak) && found >= least * members;
}

function read(members: readonly Member[], { said, keys }: Way): Map<string, Shape> {
  const found = new Map<string, Shape>();
  for (const member of members) {
    const shape = keys.get(plain(said(member) ?? ""));
    if (shape) found.set(member.key, shape);
  }
  return found;
}

/** The ways to read a member, the surest first. */
function* ways(shapes: readonly Shape[], { kind }: Shapes): Iterable<Way> {
  const systems = [...new Set(shapes.flatMap((one) => Object.keys(one.codes)))];
  const label = (member: Member): string => member.label;
  const code = (member: Member): string => member.code ?? member.label;
  for (const said of [code, label]) {
    for (const system of systems) {
      const keys = keysOf(shapes, (shape) => shape.codes[system] ?? []);
      yield { said, keys, weak: kind !== "given" && (system === "national" || system === "numeric"), loose: kind === "world" };
      if (kind !== "given" && system === "iso") yield { said, keys: keysOf(shapes, (shape) => (shape.codes[system] ?? []).filter(long).map((one) => one.slice(3))), weak: true, loose: true };
    }
  }
  const names = namesOf(shapes);
  for (const said of [label, code]) yield { said, keys: names, weak: false, loose: kind !== "given" };
}

const long = (code: string): boolean => /^[A-Z]{2}-/.test(code);

/** Shapes by what they are called. What two of a kind are called, none is; an earlier kind comes before a later one. */
function keysOf(shapes: readonly Shape[], called: (shape: Shape) => readonly string[]): Map<string, Shape> {
  const found = new Map<string, Shape | null>();
  for (const shape of shapes) {
    for (const key of new Set(called(shape).map(plain))) {
      const before = found.get(key);
      if (before === undefined) found.set(key, shape);
      else if (before && before !== shape && before.of.length > 0 === shape.of.length > 0) found.set(key, null);
    }
  }
  return new Map([...found].filter((pair): pair is [string, Shape] => pair[1] !== null && pair[0] !== ""));
}

/** The same for names: another name of one place gives way to the first name of another. */
function namesOf(shapes: readonly Shape[]): Map<string, Shape> {
  return new Map([...keysOf(shapes, ({ names }) => names), ...keysOf(shapes, ({ names }) => names.slice(0, 1))]);
}

function joined(members: readonly Member[], found: ReadonlyMap<string, Shape>, shapes: Shapes): Match {
  const by = new Map<Shape, Member[]>();
  for (const member of members) {
    const shape = found.get(member.key);
    if (shape) by.set(shape, [...(by.get(shape) ?? []), member]);
  }
  const placed = [...by].map(([shape, all]) => ({ shape, member: one(all), members: all.length }));
  return { shapes, placed, outside: members.filter((member) => !found.has(member.key)) };
}

/** Several members of one place as one: their exact sum, and the conditions that they share. */
function one(members: readonly Member[]): Member {
  const [first, ...rest] = members as [Member, ...Member[]];
  if (!rest.length) return first;
  const amounts = members.map((each) => each.amount);
  return {
    ...first,
    key: JSON.stringify(members.map((each) => each.key)),
    label: [...new Set(members.map((each) => each.label))].join(" / "),
    amount: amounts.every((each) => each === null) ? null : sumOf(amounts),
    facts: members.reduce((sum: number | null, each) => (sum === null || each.facts === null ? null : sum + each.facts), 0),
    at: first.at.filter((condition) => rest.every((each) => each.at.includes(condition))),
  };
}
