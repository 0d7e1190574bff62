// Where shapes lie on the paper: one projection for all that lies together, and frames of their own for what lies far off.

import { geoAzimuthalEqualArea, geoCentroid, geoNaturalEarth1, geoPath, type GeoPath, type GeoProjection } from "d3-geo";
import type { Position } from "geojson";
import type { Land, Shape } from "./shapes";

type Box = readonly [readonly [number, number], readonly [number, number]];

/** Shapes as they are drawn. */
export interface Paper {
  readonly height: number;
  /** Frames around what lies far off. */
  readonly frames: readonly { x: number; y: number; width: number; height: number }[];
  readonly path: (shape: Shape) => string;
  readonly middle: (shape: Shape) => [number, number];
  /** How large it is drawn, in square pixels, and how wide. */
  readonly size: (shape: Shape) => { area: number; width: number };
}

const INSET = 84;
const GAP = 8;

/** Lays the countries of the world out, closer where those that are `looked` at lie in one part of it. */
export function worldly(shapes: readonly Shape[], looked: readonly Shape[], width: number): Paper {
  const height = Math.round(Math.max(200, Math.min(width * 0.52, 520)));
  const projection = geoNaturalEarth1().fitExtent([[2, 2], [width - 2, height - 2]], all(shapes));
  closer(projection, looked.map((one) => geoCentroid(largest(one.land))), width, height);
  const path = geoPath(projection.clipExtent([[0, 0], [width, height]]));
  return drawnBy(() => path, height, []);
}

/** Lays the regions of a country, or of any part of the world, out. What lies far off is left out if nobody looks at it. */
export function regional(shapes: readonly Shape[], looked: readonly Shape[], width: number): Paper {
  const { near, far: all, box } = LAID.get(shapes) ?? lay(shapes);
  const wanted = new Set(looked.flatMap((one) => [one.id, ...one.of]));
  const far = all.filter((ones) => ones.some((one) => wanted.has(one.id)));
  const tall = Math.round(Math.max(200, Math.min((width * size(box)[1]) / Math.max(size(box)[0], 1e-9), width * 1.1, 560)));
  const fitted = (ones: readonly Shape[], x: number, y: number, w: number, h: number, rim: number): GeoPath => {
    const land = { type: "GeometryCollection" as const, geometries: ones.map((one) => main(one.land)) };
    const projection = around(ones).fitExtent([[x + rim, y + rim], [x + w - rim, y + h - rim]], land);
    return geoPath(projection.clipExtent([[x, y], [x + w, y + h]]));
  };
  const frames = far.map((_, place) => frameOf(place, width, tall));
  const paths = new Map<string, GeoPath>();
  const give = (ones: readonly Shape[], path: GeoPath): void => ones.forEach((one) => paths.set(one.id, path));
  give(near, fitted(near, 0, 0, width, tall, 3));
  far.forEach((ones, place) => {
    const { x, y } = frames[place] ?? { x: 0, y: 0 };
    give(ones, fitted(ones, x, y, INSET, INSET, 6));
  });
  const height = tall + (frames.length ? Math.max(...frames.map((one) => one.y + one.height)) - tall : 0);
  return drawnBy((shape) => paths.get(shape.of[0] ?? shape.id), height, frames);
}

interface Lay {
  readonly near: readonly Shape[];
  readonly far: readonly (readonly Shape[])[];
  readonly box: Box;
}

const LAID = new WeakMap<readonly Shape[], Lay>();

/** What lies together, and the box around it, whatever the width; it is the same at each drawing. */
function lay(shapes: readonly Shape[]): Lay {
  const whole = shapes.filter((one) => !one.of.length);
  const flat = geoPath(around(whole).scale(1000));
  const boxes = new Map(whole.map((one) => [one.id, flat.bounds(main(one.land)) as Box]));
  const [near = [], ...far] = together(whole, boxes, (one) => flat.area(one.land));
  const found = { near, far, box: union(near.map((one) => boxes.get(one.id) as Box)) };
  LAID.set(shapes, found);
  return found;
}

function frameOf(place: number, width: number, below: number): { x: number; y: number; width: number; height: number } {
  const fit = Math.max(1, Math.floor((width + GAP) / (INSET + GAP)));
  return { x: 1 + (place % fit) * (INSET + GAP), y: below + GAP + Math.floor(place / fit) * (INSET + GAP), width: INSET, height: INSET };
}

function drawnBy(pathOf: (shape: Shape) => GeoPath | undefined, height: number, frames: Paper["frames"]): Paper {
  return {
    height, frames,
    path: (shape) => (Math.max(...pieces(shape.land).areas) > 0 ? (pathOf(shape)?.(shape.land) ?? "") : ""),
    middle: (shape) => {
      const [x, y] = pathOf(shape)?.centroid(largest(shape.land)) ?? [0, 0];
      return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : [0, 0];
    },
    size: (shape) => {
      const path = pathOf(shape);
      return path ? { area: path.area(shape.land), width: size(path.bounds(largest(shape.land)) as Box)[0] } : { area: 0, width: 0 };
    },
  };
}

