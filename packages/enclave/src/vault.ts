import { equalConstantTime, randomBytes, Secret, SivKey } from "@tacit/crypto";
import type { NetworkParams } from "@tacit/enclave-channel";
import { Refusal } from "./errors.ts";
import { SEED_BYTES } from "./keys/key-ring.ts";
import { type BlockClaim, verifyBlock } from "./light-client.ts";
import { networkText, type SealedState, sealState, unsealState } from "./sealing.ts";

/** What an engine gets from the vault when the enclave has started. */
export interface Opened {
  readonly seeds: readonly Secret[];
  readonly network: NetworkParams;
}

/**
 * Holds what all engine threads of an enclave share: the seeds and the sealed height. Engines
 * reach it directly in the same thread, or through `vault-port.ts` from others.
 */
export interface Vault {
  /**
   * Starts the enclave with its sealed state, or with fresh seeds if there is none. Starting a
   * running enclave again is allowed for the same network and gives its own state.
   * @throws {Refusal} `enclave/bad_sealed_state`, `enclave/other_network`, `enclave/started`.
   */
  start(network: NetworkParams, sealed: Uint8Array | undefined): Uint8Array;
  /** @throws {Refusal} `enclave/not_started`. */
  open(): Opened;
  /** 32 bytes: what the enclave is made of. */
  measurement(): Uint8Array;
  /** @throws {Refusal} `enclave/not_started`. */
  heights(): { readonly last: bigint; readonly first: bigint };
  /**
   * Allows this block to run and seals that it has: the same block any number of times until a
   * later one has run, another of its height or an earlier one never.
   * @throws {Refusal} `enclave/height_rewound`, `enclave/other_block`, `enclave/bad_commit`,
   *   `enclave/not_started`.
   */
  beginBlock(claim: BlockClaim): Uint8Array;
}

export class LocalVault implements Vault {
  readonly #sealingKey: SivKey;
  readonly #measure: () => Uint8Array;
  readonly #randomBytes: (count: number) => Uint8Array;
  #measurement: Uint8Array | undefined;
  #state: SealedState | undefined;

  /**
   * @param sealingKey 32 bytes. Simulated: hardware would derive it from itself and the measurement.
   * @param measure is called once, when somebody asks.
   * @param random the system's by default; only tests give another.
   */
  constructor(
    sealingKey: Secret,
    measure: () => Uint8Array,
    random: (count: number) => Uint8Array = randomBytes,
  ) {
    this.#sealingKey = new SivKey(sealingKey.reveal());
    this.#measure = measure;
    this.#randomBytes = random;
  }

  measurement(): Uint8Array {
    this.#measurement ??= this.#measure();
    return this.#measurement;
  }

  start(network: NetworkParams, sealed: Uint8Array | undefined): Uint8Array {
    if (this.#state === undefined) {
      this.#state =
        sealed === undefined
          ? freshState(network, this.#randomBytes)
          : this.#unseal(network, sealed);
    } else if (networkText(this.#state.network) !== networkText(network)) {
      throw new Refusal("enclave/started");
    }
    return sealState(this.#sealingKey, this.#state);
  }

  open(): Opened {
    const { seeds, network } = this.#started();
    return { seeds, network };
  }

  heights(): { readonly last: bigint; readonly first: bigint } {
    const { lastHeight, firstHeight } = this.#started();
    return { last: lastHeight, first: firstHeight };
  }

  beginBlock(claim: BlockClaim): Uint8Array {
    const { height, blockHash } = claim;
    const state = this.#started();
    if (height < state.lastHeight) throw new Refusal("enclave/height_rewound");
    if (height === state.lastHeight && !equalConstantTime(blockHash, state.lastBlockHash)) {
      throw new Refusal("enclave/other_block");
    }
    if (height > state.lastHeight) {
      const trustedHeader = verifyBlock(state.network.chainId, state.trustedHeader, claim);
      const firstHeight = state.firstHeight === 0n ? height : state.firstHeight;
      const last = { lastHeight: height, lastBlockHash: blockHash };
      this.#state = { ...state, ...last, firstHeight, trustedHeader };
    }
    return sealState(this.#sealingKey, this.#started());
  }

  #started(): SealedState {
    if (this.#state === undefined) throw new Refusal("enclave/not_started");
    return this.#state;
  }

  #unseal(network: NetworkParams, sealed: Uint8Array): SealedState {
    const state = unsealState(this.#sealingKey, sealed);
    if (networkText(state.network) !== networkText(network)) {
      throw new Refusal("enclave/other_network");
    }
    return state;
  }
}

/** Two independent seeds: the genesis seed and the current one (privacy protocol section 1.2). */
function freshState(network: NetworkParams, random: (count: number) => Uint8Array): SealedState {
  const seeds = ["genesis seed", "current seed"].map((label) => {
    const bytes = random(SEED_BYTES);
    const seed = new Secret(bytes, label);
    bytes.fill(0);
    return seed;
  });
  const none = new Uint8Array(0);
  return {
    seeds,
    network,
    lastHeight: 0n,
    lastBlockHash: none,
    firstHeight: 0n,
    trustedHeader: none,
  };
}
