// Shapes that somebody gives: a GeoJSON or TopoJSON file, hostile until it was looked at.

import type { Feature, Position } from "geojson";
import { geoArea } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryObject, Topology } from "topojson-specification";
import type { Land, Shape, Shapes } from "./shapes";

export const MOST_BYTES = 5 * 1024 * 1024;
export const MOST_SHAPES = 5000;
const MOST_POINTS = 500_000;
const MOST_TEXT = 200;
const SHOWN = ["name", "title", "label", "nombre", "nom"];

/** The file cannot be used; the message says why. */
export class Unusable extends Error {}

const KEPT = new Map<string, Promise<Shapes>>();

/** The shapes at an address, asked for once. Rejects with Unusable. */
export function fetched(address: string): Promise<Shapes> {
  const kept = KEPT.get(address);
  if (kept) return kept;
  const loading = load(address);
  KEPT.set(address, loading);
  loading.catch(() => KEPT.delete(address));
  return loading;
}

async function load(address: string): Promise<Shapes> {
  let text: string;
  try {
    const url = new URL(address, typeof document === "undefined" ? undefined : document.baseURI);
    if (!/^https?:$/.test(url.protocol)) throw new Unusable("its address is not of the web");
    const own = typeof location !== "undefined" && location.origin === url.origin;
    const answer = await fetch(url, { credentials: own ? "same-origin" : "omit" });
    if (!answer.ok) throw new Unusable("the server answers with an error");
    text = await limited(answer);
  } catch (error) {
    throw error instanceof Unusable ? error : new Unusable("it cannot be fetched");
  }
  return shapesOf(parsed(text));
}

/** The text of an answer, given up when there is too much of it. */
async function limited(answer: Response): Promise<string> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return text;
    text += part.value;
    if (text.length > MOST_BYTES) {
      await reader?.cancel();
      throw new Unusable("it is larger than 5 MB");
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unusable("it is no JSON");
  }
}

/** The shapes of a parsed file. Throws Unusable for what is neither GeoJSON nor TopoJSON, or no areas on the earth. */
export function shapesOf(file: unknown): Shapes {
  const features = featuresOf(file);
  if (features.length > MOST_SHAPES) throw new Unusable("it has too many shapes");
  const room = { points: MOST_POINTS };
  const all = features.flatMap((one, place) => shapeOf(one, place, room));
  if (!all.length) throw new Unusable("it has no areas");
  return { kind: "given", all };
}

function featuresOf(file: unknown): readonly unknown[] {
  if (!isObject(file)) throw new Unusable("it is neither GeoJSON nor TopoJSON");
  if (file["type"] === "FeatureCollection" && Array.isArray(file["features"])) return file["features"];
  if (file["type"] === "Feature") return [file];
  if (file["type"] === "Topology" && isObject(file["objects"])) {
    try {
      const topology = file as unknown as Topology;
      return Object.values(topology.objects).flatMap((one): Feature[] => {
        const found = feature(topology, one as GeometryObject);
        return found.type === "FeatureCollection" ? found.features : [found];
      });
    } catch {
      throw new Unusable("its TopoJSON is broken");
    }
  }
  throw new Unusable("it is neither GeoJSON nor TopoJSON");
}

function shapeOf(one: unknown, place: number, room: { points: number }): Shape[] {
  if (!isObject(one) || !isObject(one["geometry"])) return [];
  const land = landOf(one["geometry"], room);
  if (!land?.coordinates.length) return [];
  const said = isObject(one["properties"]) ? one["properties"] : {};
  const texts = Object.entries(said).flatMap(([name, value]) => (isText(value) ? [[name, String(value).slice(0, MOST_TEXT)] as const] : []));
  const codes = Object.fromEntries(texts.map(([name, value]) => [`property ${name}`, [value]]));
  const id = one["id"];
  if (isText(id)) Object.assign(codes, { id: [String(id).slice(0, MOST_TEXT)] });
  const name = SHOWN.flatMap((wanted) => texts.filter(([key]) => key.toLowerCase() === wanted)).at(0)?.[1] ?? codes["id"]?.[0];
  return [{ id: `given-${place}`, names: name === undefined ? [] : [name], codes, land, of: [] }];
}

/** Polygons the right way round; null for points and lines. */
function landOf({ type, coordinates }: Record<string, unknown>, room: { points: number }): Land | null {
  if (type !== "Polygon" && type !== "MultiPolygon") return null;
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  if (!Array.isArray(polygons)) throw new Unusable("a shape has no coordinates");
  return { type: "MultiPolygon", coordinates: polygons.map((rings) => polygonOf(rings, room)).filter((rings) => rings.length > 0) };
}

function polygonOf(rings: unknown, room: { points: number }): Position[][] {
  if (!Array.isArray(rings)) throw new Unusable("a shape has no coordinates");
  return rings.map((ring, place) => {
    if (!Array.isArray(ring) || (room.points -= ring.length) < 0) throw new Unusable(Array.isArray(ring) ? "it has too many points" : "a shape has no coordinates");
    return wound(ring.map(positionOf), place === 0);
  });
}

function positionOf(one: unknown): Position {
  const [longitude, latitude] = Array.isArray(one) ? (one as unknown[]) : [];
  if (typeof longitude !== "number" || typeof latitude !== "number" || !(Math.abs(longitude) <= 180.001) || !(Math.abs(latitude) <= 90.001)) {
    throw new Unusable("its coordinates are no degrees of longitude and latitude");
  }
  return [longitude, latitude];
}

/** GeoJSON and the library do not agree on which side of a ring is inside of it: no region is more than half of the earth. */
function wound(ring: Position[], outer: boolean): Position[] {
  return geoArea({ type: "Polygon", coordinates: [ring] }) < 2 * Math.PI === outer ? ring : ring.toReversed();
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string | number => (typeof value === "string" && value !== "") || typeof value === "number";
