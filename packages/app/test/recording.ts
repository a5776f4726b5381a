/** Reads a chain that the Cosmos SDK recorded: what it was asked, block by block, and what it answered. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBase64, fromHex, parseTimestamp } from "@tacit/encoding";
import type { Timestamp } from "@tacit/light";
import type {
  AbciEvent,
  ConsensusParams,
  ExecTxResult,
  FinalizeBlockRequest,
  Misbehavior,
  ValidatorUpdate,
} from "@tacit/sdk";

export interface RecordedBlock {
  readonly request: FinalizeBlockRequest;
  /** State root after this block, over the stores of that application. */
  readonly appHash: Uint8Array;
  readonly storeRoots: Readonly<Record<string, string>>;
  readonly txResults: readonly ExecTxResult[];
  readonly events: readonly AbciEvent[];
  readonly validatorUpdates: readonly ValidatorUpdate[];
  /** Only what recordings hold of them. */
  readonly consensusParamUpdates:
    | Pick<ConsensusParams, "block" | "evidence" | "validator">
    | undefined;
}

interface RawEvent {
  readonly type: string;
  readonly attributes: readonly {
    readonly key: string;
    readonly value: string;
    readonly index: boolean;
  }[];
}

export interface Recording {
  readonly genesis: {
    readonly chainId: string;
    readonly time: Timestamp;
    readonly initialHeight: bigint;
    readonly consensusParams: ConsensusParams;
    readonly appStateBytes: Uint8Array;
  };
  readonly blocks: readonly RecordedBlock[];
}

/** Of vectors/sdk-golden. */
export const goldenRecording = (): Recording =>
  readRecording(join(import.meta.dirname, "../../../vectors/sdk-golden"));

/** @param directory holds `genesis.json` and `blocks.jsonl`, as the README of vectors/sdk-golden says. */
export function readRecording(directory: string): Recording {
  const genesis = JSON.parse(readFileSync(join(directory, "genesis.json"), "utf8"));
  return {
    genesis: {
      chainId: genesis.chain_id,
      time: parseTimestamp(genesis.genesis_time),
      initialHeight: BigInt(genesis.initial_height),
      consensusParams: readConsensusParams(genesis.consensus.params),
      appStateBytes: new TextEncoder().encode(JSON.stringify(genesis.app_state)),
    },
    blocks: readBlocks(join(directory, "blocks.jsonl")),
  };
}

/** One block a line. */
export function readBlocks(path: string): readonly RecordedBlock[] {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => readBlock(JSON.parse(line)));
}

// biome-ignore lint/suspicious/noExplicitAny: the JSON of a genesis document
function readConsensusParams(raw: any): ConsensusParams {
  return {
    ...readParamUpdates(raw),
    version: { app: BigInt(raw.version.app) },
    abci: { voteExtensionsEnableHeight: BigInt(raw.abci.vote_extensions_enable_height) },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function readParamUpdates(raw: any): Pick<ConsensusParams, "block" | "evidence" | "validator"> {
  return {
    block: { maxBytes: BigInt(raw.block.max_bytes), maxGas: BigInt(raw.block.max_gas) },
    evidence: {
      maxAgeNumBlocks: BigInt(raw.evidence.max_age_num_blocks),
      maxAgeDurationNs: BigInt(raw.evidence.max_age_duration),
      maxBytes: BigInt(raw.evidence.max_bytes),
    },
    validator: { pubKeyTypes: raw.validator.pub_key_types },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the vectors' own JSON, whose shape their README says
function readBlock(raw: any): RecordedBlock {
  return {
    request: {
      height: BigInt(raw.height),
      hash: fromHex(raw.hash),
      time: parseTimestamp(raw.time),
      proposerAddress: fromHex(raw.proposer_address),
      nextValidatorsHash: fromHex(raw.next_validators_hash),
      decidedLastCommit: {
        round: raw.decided_last_commit.round,
        // biome-ignore lint/suspicious/noExplicitAny: as above
        votes: raw.decided_last_commit.votes.map((vote: any) => ({
          address: fromHex(vote.address),
          power: BigInt(vote.power),
          blockIdFlag: vote.block_id_flag,
        })),
      },
      misbehavior: (raw.misbehavior ?? []).map(readMisbehavior),
      txs: raw.txs.map((tx: string) => fromBase64(tx)),
    },
    appHash: fromHex(raw.expect.app_hash),
    storeRoots: raw.expect.store_roots,
    // biome-ignore lint/suspicious/noExplicitAny: as above
    txResults: raw.expect.tx_results.map((result: any) => ({
      code: result.code,
      data: fromBase64(result.data ?? ""),
      log: result.log,
      info: result.info,
      gasWanted: BigInt(result.gas_wanted),
      gasUsed: BigInt(result.gas_used),
      events: result.events,
      codespace: result.codespace,
    })),
    events: raw.expect.events as readonly RawEvent[],
    // biome-ignore lint/suspicious/noExplicitAny: as above
    validatorUpdates: raw.expect.validator_updates.map((update: any) => ({
      keyType: "ed25519",
      publicKey: fromBase64(update.pub_key.Sum.value.ed25519),
      power: BigInt(update.power ?? 0),
    })),
    consensusParamUpdates:
      raw.expect.consensus_param_updates === null
        ? undefined
        : readParamUpdates(raw.expect.consensus_param_updates),
  };
}

const misbehaviorTypes = {
  1: "duplicate_vote",
  2: "light_client_attack",
  DUPLICATE_VOTE: "duplicate_vote",
  LIGHT_CLIENT_ATTACK: "light_client_attack",
} as const;

// biome-ignore lint/suspicious/noExplicitAny: as above
function readMisbehavior(raw: any): Misbehavior {
  const type = misbehaviorTypes[raw.type as keyof typeof misbehaviorTypes];
  if (type === undefined) throw new TypeError(`unknown misbehavior ${raw.type}`);
  return {
    type,
    validator: { address: fromHex(raw.validator.address), power: BigInt(raw.validator.power) },
    height: BigInt(raw.height),
    time: parseTimestamp(raw.time),
    totalVotingPower: BigInt(raw.total_voting_power),
  };
}
