import { describe, expect, it } from "vitest";
import { fitting, step } from "../src/kinds";
import { Sha256 } from "../src/sha256";
import { missing, pause } from "../src/wizardsend";

describe("SHA-256 by pieces", () => {
  it("is that of the whole, wherever it is cut", async () => {
    for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 128, 1000, 100_003]) {
      const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31 + size) % 251);
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const wanted = Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
      for (const piece of [1, 7, 64, 1000]) {
        const hash = new Sha256();
        for (let at = 0; at < size; at += piece) hash.add(bytes.subarray(at, at + piece));
        expect(hash.hex(), `${size} by ${piece}`).toBe(wanted);
      }
    }
  });
});

const KINDS = [
  { name: "value", title: "Amount", group: "Amount", about: "The money itself." },
  { name: "recipient:generic:name", title: "Recipient: name", group: "Recipient", about: "Who receives the money." },
  { name: "geo-source:code", title: "Región: code", group: "Place", about: "" },
];

describe("what fits", () => {
  it("has all the words, in any order, without accents", () => {
    expect(fitting(KINDS, "name recipient").map((one) => one.name)).toEqual(["recipient:generic:name"]);
    expect(fitting(KINDS, "region").map((one) => one.name)).toEqual(["geo-source:code"]);
    expect(fitting(KINDS, "")).toHaveLength(3);
    expect(fitting(KINDS, "nonsense")).toHaveLength(0);
  });
  it("comes first where its title begins so", () => {
    expect(fitting(KINDS, "m").map((one) => one.name)).toEqual(["value", "recipient:generic:name"]);
    expect(fitting(KINDS, "re")[0]?.name).toBe("recipient:generic:name");
  });
});

describe("going through a list", () => {
  it("goes round", () => {
    expect([step(-1, 1, 3), step(2, 1, 3), step(0, -1, 3), step(-1, -1, 3), step(0, 1, 0)]).toEqual([0, 0, 2, 2, -1]);
  });
});

describe("files on their way", () => {
  it("asks for the parts that have not arrived, and no others", () => {
    expect(missing(4, [])).toEqual([1, 2, 3, 4]);
    expect(missing(4, [3, 1])).toEqual([2, 4]);
    expect(missing(2, [1, 2])).toEqual([]);
  });

  it("waits longer each time, but never longer than a quarter of a minute", () => {
    expect([1, 2, 3, 4, 5, 9].map(pause)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  });
});
