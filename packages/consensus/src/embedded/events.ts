/** What happened, for those who listen: the shapes of `ChainEvent` of the api package. */
import { sha256 } from "@tacit/crypto";
import { toHex } from "@tacit/encoding";
import { type Block, type BlockId, type Validator, validatorAddress } from "@tacit/light";
import type { AbciEvent, ExecTxResult, FinalizeBlockResponse } from "@tacit/sdk";
import type { FlatEvents } from "../query/match.ts";
import type { ExecutedBlock } from "./execute.ts";

export interface StoredBlock {
  readonly blockId: BlockId;
  readonly block: Block;
  readonly sizeBytes: number;
}

export interface IndexedTx {
  readonly hash: Uint8Array;
  readonly height: bigint;
  readonly index: number;
  readonly tx: Uint8Array;
  readonly result: ExecTxResult;
}

export type ChainEvent =
  | {
      readonly type: "NewBlock";
      readonly block: StoredBlock;
      readonly result: FinalizeBlockResponse;
      readonly events: FlatEvents;
    }
  | {
      readonly type: "NewEvidence";
      /** Of the block in which it stands. */
      readonly height: bigint;
      /** Protobuf Evidence. */
      readonly evidence: Uint8Array;
      readonly events: FlatEvents;
    }
  | { readonly type: "Tx"; readonly tx: IndexedTx; readonly events: FlatEvents }
  | {
      readonly type: "ValidatorSetUpdates";
      /** The changed validators; power 0 is a removal. */
      readonly updates: readonly Validator[];
      readonly events: FlatEvents;
    };

/** The events of a finished block, in the order CometBFT fires them. */
export function* eventsOfBlock({ committed, result }: ExecutedBlock): Iterable<ChainEvent> {
  const { block, blockId, sizeBytes } = committed;
  const { height } = block.header;
  const stored = { block, blockId, sizeBytes };
  yield { type: "NewBlock", block: stored, result, events: flatten(result.events, "NewBlock") };
  for (const evidence of block.evidence) {
    yield { type: "NewEvidence", height, evidence, events: flatten([], "NewEvidence") };
  }
  for (const [index, tx] of block.txs.entries()) {
    const txResult = result.txResults[index] as ExecTxResult;
    const hash = sha256(tx);
    const events = flatten(txResult.events, "Tx");
    append(events, "tx.hash", toHex(hash).toUpperCase());
    append(events, "tx.height", `${height}`);
    yield { type: "Tx", tx: { hash, height, index, tx, result: txResult }, events };
  }
  if (result.validatorUpdates.length === 0) return;
  const updates = result.validatorUpdates.map(({ publicKey, power }) => ({
    address: validatorAddress(publicKey),
    publicKey,
    power,
    proposerPriority: 0n,
  }));
  yield { type: "ValidatorSetUpdates", updates, events: flatten([], "ValidatorSetUpdates") };
}

function flatten(events: readonly AbciEvent[], name: string): Map<string, string[]> {
  const flat = new Map<string, string[]>();
  for (const { type, attributes } of events) {
    if (type === "") continue;
    for (const { key, value } of attributes) if (key !== "") append(flat, `${type}.${key}`, value);
  }
  append(flat, "tm.event", name);
  return flat;
}

function append(flat: Map<string, string[]>, tag: string, value: string): void {
  const values = flat.get(tag);
  if (values === undefined) flat.set(tag, [value]);
  else values.push(value);
}
