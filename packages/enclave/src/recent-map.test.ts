import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

const keys = (map: RecentMap<number>, count: number) =>
  Array.from({ length: count }, (_, index) => `${index}`).filter(
    (key) => map.get(key) !== undefined,
  );

describe("a map of what was used recently", () => {
  it("never holds more than its bound, and at least half of it", () => {
    for (let count = 1; count <= 50; count++) {
      const map = new RecentMap<number>(10);
      for (let index = 0; index < count; index++) map.set(`${index}`, index);
      const held = keys(map, count);
      expect(held.length).toBeLessThanOrEqual(10);
      expect(held.length).toBeGreaterThanOrEqual(Math.min(count, 5));
      expect(held.at(-1)).toBe(`${count - 1}`);
    }
  });

  it("keeps what is used while others come and go", () => {
    const map = new RecentMap<number>(10);
    map.set("hot", 1);
    for (let index = 0; index < 1000; index++) {
      map.set(`${index}`, index);
      if (index % 4 === 0) expect(map.get("hot")).toBe(1);
    }
    expect(map.get("0")).toBeUndefined();
  });

  it("gives the value that was set last, whatever became of older ones", () => {
    const map = new RecentMap<number | null>(6);
    map.set("a", 1);
    for (const other of ["b", "c", "d"]) map.set(other, 0);
    map.set("a", null);
    expect(map.get("a")).toBeNull();
    for (const other of ["e", "f", "g"]) map.set(other, 0);
    expect(map.get("a")).toBeNull();
    for (let index = 0; index < 12; index++) map.set(`${index}`, 0);
    expect(map.get("a")).toBeUndefined();
  });

  it("is empty after it was cleared", () => {
    const map = new RecentMap<number>(10);
    for (let index = 0; index < 8; index++) map.set(`${index}`, index);
    map.clear();
    expect(keys(map, 8)).toEqual([]);
  });

  it("counts an entry by its size, and one that is set again only once", () => {
    const map = new RecentMap<string>(100, (key, value) => key.length + value.length);
    for (let times = 0; times < 100; times++) map.set("a", "x".repeat(20));
    map.set("b", "x".repeat(20));
    expect([map.get("a"), map.get("b")]).toEqual(["x".repeat(20), "x".repeat(20)]);
    map.set("c", "x".repeat(99));
    map.set("d", "x".repeat(99));
    expect([map.get("a"), map.get("c"), map.get("d")]).toEqual([
      undefined,
      undefined,
      "x".repeat(99),
    ]);
  });
});
