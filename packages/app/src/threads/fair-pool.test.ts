import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairPool } from "./fair-pool.ts";

/** Tasks that end when the test says so, in the order in which they were started. */
class Bench {
  readonly pool: FairPool<number>;
  readonly started: string[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(places: number, waitingPerClientMax = 100, waitingMax = 1_000) {
    this.pool = new FairPool({
      places: Array.from({ length: places }, (_, index) => index),
      waitingMax,
      waitingPerClientMax,
      clientsMax: 2_000,
    });
  }

  ask(client: string, cost: number): Promise<string> {
    return this.pool.run(client, async () => {
      this.started.push(client);
      await new Promise<void>((resolve) => this.#ends.push(resolve));
      return { value: client, cost };
    });
  }

  /** Ends the task that was started first of those that run. */
  async end(): Promise<void> {
    this.#ends.shift()?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

describe("a pool of query threads", () => {
  it("lets short questions pass the long ones of somebody else", async () => {
    const bench = new Bench(1);
    for (let index = 0; index < 5; index++) void bench.ask("slow", 10_000);
    for (let index = 0; index < 5; index++) void bench.ask("quick", 10);
    for (let index = 0; index < 6; index++) await bench.end();
    expect(bench.started).toEqual(["slow", ...Array(5).fill("quick"), "slow"]);
  });

  it("remembers what somebody used who asks one after the other", async () => {
    const bench = new Bench(1);
    void bench.ask("slow", 10_000);
    for (let index = 0; index < 4; index++) void bench.ask("quick", 10);
    await bench.end();
    void bench.ask("slow", 10_000);
    for (let index = 0; index < 4; index++) await bench.end();
    expect(bench.started).toEqual(["slow", "quick", "quick", "quick", "quick", "slow"]);
  });

  it("gives nobody credit for having been away", async () => {
    const bench = new Bench(1);
    for (let index = 0; index < 50; index++) {
      void bench.ask("busy", 100);
      await bench.end();
    }
    for (let index = 0; index < 4; index++) void bench.ask("busy", 100);
    for (let index = 0; index < 4; index++) void bench.ask("new", 100);
    for (let index = 0; index < 7; index++) await bench.end();
    const last = bench.started.slice(-8);
    expect(last.filter((client) => client === "new")).toHaveLength(4);
    expect(last.slice(0, 4).filter((client) => client === "new").length).toBeLessThan(4);
  });

  it("keeps a place free of one client's questions where there are two", async () => {
    const bench = new Bench(2);
    for (let index = 0; index < 10; index++) void bench.ask("slow", 10_000);
    expect(bench.started).toEqual(["slow"]);
    void bench.ask("quick", 10);
    expect(bench.started).toEqual(["slow", "quick"]);
  });

  it("refuses what waits beyond a client's share, and others are not refused for it", async () => {
    const bench = new Bench(1, 3, 5);
    for (let index = 0; index < 4; index++) void bench.ask("greedy", 1);
    const busy = expect.objectContaining({
      code: "app/client_busy",
      failure: { code: "app/client_busy", waiting: 3 },
    });
    await expect(bench.ask("greedy", 1)).rejects.toEqual(busy);
    void bench.ask("other", 1);
    void bench.ask("other", 1);
    await expect(bench.ask("third", 1)).rejects.toMatchObject({ code: "app/queue_full" });
  });

  it("gives an answer at once although its place is not free yet, and nothing to that place", async () => {
    const pool = new FairPool({
      places: [0],
      waitingMax: 9,
      waitingPerClientMax: 9,
      clientsMax: 9,
    });
    let free = () => {};
    const isFree = new Promise<void>((resolve) => {
      free = resolve;
    });
    const order: string[] = [];
    const first = pool.run("a", async () => ({ value: "answer", cost: 1, isFree }));
    const second = pool.run("b", async () => {
      order.push("second begins");
      return { value: 7, cost: 1 };
    });
    expect(await first).toBe("answer");
    order.push("free");
    free();
    expect(await second).toBe(7);
    expect(order).toEqual(["free", "second begins"]);
  });

  it("goes on after a task that failed", async () => {
    const pool = new FairPool({
      places: [0],
      waitingMax: 9,
      waitingPerClientMax: 9,
      clientsMax: 9,
    });
    const failing = pool.run("a", () => Promise.reject(new RangeError("no")));
    const next = pool.run("a", async () => ({ value: 7, cost: 1 }));
    await expect(failing).rejects.toThrow(RangeError);
    expect(await next).toBe(7);
  });

  it("answers every question once, whoever asks how many of what cost", async () => {
    const question = fc.record({
      client: fc.constantFrom("a", "b", "c", "d"),
      cost: fc.integer({ min: 0, max: 1_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(question, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        async (questions, places) => {
          const bench = new Bench(places);
          const answers = questions.map(({ client, cost }) => bench.ask(client, cost));
          for (let index = 0; index < questions.length; index++) await bench.end();
          expect(await Promise.all(answers)).toEqual(questions.map(({ client }) => client));
        },
      ),
      { numRuns: 50 },
    );
  });
});
