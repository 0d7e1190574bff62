// Circles by amount on the countries of the world. What the map has no country for is named below it.

import { geoArea, geoCentroid, geoNaturalEarth1, geoPath } from "d3-geo";
import type { Feature, MultiPolygon, Polygon, Position } from "geojson";
import { svg } from "lit";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";
import type { Figure, Member } from "../figure";
import { sumOf } from "../figure";
import { abs, near, sign } from "../money";
import { largest } from "../numbers";
import { countryOf } from "./countries";
import { type Chart, fit, label, marked, type Mark, sentence, toneOf, widthOf } from "./drawing";

type Land = Feature<Polygon | MultiPolygon>;

const TOPOLOGY = world as unknown as Topology<{ countries: GeometryCollection }>;
const LANDS = feature(TOPOLOGY, TOPOLOGY.objects.countries).features as Land[];
const BY_ID = new Map(LANDS.map((one) => [String(one.id), one]));

/** Nobody pays the Antarctic: the map ends above it. */
const PEOPLED = { type: "FeatureCollection" as const, features: LANDS.filter((one) => one.id !== "010") };

const landOf = (member: Member): Land | undefined => BY_ID.get(countryOf(member.code) ?? countryOf(member.label) ?? "");

interface Name {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Whether any member is a country that the map has. */
export const knows = (figure: Figure): boolean => figure.rows.some((one) => landOf(one) !== undefined);

export const map: Chart = (figure, frame) => {
  const placed = figure.rows.flatMap((member) => {
    const land = landOf(member);
    return land ? [{ member, land, centre: centreOf(land) }] : [];
  });
  const height = Math.round(Math.max(200, Math.min(frame.width * 0.52, 520)));
  const projection = geoNaturalEarth1().fitExtent([[2, 2], [frame.width - 2, height - 2]], PEOPLED);
  closer(projection, placed.map((one) => one.centre), frame.width, height);
  const path = geoPath(projection.clipExtent([[0, 0], [frame.width, height]]));
  const most = largest(placed.map((one) => one.member.amount)) || 1;
  const wide = Math.max(14, Math.min(frame.width * 0.05, 42));
  const marks: Mark[] = [];
  const names: Name[] = [];
  const lands = PEOPLED.features.map((one) => svg`<path class="land" d="${path(one) ?? ""}"></path>`);
  const circles = placed.map(({ member, centre }) => {
    const [x, y] = projection(centre) ?? [0, 0];
    const radius = member.amount === null ? 2 : Math.max(2.5, wide * Math.sqrt(near(abs(member.amount)) / most));
    const mark = { member, column: null, amount: member.amount, x, y };
    const below = member.amount !== null && sign(member.amount) < 0;
    if (radius > 12) names.push({ x, y: y + radius + 13, text: fit(member.label, 110, 12) });
    return marked(figure, frame, marks.push(mark) - 1, mark, svg`<circle class="bubble ${below ? "tone minus" : "tone tone-0"}" cx="${x}" cy="${y}" r="${radius}"></circle>`);
  });
  const elsewhere = figure.rows.filter((one) => landOf(one) === undefined);
  const rest = elsewhere.length ? restOf(figure, frame, elsewhere, height, marks) : svg``;
  return { svg: svg`${lands}${circles}${free(names).map((one) => label("halo small", one.text, one.x, one.y, { end: "middle" }))}${rest}`, width: frame.width, height: height + (elsewhere.length ? 34 : 0), description: sentence(figure, frame), marks, legend: [] };
};

/** The names that stand in nobody's way, the first before the others. */
function free(names: readonly Name[]): Name[] {
  return names.reduce((kept: Name[], one) => {
    const half = (other: Name) => (widthOf(one.text, 12) + widthOf(other.text, 12)) / 2;
    const taken = kept.some((other) => Math.abs(one.y - other.y) < 15 && Math.abs(one.x - other.x) < half(other));
    return taken ? kept : [...kept, one];
  }, []);
}

/** Everything without a shape, as one sum: nothing is left out silently. */
function restOf(figure: Figure, frame: Parameters<Chart>[1], elsewhere: readonly Member[], height: number, marks: Mark[]) {
  const { speak, numbers } = frame;
  const amount = sumOf(elsewhere.map((one) => one.amount));
  const first = elsewhere[0];
  const one = elsewhere.length === 1 && first ? first : null;
  const title = one ? speak.t("Not on the map: {name}", { name: one.label }) : speak.n(elsewhere.length, "Not on the map: {n} member", "Not on the map: {n} members");
  const member: Member = one ? { ...one, label: title } : { key: "elsewhere", label: title, code: null, kind: "others", amount, facts: null, hidden: 0, at: [], tone: -1 };
  const mark = { member, column: null, amount: one ? one.amount : amount, x: 60, y: height + 10 };
  const words = `${title}: ${numbers.short(amount, figure.currency)}`;
  return marked(figure, frame, marks.push(mark) - 1, mark, svg`<rect class="target" x="0" y="${height + 6}" width="${Math.min(frame.width, widthOf(words, 13) + 24)}" height="24" rx="4"></rect>
    <rect class="${toneOf({ ...member, kind: "others" })}" x="2" y="${height + 12}" width="14" height="12" rx="2"></rect>
    ${label("name", fit(words, frame.width - 26, 13), 24, height + 18, { central: true })}`);
}

/** The middle of the largest piece: France's is not in the Atlantic. */
function centreOf(land: Land): [number, number] {
  if (land.geometry.type === "Polygon") return geoCentroid(land);
  const pieces = land.geometry.coordinates.map((coordinates: Position[][]) => ({ type: "Polygon" as const, coordinates }));
  const [first, ...rest] = pieces;
  if (!first) return geoCentroid(land);
  return geoCentroid(rest.reduce((most: Polygon, one) => (geoArea(one) > geoArea(most) ? one : most), first));
}

/** Moves closer when all members lie in one part of the world. */
function closer(projection: ReturnType<typeof geoNaturalEarth1>, centres: readonly [number, number][], width: number, height: number): void {
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
