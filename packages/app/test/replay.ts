/** Replays a recording and tells where ours differs: the first difference of each store, and every one of results and events. */
import { toHex } from "@tacit/encoding";
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import { createRecordedChain, recordedStores } from "./recorded-chain.ts";
import type { RecordedBlock, Recording } from "./recording.ts";

export interface Difference {
  readonly height: bigint;
  /** Such as `tx 0 gasUsed`, `block event 3`, `root of bank`. */
  readonly what: string;
  readonly ours: unknown;
  readonly recorded: unknown;
}

export interface BlockReplay {
  readonly height: bigint;
  readonly differences: readonly Difference[];
}

const resultFields = ["code", "codespace", "log", "info", "data", "gasWanted", "gasUsed"] as const;

/** One answer a block; nothing is thrown for a difference. */
export function* replayRecording(recording: Recording): Generator<BlockReplay> {
  const chain = createRecordedChain(recording);
  const wrongStores = new Set<string>();
  for (const block of recording.blocks) {
    const { height } = block.request;
    const response = chain.machine.finalizeBlock(block.request);
    const roots = chain.store.workingRoots();
    chain.machine.commit();
    yield {
      height,
      differences: [
        ...compareResponse(block, response),
        ...compareRoots(block, roots, wrongStores),
      ].map((difference) => ({ height, ...difference })),
    };
  }
}

type Found = Omit<Difference, "height">;

function* compareResponse(block: RecordedBlock, response: FinalizeBlockResponse): Generator<Found> {
  for (const [index, recorded] of block.txResults.entries()) {
    const ours = response.txResults[index];
    for (const field of resultFields) {
      if (field === "log" && hasGoStack(recorded.log)) continue;
      yield* compare(`tx ${index} ${field}`, ours?.[field], recorded[field]);
    }
    yield* compareEvents(`tx ${index} event`, ours?.events ?? [], recorded.events);
  }
  yield* compareEvents("block event", response.events, block.events);
  yield* compare("validator updates", response.validatorUpdates, block.validatorUpdates);
  yield* compareParams(response.consensusParamUpdates, block.consensusParamUpdates);
}

/** Go prints where a legacy content failed in its own sources; nothing else says that. */
function hasGoStack(log: string): boolean {
  return log.includes("\n\t/");
}

/** Where a recording has none, nothing is compared. */
function* compareParams(
  ours: FinalizeBlockResponse["consensusParamUpdates"],
  recorded: RecordedBlock["consensusParamUpdates"],
): Generator<Found> {
  for (const name of ["block", "evidence", "validator"] as const) {
    if (recorded === undefined) return;
    yield* compare(`consensus parameters ${name}`, ours?.[name], recorded[name]);
  }
}

/** Only the first that differs: those behind it are moved. */
function* compareEvents(
  what: string,
  ours: readonly AbciEvent[],
  recorded: readonly AbciEvent[],
): Generator<Found> {
  for (let index = 0; index < Math.max(ours.length, recorded.length); index += 1) {
    const [found] = compare(`${what} ${index}`, ours[index], recorded[index]);
    if (found === undefined) continue;
    yield found;
    return;
  }
}

/** A root that differs once differs ever after. */
function* compareRoots(
  { storeRoots }: RecordedBlock,
  roots: ReadonlyMap<string, Uint8Array>,
  wrongStores: Set<string>,
): Generator<Found> {
  for (const store of recordedStores) {
    const recorded = storeRoots[store];
    if (recorded === undefined || wrongStores.has(store)) continue;
    for (const found of compare(
      `root of ${store}`,
      toHex(roots.get(store) ?? new Uint8Array()),
      recorded,
    )) {
      wrongStores.add(store);
      yield found;
    }
  }
}

function* compare(what: string, ours: unknown, recorded: unknown): Generator<Found> {
  if (toText(ours) !== toText(recorded)) yield { what, ours, recorded };
}

/** JSON with bytes as hex. */
export function toText(value: unknown): string {
  return (
    JSON.stringify(value, (_, one) => {
      if (typeof one === "bigint") return one.toString();
      return one instanceof Uint8Array ? toHex(one) : one;
    }) ?? "nothing"
  );
}
