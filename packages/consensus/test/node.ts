/** A chain for tests: temporary directory, a clock the test moves, the counter application. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ed25519PrivateKey } from "@tacit/crypto";
import type { Timestamp } from "@tacit/light";
import { type Clock, timestampOfMilliseconds } from "../src/clock.ts";
import { EmbeddedEngine, type EngineOptions } from "../src/embedded/engine.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../src/embedded/params.ts";
import type { OnStep } from "../src/embedded/steps.ts";
import type { GenesisDocument } from "../src/node/genesis.ts";
import { CounterApp } from "./counter-app.ts";

export const START_MS = Date.UTC(2026, 0, 1);

/** Timers fire when the test says so; time moves only by `advance`. */
export class ManualClock implements Clock {
  #nowMs = START_MS;
  #timers = new Set<{ readonly atMs: number; readonly action: () => void }>();

  now(): Timestamp {
    return timestampOfMilliseconds(this.#nowMs);
  }

  schedule(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Milliseconds until the next timer, undefined without one. */
  get nextMs(): number | undefined {
    const times = [...this.#timers].map(({ atMs }) => atMs - this.#nowMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.#nowMs || !this.#timers.delete(timer)) continue;
      timer.action();
    }
  }
}

export const validatorKey = new Ed25519PrivateKey(new Uint8Array(32).fill(1));
export const strangerKey = new Ed25519PrivateKey(new Uint8Array(32).fill(2));

export function testGenesis(changes: Partial<GenesisDocument> = {}): GenesisDocument {
  return {
    genesisTime: timestampOfMilliseconds(START_MS),
    chainId: "counter-1",
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [
      { keyType: "ed25519", publicKey: validatorKey.publicKey(), power: 10n, name: "one" },
    ],
    appHash: new Uint8Array(0),
    appState: { genesis: "1" },
    ...changes,
  };
}

export interface TestNode {
  readonly engine: EmbeddedEngine;
  readonly app: CounterApp;
  readonly clock: ManualClock;
  /** What the engine said, warnings apart. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

export interface NodeSettings {
  readonly onStep?: OnStep;
  readonly genesis?: Partial<GenesisDocument>;
  readonly mempool?: EngineOptions["mempool"];
  readonly clock?: ManualClock;
  readonly app?: CounterApp;
  readonly onFailure?: (error: unknown) => void;
}

export async function openNode(directory: string, settings: NodeSettings = {}): Promise<TestNode> {
  mkdirSync(directory, { recursive: true });
  const app = settings.app ?? new CounterApp(join(directory, "app.json"));
  const clock = settings.clock ?? new ManualClock();
  const notes: string[] = [];
  const warnings: string[] = [];
  const engine = await EmbeddedEngine.open(
    {
      genesis: testGenesis(settings.genesis),
      path: join(directory, "chain"),
      identity: {
        nodeId: "ab".repeat(20),
        moniker: "test",
        listenAddress: "tcp://127.0.0.1:26656",
      },
      timing: { intervalMs: 5_000, gatherMs: 10 },
      ...(settings.mempool && { mempool: settings.mempool }),
    },
    {
      app,
      validatorKey,
      clock,
      logger: { info: (note) => notes.push(note), warn: (message) => warnings.push(message) },
      ...(settings.onStep && { onStep: settings.onStep }),
      ...(settings.onFailure && { onFailure: settings.onFailure }),
    },
  );
  return { engine, app, clock, notes, warnings };
}

/** Runs `use` with a directory that is removed afterwards. */
export async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "tacit-consensus-"));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
