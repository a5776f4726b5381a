import {
  concat,
  equalConstantTime,
  hmacSha256,
  Secret,
  SivKey,
  sha256,
  X25519PrivateKey,
} from "@tacit/crypto";
import type { SeedPublicKeys } from "@tacit/enclave-channel";
import { equalBytes, uint64BigEndian } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { toKey, utf8 } from "../bytes.ts";
import { CONTRACT_KEYS_MAX, SHARED_SECRETS_MAX } from "../limits.ts";
import { RecentMap } from "../recent-map.ts";
import { deriveFromKey, deriveFromSeed, deriveWithInfo } from "./derive.ts";

export const SEED_BYTES = 32;
const SEEDS_MIN = 2;
const SEEDS_MAX = 5;

/**
 * Stands where a client's key would: contracts in plaintext mode ask other contracts under it. The
 * network does so too, and agrees on a secret that everybody can compute; here it is the enclaves' own.
 */
export const INNER_PUBLIC_KEY: Uint8Array = new Uint8Array(32);

/** Keys of one contract's records: names are sealed under the first, values under the second. */
export interface StateKeys {
  readonly names: SivKey;
  readonly values: SivKey;
}

/** Both keys of a contract (section 5), 64 bytes each, and the proof of the current one if they differ. */
export interface ContractKeys {
  readonly original: Uint8Array;
  readonly current: Uint8Array;
  /** Empty until the first migration. */
  readonly proof: Uint8Array;
}

/** A contract as its keys bind it. */
export interface ContractIdentity {
  /** 20 bytes. */
  readonly contract: Uint8Array;
  /** 32 bytes. */
  readonly codeHash: Uint8Array;
}

/**
 * Holds the network's seeds and every key derived from them, and runs no foreign code. An engine
 * gets from it only the keys of the call at hand. All of its arguments and results are plain bytes
 * or opaque keys, so that it can move to a process of its own.
 */
export interface KeyRing {
  readonly ioPublicKey: Uint8Array;
  readonly seedExchangePublicKey: Uint8Array;
  /** Of every seed, the genesis seed's first. */
  readonly publicKeys: readonly SeedPublicKeys[];
  /**
   * The key of one message: agreement of the client's key with the network's, and the nonce. Under
   * {@link INNER_PUBLIC_KEY} enclaves talk among themselves. @throws {CryptoError}
   */
  messageKey(nonce: Uint8Array, publicKey: Uint8Array): SivKey;
  /** Agrees with a client's key ahead of {@link messageKey}, which remembers it. @throws {CryptoError} */
  agree(publicKey: Uint8Array): void;
  stateKeys(originalContractKey: Uint8Array): StateKeys;
  createContractKey(
    identity: ContractIdentity,
    sender: Uint8Array,
    height: bigint,
    original?: Uint8Array,
  ): Uint8Array;
  /** Whether `keys` were made for this very contract running this very code; neither changes afterwards. */
  isContract(identity: ContractIdentity, keys: ContractKeys): boolean;
  contractKeyProof(
    identity: ContractIdentity,
    keys: { readonly original: Uint8Array; readonly current: Uint8Array },
  ): Uint8Array;
  /** @param admin canonical bytes, empty for none. */
  adminProof(admin: Uint8Array, originalContractKey: Uint8Array): Uint8Array;
  /** `sha256(callback secret ‖ data)`, the form that Secret uses. */
  callbackHash(data: Uint8Array): Uint8Array;
  /** HMAC under the callback secret, for what never leaves the enclaves. */
  callbackMac(data: Uint8Array): Uint8Array;
  /** Random of a block: nobody knows it before the block's hash is final. */
  blockRandom(height: bigint, blockHash: Uint8Array): Uint8Array;
  /** Made of a block's random for everybody to see; it tells nothing of that random. */
  publicRandom(blockRandom: Uint8Array): Uint8Array;
  /**
   * `sha256(last seed ‖ hash ‖ u64 little-endian height + 1)`, the form that Secret uses.
   * @param nextValidatorsHash of the header at `height`, 32 bytes.
   */
  validatorsEvidence(nextValidatorsHash: Uint8Array, height: bigint): Uint8Array;
  /** Random of one call. */
  callRandom(
    blockRandom: Uint8Array,
    height: bigint,
    contractKey: Uint8Array,
    counter: bigint,
  ): Uint8Array;
}

