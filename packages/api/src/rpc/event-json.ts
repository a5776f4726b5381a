/** Chain events as WebSocket subscribers get them. */
import type { ChainEvent } from "../chain-data.ts";
import { evidenceToJson } from "./evidence-json.ts";
import { eventToJson, finalizeBlockToJson, txEventToJson } from "./json-abci.ts";
import { blockToJson } from "./json-block.ts";
import {
  blockIdToJson,
  headerToJson,
  hexToJson,
  type Json,
  publicKeyToJson,
} from "./json-chain.ts";

export interface PublishedEvent {
  readonly events: ReadonlyMap<string, readonly string[]>;
  /** `"data":…,"events":…` of the answer, made when somebody listens. */
  readonly body: () => string;
}

/**
 * The events CometBFT fires for one of ours, in its order: a block is announced whole, by its
 * events, and by its header.
 */
export function publishedEvents(event: ChainEvent): readonly PublishedEvent[] {
  switch (event.type) {
    case "Tx":
      return [published(event.events, "Tx", () => txEventToJson(event.tx))];
    case "NewEvidence":
      return [published(event.events, event.type, () => newEvidenceToJson(event))];
    case "ValidatorSetUpdates":
      return [published(event.events, event.type, () => updatesToJson(event))];
    case "NewBlock":
      return blockEvents(event);
  }
}

type NewBlock = Extract<ChainEvent, { type: "NewBlock" }>;

function blockEvents({ block: stored, result, events }: NewBlock): PublishedEvent[] {
  const { block, blockId } = stored;
  const whole = () => ({
    block: blockToJson(block),
    block_id: blockIdToJson(blockId),
    result_finalize_block: finalizeBlockToJson(result),
  });
  const summary = () => ({
    height: `${block.header.height}`,
    events: result.events.map(eventToJson),
    num_txs: `${block.txs.length}`,
  });
  const named = (name: string) => new Map([...events, ["tm.event", [name]] as const]);
  const headerOnly = new Map([["tm.event", ["NewBlockHeader"]]]);
  return [
    published(events, "NewBlock", whole),
    published(headerOnly, "NewBlockHeader", () => ({ header: headerToJson(block.header) })),
    published(named("NewBlockEvents"), "NewBlockEvents", summary),
  ];
}

function newEvidenceToJson(event: Extract<ChainEvent, { type: "NewEvidence" }>): Json {
  return { height: `${event.height}`, evidence: evidenceToJson(event.evidence) };
}

function updatesToJson(event: Extract<ChainEvent, { type: "ValidatorSetUpdates" }>): Json {
  return {
    validator_updates: event.updates.map(({ address, publicKey, power }) => ({
      address: hexToJson(address),
      pub_key: publicKeyToJson(publicKey),
      voting_power: `${power}`,
      proposer_priority: "0",
    })),
  };
}

function published(
  events: ReadonlyMap<string, readonly string[]>,
  name: string,
  value: () => Json,
): PublishedEvent {
  let text: string | undefined;
  const body = () => {
    const data = { type: `tendermint/event/${name}`, value: value() };
    return `"data":${JSON.stringify(data)},"events":${JSON.stringify(Object.fromEntries(events))}`;
  };
  // Many subscribers share one text.
  return { events, body: () => (text ??= body()) };
}
