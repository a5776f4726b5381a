/** A whole chain in this process: blocks are made by hand, votes and time are the caller's. */
import { Chain, type NetworkDefinition, storeNames } from "@tacit/app";
import { Secret, sha256 } from "@tacit/crypto";
import { createEnclave } from "@tacit/enclave";
import { connectInProcess } from "@tacit/enclave-channel";
import { toHex } from "@tacit/encoding";
import type { Timestamp } from "@tacit/light";
import {
  type ConsensusParams,
  type Context,
  createContext,
  emptyBlockInfo,
  type FinalizeBlockRequest,
  type FinalizeBlockResponse,
  type JsonValue,
  type Misbehavior,
  utf8Bytes,
  type ValidatorUpdate,
  type VoteInfo,
} from "@tacit/sdk";
import { type CommitMultiStore, createMemoryMultiStore } from "@tacit/store";
import { ValidatorSets } from "./validator-sets.ts";

export interface GenesisDocument {
  readonly time: Timestamp;
  readonly initialHeight: bigint;
  readonly consensusParams: ConsensusParams;
  readonly appState: JsonValue;
  /** Those of the state, if they are said. */
  readonly validators?: readonly ValidatorUpdate[];
}

export interface SimulatedChainOptions {
  readonly network: NetworkDefinition;
  /** Made with what the network's enclave published. */
  readonly genesis: (keys: NetworkKeys) => GenesisDocument;
  /** In memory by default. */
  readonly store?: CommitMultiStore;
}

export interface NetworkKeys {
  readonly ioPublicKey: Uint8Array;
  readonly seedExchangePublicKey: Uint8Array;
}

export interface BlockPlan {
  readonly txs: readonly Uint8Array[];
  /** Nanoseconds since the last block. */
  readonly elapsedNs: bigint;
  /** Consensus addresses, in hex, of those whose vote on the last block is missing. */
  readonly absent?: ReadonlySet<string>;
  readonly misbehavior?: readonly Misbehavior[];
}

const nanosPerSecond = 1_000_000_000n;

export class SimulatedChain {
  readonly chain: Chain;
  readonly network: NetworkDefinition;
  readonly store: CommitMultiStore;
  readonly validatorSets: ValidatorSets;
  readonly networkKeys: NetworkKeys;
  readonly initialHeight: bigint;
  #height: bigint;
  #timeNs: bigint;
  #lastRequest: FinalizeBlockRequest | undefined;

  constructor({ network, genesis, store }: SimulatedChainOptions) {
    this.network = network;
    this.store = store ?? createMemoryMultiStore(storeNames);
    this.chain = new Chain({ network, store: this.store, enclave: enclaveFor(network.chainId) });
    const { ioPublicKey, seedExchangePublicKey } = this.chain.enclaveInfo;
    this.networkKeys = { ioPublicKey, seedExchangePublicKey };
    const document = genesis(this.networkKeys);
    this.initialHeight = document.initialHeight;
    const { validators } = this.chain.initChain({
      time: document.time,
      chainId: network.chainId,
      consensusParams: document.consensusParams,
      validators: document.validators ?? [],
      appStateBytes: utf8Bytes(JSON.stringify(document.appState)),
      initialHeight: document.initialHeight,
    });
    this.validatorSets = new ValidatorSets(validators, document.initialHeight);
    this.#height = document.initialHeight - 1n;
    this.#timeNs = document.time.seconds * nanosPerSecond + BigInt(document.time.nanos);
  }

  /** Of the last block; one less than the first's before it. */
  get height(): bigint {
    return this.#height;
  }

  /** Of the last block, or of genesis. */
  get time(): Timestamp {
    return { seconds: this.#timeNs / nanosPerSecond, nanos: Number(this.#timeNs % nanosPerSecond) };
  }

  get appHash(): Uint8Array {
    return this.store.lastCommitId().hash;
  }

  /** Who will have voted on the next block when the one after it is made. */
  get voters() {
    return this.validatorSets.at(this.#height);
  }

  /** Runs and commits a block: what schedules want first, then `txs`. */
  block({ txs, elapsedNs, absent, misbehavior = [] }: BlockPlan): FinalizeBlockResponse {
    this.#height += 1n;
    this.#timeNs += elapsedNs;
    const proposers = this.validatorSets.at(this.#height);
    const proposer = proposers[Number(this.#height % BigInt(Math.max(1, proposers.length)))];
    const common = {
      misbehavior,
      height: this.#height,
      time: this.time,
      nextValidatorsHash: sha256(utf8Bytes("validators")),
      proposerAddress: proposer?.address ?? new Uint8Array(20),
    };
    const decidedLastCommit = { round: 0, votes: this.#votes(absent) };
    const scheduled = this.chain.prepareProposal({
      ...common,
      maxTxBytes: 1_000_000n,
      txs: [],
      localLastCommit: decidedLastCommit,
    });
    return this.replay({
      ...common,
      txs: [...scheduled.txs, ...txs],
      decidedLastCommit,
      hash: sha256(utf8Bytes(`block ${this.#height}`)),
    });
  }

  /** What the last block was made of: another chain can run it too. */
  get lastRequest(): FinalizeBlockRequest | undefined {
    return this.#lastRequest;
  }

  /** Runs and commits a block that was made elsewhere, votes and all. */
  replay(request: FinalizeBlockRequest): FinalizeBlockResponse {
    this.#height = request.height;
    this.#timeNs = request.time.seconds * nanosPerSecond + BigInt(request.time.nanos);
    this.#lastRequest = request;
    const response = this.chain.finalizeBlock(request);
    this.chain.commit();
    this.validatorSets.update(request.height, response.validatorUpdates);
    return response;
  }

  /** On a branch of the committed state, at the last block: what it writes is never kept. */
  context(): Context {
    const { network } = this;
    return createContext({
      mode: "finalize",
      stores: this.store.branch(),
      kvGas: network.kvGas,
      block: {
        ...emptyBlockInfo,
        chainId: network.chainId,
        height: this.#height,
        time: this.time,
      },
    });
  }

  #votes(absent: ReadonlySet<string> | undefined): readonly VoteInfo[] {
    return this.validatorSets.at(this.#height - 1n).map(({ address, power }) => ({
      address,
      power,
      blockIdFlag: absent?.has(toHex(address)) ? 1 : 2,
    }));
  }
}

/** In this thread, with the same seeds for the same chain id: its state is the same in every run. */
function enclaveFor(chainId: string) {
  const bytes = (label: string) => sha256(utf8Bytes(`testkit ${label} of ${chainId}`));
  let drawn = 0;
  const enclave = createEnclave({
    sealingKey: new Secret(bytes("sealing key"), "test"),
    randomBytes: (count) => bytes(`random ${drawn++}`).slice(0, count),
  });
  return connectInProcess(enclave.createEngine());
}