/** @param seeds the genesis seed, then the current ones; each 32 bytes; the last one is in use. */
export function createKeyRing(seeds: readonly Secret[]): KeyRing {
  return new SeedKeyRing(seeds);
}

class SeedKeyRing implements KeyRing {
  readonly ioPublicKey: Uint8Array;
  readonly seedExchangePublicKey: Uint8Array;
  readonly publicKeys: readonly SeedPublicKeys[];
  readonly #seed: Secret;
  readonly #io: X25519PrivateKey;
  readonly #genesisState: Secret;
  readonly #secondState: Secret;
  readonly #currentState: Secret;
  readonly #callback: Secret;
  readonly #randomness: Secret;
  readonly #adminProof: Secret;
  readonly #contractKeyProof: Secret;
  readonly #inner: Secret;
  readonly #stateKeys = new RecentMap<StateKeys>(CONTRACT_KEYS_MAX);
  /** Whose keys have proved themselves to be. */
  readonly #known = new WeakMap<ContractKeys, ContractIdentity>();
  readonly #shared = new RecentMap<Secret>(SHARED_SECRETS_MAX);

  constructor(seeds: readonly Secret[]) {
    invariant(seeds.length >= SEEDS_MIN && seeds.length <= SEEDS_MAX, "there are 2 to 5 seeds");
    const last = seeds.at(-1)!.reveal();
    const derive = (purpose: Parameters<typeof deriveFromSeed>[1], seed = last) =>
      new Secret(deriveFromSeed(seed, purpose), purpose);
    this.#io = new X25519PrivateKey(deriveFromSeed(last, "ioExchange"));
    this.#seed = seeds.at(-1)!;
    this.publicKeys = seeds.map(publicKeysOf);
    const { io, seedExchange } = this.publicKeys.at(-1)!;
    this.ioPublicKey = io;
    this.seedExchangePublicKey = seedExchange;
    this.#genesisState = derive("state", seeds[0]!.reveal());
    this.#secondState = derive("state", seeds[1]!.reveal());
    this.#currentState = derive("state");
    this.#callback = derive("callback");
    this.#randomness = derive("initialRandomness");
    this.#adminProof = derive("adminProof");
    this.#contractKeyProof = derive("contractKeyProof");
    this.#inner = new Secret(this.callbackMac(utf8("tacit inner messages")), "inner messages");
  }