/** An equal-area projection with the shapes in its middle: colours then have the weight of the land. */
function around(shapes: readonly Shape[]): GeoProjection {
  const [longitude, latitude] = geoCentroid(all(shapes));
  return geoAzimuthalEqualArea().rotate([-longitude || 0, -latitude || 0]);
}

const all = (shapes: readonly Shape[]) => ({ type: "GeometryCollection" as const, geometries: shapes.map((one) => one.land) });

/** Parts of shapes that lie together, that with the most land first. What is close, or makes the whole little larger, belongs to it. */
function together(shapes: readonly Shape[], boxes: ReadonlyMap<string, Box>, landOf: (shape: Shape) => number): Shape[][] {
  const boxOf = (one: Shape): Box => boxes.get(one.id) as Box;
  let parts = shapes.filter((one) => Number.isFinite(boxOf(one)[0][0])).map((one) => ({ ones: [one], box: boxOf(one), land: landOf(one) }));
  for (let place = 0; place < parts.length; place += 1) {
    const one = parts[place] as (typeof parts)[number];
    const touched = parts.findIndex((other, at) => at < place && gap(one.box, other.box) <= 0);
    if (touched < 0) continue;
    const other = parts[touched] as (typeof parts)[number];
    const merged = { ones: [...other.ones, ...one.ones], box: union([other.box, one.box]), land: other.land + one.land };
    parts = [...parts.filter((_, at) => at !== place && at !== touched), merged];
    place = -1;
  }
  parts.sort((one, other) => other.land - one.land);
  const found: Shape[][] = [];
  while (parts.length) {
    let [near, ...rest] = parts as [(typeof parts)[number], ...typeof parts];
    for (let grown = true; grown; ) {
      const next = rest.find((one) => belongs(near.box, one.box));
      grown = next !== undefined;
      if (!next) break;
      near = { ones: [...near.ones, ...next.ones], box: union([near.box, next.box]), land: near.land + next.land };
      rest = rest.filter((one) => one !== next);
    }
    found.push(near.ones);
    parts = rest;
  }
  return found;
}

const belongs = (near: Box, other: Box): boolean =>
  gap(near, other) <= 0.08 * diagonal(near) || diagonal(union([near, other])) <= 1.25 * diagonal(near);

const size = ([[left, top], [right, bottom]]: Box): [number, number] => [right - left, bottom - top];
const diagonal = (box: Box): number => Math.hypot(...size(box));
const gap = ([[l, t], [r, b]]: Box, [[l2, t2], [r2, b2]]: Box): number => Math.hypot(Math.max(0, l2 - r, l - r2), Math.max(0, t2 - b, t - b2));
const union = (boxes: readonly Box[]): Box => [
  [Math.min(...boxes.map((one) => one[0][0])), Math.min(...boxes.map((one) => one[0][1]))],
  [Math.max(...boxes.map((one) => one[1][0])), Math.max(...boxes.map((one) => one[1][1]))],
];

const KEPT = new WeakMap<Land, { all: readonly Land[]; areas: readonly number[] }>();
const flatArea = geoPath();

function pieces(land: Land): { all: readonly Land[]; areas: readonly number[] } {
  const kept = KEPT.get(land);
  if (kept) return kept;
  const parts: Land[] = land.type === "Polygon" ? [land] : land.coordinates.map((coordinates: Position[][]) => ({ type: "Polygon", coordinates }));
  const found = { all: parts, areas: parts.map((one) => flatArea.area(one)) };
  KEPT.set(land, found);
  return found;
}

/** The largest piece: France's middle is not in the Atlantic. */
function largest(land: Land): Land {
  const { all: parts, areas } = pieces(land);
  return parts[areas.indexOf(Math.max(...areas))] ?? land;
}

/** The pieces that make a shape what it is: lone rocks far out do not shrink the rest. */
function main(land: Land): Land {
  const { all: parts, areas } = pieces(land);
  const most = Math.max(...areas);
  const kept = parts.filter((_, place) => (areas[place] ?? 0) >= most / 10);
  return { type: "MultiPolygon", coordinates: kept.flatMap((one) => (one.type === "Polygon" ? [one.coordinates] : one.coordinates)) };
}

/** Moves closer when all that is looked at lies in one part of the world. */
function closer(projection: GeoProjection, centres: readonly [number, number][], width: number, height: number): void {
  const points = centres.map((one) => projection(one)).filter((one) => one !== null);
  if (!points.length) return;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const zoom = Math.min(5, (width * 0.72) / Math.max(right - left, 1), (height * 0.66) / Math.max(bottom - top, 1));
  if (zoom <= 1.2) return;
  const [x, y] = projection.translate();
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  projection.scale(projection.scale() * zoom).translate([width / 2 + (x - middleX) * zoom, height / 2 + (y - middleY) * zoom]);
}
