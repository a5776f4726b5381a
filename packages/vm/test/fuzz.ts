/** Changed modules from a seed, put to {@link agree}: what `npm run soak -- fuzz` runs for hours. */
import { readdirSync, readFileSync } from "node:fs";
import { type Agreement, agree } from "./agreement.ts";
import { programContract } from "./programs.ts";

const folder = new URL("../corpus/", import.meta.url);

/** Every module of the corpus, by file name. */
export function readCorpus(): ReadonlyMap<string, Uint8Array> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  const read = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
  return new Map(names.sort().map((name) => [name, read(name)]));
}

export interface FuzzReport {
  readonly modules: number;
  readonly refused: number;
  readonly agreed: number;
  /** Calls whose results were compared. */
  readonly calls: number;
  readonly slowestMs: number;
}

/** A find, with the module that shows it. */
export interface FuzzFind {
  readonly round: number;
  readonly wasm: Uint8Array;
  readonly reason: string;
}

/**
 * @param seed equal seeds give equal modules, whatever `rounds` is.
 * @param onFind hears of modules that run otherwise once instrumented, and of errors without type.
 */
export function runFuzz(
  options: { readonly seed: number; readonly rounds: number },
  onFind: (find: FuzzFind) => void,
): FuzzReport {
  const corpus = [...readCorpus().values()].filter((wasm) => agree(wasm).verdict === "agreed");
  const random = createRandom(options.seed);
  const report = { modules: 0, refused: 0, agreed: 0, calls: 0, slowestMs: 0 };
  for (let round = 0; round < options.rounds; round++) {
    const pick = random(corpus.length * 2);
    const wasm = mutate(corpus[pick] ?? programContract(1 + random(500)), random);
    const start = performance.now();
    const found = tryAgree(wasm);
    report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - start));
    report.modules++;
    report.calls += found.calls;
    if (found.verdict === "refused") report.refused++;
    else if (found.verdict === "agreed") report.agreed++;
    else onFind({ round, wasm, reason: found.reason });
  }
  return report;
}

function tryAgree(wasm: Uint8Array): Agreement {
  try {
    return agree(wasm);
  } catch (error) {
    return { verdict: "differed", reason: `threw ${error}`, calls: 0 };
  }
}

type Random = (bound: number) => number;

function createRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

/** One change or two: a byte set, a bit turned, bytes removed, added, repeated or moved. */
export function mutate(wasm: Uint8Array, random: Random): Uint8Array {
  const bytes = [...wasm];
  for (let changes = 1 + (random(4) >> 1); changes > 0; changes--) {
    const at = 8 + random(Math.max(1, bytes.length - 8));
    const kind = random(16);
    if (kind < 4) bytes[at] = random(256);
    else if (kind < 12) bytes[at]! ^= 1 << random(random(8) + 1);
    else if (kind === 12) bytes.splice(at, 1);
    else if (kind === 13) bytes.splice(at, 0, random(256));
    else if (kind === 14) bytes.splice(at, 0, ...bytes.slice(at, at + random(16)));
    else bytes.splice(8 + random(bytes.length - 8), 0, ...bytes.splice(at, random(16)));
  }
  return new Uint8Array(bytes.map((byte) => byte ?? 0));
}