  messageKey(nonce: Uint8Array, publicKey: Uint8Array): SivKey {
    return new SivKey(deriveFromKey(this.#sharedWith(publicKey).reveal(), nonce));
  }

  agree(publicKey: Uint8Array): void {
    this.#sharedWith(publicKey);
  }

  #sharedWith(publicKey: Uint8Array): Secret {
    if (equalBytes(publicKey, INNER_PUBLIC_KEY)) return this.#inner;
    const name = toKey(publicKey);
    let shared = this.#shared.get(name);
    if (shared === undefined) {
      shared = new Secret(this.#io.sharedSecret(publicKey), "shared secret with a client");
      this.#shared.set(name, shared);
    }
    return shared;
  }

  /** Names always use the second seed, so that a rotation of seeds does not move records (section 6). */
  stateKeys(originalContractKey: Uint8Array): StateKeys {
    const name = toKey(originalContractKey);
    let keys = this.#stateKeys.get(name);
    if (keys === undefined) {
      keys = {
        names: new SivKey(deriveFromKey(this.#secondState.reveal(), originalContractKey)),
        values: new SivKey(deriveFromKey(this.#currentState.reveal(), originalContractKey)),
      };
      this.#stateKeys.set(name, keys);
    }
    return keys;
  }

  createContractKey(
    identity: ContractIdentity,
    sender: Uint8Array,
    height: bigint,
    original?: Uint8Array,
  ): Uint8Array {
    const senderId = sha256(concat(sender, uint64BigEndian(height)));
    return concat(senderId, this.#authenticationId(senderId, identity, original));
  }

  isContract(identity: ContractIdentity, keys: ContractKeys): boolean {
    const { contract, codeHash } = identity;
    const known = this.#known.get(keys);
    if (known !== undefined && equalBytes(known.contract, contract)) {
      if (equalBytes(known.codeHash, codeHash)) return true;
    }
    const isContract = this.#checkContract(identity, keys);
    if (isContract) this.#known.set(keys, { contract, codeHash });
    return isContract;
  }

  #checkContract(identity: ContractIdentity, keys: ContractKeys): boolean {
    const { original, current, proof } = keys;
    const senderId = current.subarray(0, 32);
    const isMigrated = !equalConstantTime(original, current);
    const expected = this.#authenticationId(senderId, identity, isMigrated ? original : undefined);
    if (!equalConstantTime(expected, current.subarray(32))) return false;
    return !isMigrated || equalConstantTime(proof, this.contractKeyProof(identity, keys));
  }

  contractKeyProof(
    identity: ContractIdentity,
    keys: { readonly original: Uint8Array; readonly current: Uint8Array },
  ): Uint8Array {
    const { contract, codeHash } = identity;
    const data = concat(contract, codeHash, keys.original, keys.current);
    return hmacSha256(this.#contractKeyProof.reveal(), data);
  }

  adminProof(admin: Uint8Array, originalContractKey: Uint8Array): Uint8Array {
    return hmacSha256(this.#adminProof.reveal(), concat(admin, originalContractKey));
  }

  callbackHash(data: Uint8Array): Uint8Array {
    return sha256(concat(this.#callback.reveal(), data));
  }

  callbackMac(data: Uint8Array): Uint8Array {
    return hmacSha256(this.#callback.reveal(), data);
  }

  blockRandom(height: bigint, blockHash: Uint8Array): Uint8Array {
    const data = concat(utf8("tacit block random"), uint64BigEndian(height), blockHash);
    return hmacSha256(this.#randomness.reveal(), data);
  }

  publicRandom(blockRandom: Uint8Array): Uint8Array {
    return hmacSha256(blockRandom, utf8("tacit public random"));
  }

  validatorsEvidence(nextValidatorsHash: Uint8Array, height: bigint): Uint8Array {
    const next = uint64BigEndian(height + 1n).reverse();
    return sha256(concat(this.#seed.reveal(), nextValidatorsHash, next));
  }

  callRandom(
    blockRandom: Uint8Array,
    height: bigint,
    contractKey: Uint8Array,
    counter: bigint,
  ): Uint8Array {
    return deriveWithInfo(
      blockRandom,
      concat(uint64BigEndian(height), contractKey, uint64BigEndian(counter)),
    );
  }

  #authenticationId(
    senderId: Uint8Array,
    { contract, codeHash }: ContractIdentity,
    original: Uint8Array | undefined,
  ): Uint8Array {
    const key = deriveFromKey(this.#genesisState.reveal(), senderId);
    const parts = [senderId, codeHash, contract];
    return hmacSha256(key, concat(...parts, ...(original === undefined ? [] : [original])));
  }
}

function publicKeysOf(seed: Secret): SeedPublicKeys {
  const publicKey = (purpose: "seedExchange" | "ioExchange") =>
    new X25519PrivateKey(deriveFromSeed(seed.reveal(), purpose)).publicKey();
  return { seedExchange: publicKey("seedExchange"), io: publicKey("ioExchange") };
}
