// Shapes that a map can have: those of the world's countries, and those of the regions of a country. Each is loaded once,
// when a map needs it. Where they come from, and their faults: shapes/README.md.

/// <reference types="vite/client" />

import type { Feature, MultiPolygon, Polygon } from "geojson";
import { feature, merge } from "topojson-client";
import type { GeometryCollection, MultiPolygon as Arcs, Topology } from "topojson-specification";
import { codesOf } from "./countries";

export type Land = Polygon | MultiPolygon;

/** A place on a map, as datasets may call it. */
export interface Shape {
  readonly id: string;
  /** The first is shown. */
  readonly names: readonly string[];
  /** By the list that they are of, such as `iso`. */
  readonly codes: Readonly<Record<string, readonly string[]>>;
  readonly land: Land;
  /** The ids of the shapes that it is made of; empty for those that are whole by themselves. */
  readonly of: readonly string[];
}

/** The shapes of one map. */
export interface Shapes {
  readonly kind: "world" | "regions" | "given";
  readonly all: readonly Shape[];
}

interface Said {
  readonly names: readonly string[];
  readonly codes: Readonly<Record<string, readonly string[]>>;
}

type Regions = Topology<{ regions: { type: "GeometryCollection"; geometries: Arcs<Said>[] } }> & {
  readonly groups: readonly (Said & { readonly of: readonly number[] })[];
};
type World = Topology<{ countries: GeometryCollection<{ name: string }> }>;

const FILES = import.meta.glob<Regions>("../../shapes/regions/*.json", { import: "default" });
const KEPT = new Map<string, Promise<Shapes | null>>();

/** The countries of the world. Rejects when they cannot be loaded. */
export const world = (): Promise<Shapes | null> => kept("", async () => countries((await import("../../shapes/world.json")).default as unknown as World));

/** The regions of a country, by its code of two letters; null where there are none. Rejects when they cannot be loaded. */
export const regionsOf = (country: string): Promise<Shapes | null> =>
  kept(country.toLowerCase(), async () => {
    const load = FILES[`../../shapes/regions/${country.toLowerCase()}.json`];
    return load ? regions(await load()) : null;
  });

function kept(name: string, load: () => Promise<Shapes | null>): Promise<Shapes | null> {
  const before = KEPT.get(name);
  if (before) return before;
  const loading = load();
  KEPT.set(name, loading);
  loading.catch(() => KEPT.delete(name));
  return loading;
}

function countries(atlas: World): Shapes {
  const found = (feature(atlas, atlas.objects.countries).features as Feature<Land, { name: string }>[]).filter((one) => one.geometry !== null);
  const all = found.map((one, place): Shape => {
    const id = one.id === undefined ? `at-${place}` : String(one.id);
    return { id, names: [one.properties.name], codes: codesOf(id), land: one.geometry, of: [] };
  });
  return { kind: "world", all };
}

function regions(file: Regions): Shapes {
  const { geometries } = file.objects.regions;
  const lands = feature(file, file.objects.regions).features as Feature<Land>[];
  const whole = geometries.map((one, place): Shape => {
    const { names = [], codes = {} } = one.properties ?? {};
    return { id: String(place), names, codes, land: lands[place]?.geometry ?? { type: "MultiPolygon", coordinates: [] }, of: [] };
  });
  const made = file.groups.map((one, place): Shape => ({
    id: `made-${place}`, names: one.names, codes: one.codes, of: one.of.map(String),
    land: merge(file, one.of.map((part) => geometries[part]).filter((part) => part !== undefined)),
  }));
  return { kind: "regions", all: [...whole, ...made] };
}
