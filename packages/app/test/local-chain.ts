/**
 * LocalSecret in one thread: the real application over a store in memory and an enclave in the
 * same process, blocks made by the test, messages made by secretjs.
 */
import { readFileSync } from "node:fs";
import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Secret, sha256 } from "@tacit/crypto";
import { createEnclave } from "@tacit/enclave";
import { connectInProcess, type EnclaveClient } from "@tacit/enclave-channel";
import { decodeMessage, encodeMessage, fromBase64, toHex } from "@tacit/encoding";
import type {
  AbciEvent,
  ConsensusParams,
  ExecTxResult,
  FinalizeBlockResponse,
  QueryResponse,
  VoteInfo,
} from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { EncryptionUtilsImpl, type Msg, SecretNetworkClient, Wallet } from "secretjs";
import type { SealedFile } from "../src/enclave/session.ts";
import {
  Chain,
  localSecretAppState,
  type NetworkDefinition,
  secretdev1,
  storeNames,
} from "../src/index.ts";

/** LocalSecret's own, known to everybody. */
const mnemonics = {
  a: "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must tape steak together observe swap guitar",
  b: "jelly shadow frog dirt dragon use armed praise universe win jungle close inmate rain oil canvas beauty pioneer chef soccer icon dizzy thunder meadow",
} as const;

export const consensusParams: ConsensusParams = {
  block: { maxBytes: 22_020_096n, maxGas: -1n },
  evidence: {
    maxAgeNumBlocks: 100_000n,
    maxAgeDurationNs: 172_800_000_000_000n,
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ["ed25519"] },
  version: { app: 0n },
  abci: { voteExtensionsEnableHeight: 0n },
};

const genesisTime = { seconds: 1_700_000_000n, nanos: 0 };
const artifacts = new URL("../../../contracts/artifacts/", import.meta.url);

export interface Code {
  readonly wasm: Uint8Array;
  readonly hash: string;
}

export function readContract(name: string): Code {
  const wasm = new Uint8Array(readFileSync(new URL(`${name}.wasm`, artifacts)));
  return { wasm, hash: toHex(sha256(wasm)) };
}

/** What a chain was given in a block, and the state it had afterwards. */
export interface MadeBlock {
  readonly txs: readonly Uint8Array[];
  readonly appHash: Uint8Array;
}

export interface LocalParts {
  /** In the same process by default. */
  readonly enclave?: EnclaveClient;
  /** The same for two chains makes them one network, with the same keys. */
  readonly sealedFile?: SealedFile;
  /** Changes `app_state` before the chain begins. */
  readonly genesis?: (state: GenesisState) => GenesisState;
  /** 1 unless the chain goes on from an export. */
  readonly initialHeight?: bigint;
}

/** `app_state`, as loosely as tests handle it. */
// biome-ignore lint/suspicious/noExplicitAny: JSON that tests take apart
export type GenesisState = Record<string, any>;

function enclaveInProcess(): EnclaveClient {
  const sealingKey = new Secret(new Uint8Array(32).fill(7), "test");
  return connectInProcess(createEnclave({ sealingKey }).createEngine());
}

export class LocalChain {
  readonly chain: Chain;
  readonly store = createMemoryMultiStore(storeNames);
  readonly users: { readonly a: LocalUser; readonly b: LocalUser };
  /** From the first one on. */
  readonly made: MadeBlock[] = [];
  /** Whose signatures the next blocks show; nobody's at first. */
  votes: readonly VoteInfo[] = [];
  #height = 0n;

  constructor(changes: Partial<NetworkDefinition> = {}, parts: LocalParts = {}) {
    const network = { ...secretdev1, ...changes };
    const { enclave = enclaveInProcess(), sealedFile } = parts;
    this.chain = new Chain({ network, store: this.store, enclave, sealedFile });
    const { ioPublicKey, seedExchangePublicKey } = this.chain.enclaveInfo;
    const state = localSecretAppState({
      network,
      time: genesisTime,
      consensusPublicKey: new Uint8Array(32).fill(5),
      moniker: "test",
      networkKeys: { ioPublicKey, seedExchangePublicKey },
    });
    const { initialHeight = 1n } = parts;
    this.#height = initialHeight - 1n;
    this.chain.initChain({
      time: { ...genesisTime, seconds: genesisTime.seconds + this.#height },
      chainId: network.chainId,
      consensusParams,
      validators: [],
      appStateBytes: new TextEncoder().encode(
        JSON.stringify(parts.genesis?.(state as GenesisState) ?? state),
      ),
      initialHeight,
    });
    this.users = {
      a: new LocalUser(mnemonics.a, 1, ioPublicKey),
      b: new LocalUser(mnemonics.b, 2, ioPublicKey),
    };
    this.block();
  }

  /** Runs and commits a block. */
  block(...txs: readonly Uint8Array[]): readonly ExecTxResult[] {
    return this.#run(txs).txResults;
  }

  /** Runs and commits an empty block. @returns its own events. */
  eventsOf(): readonly AbciEvent[] {
    return this.#run([]).events;
  }

  #run(txs: readonly Uint8Array[]): FinalizeBlockResponse {
    this.#height += 1n;
    const response = this.chain.finalizeBlock({
      txs,
      decidedLastCommit: { round: 0, votes: this.votes },
      misbehavior: [],
      hash: sha256(new TextEncoder().encode(`block ${this.#height}`)),
      height: this.#height,
      time: { seconds: genesisTime.seconds + this.#height, nanos: 0 },
      nextValidatorsHash: new Uint8Array(32),
      proposerAddress: new Uint8Array(20),
    });
    this.chain.commit();
    this.made.push({ txs, appHash: this.chain.info().lastBlockAppHash });
    return response;
  }

  /** One transaction in a block of its own. */
  async run(
    user: LocalUser,
    messages: readonly Msg[],
    gasLimit = 2_000_000,
  ): Promise<ExecTxResult> {
    const [result] = this.block(await user.sign(messages, gasLimit));
    return result!;
  }

  query<Input extends DescMessage, Output extends DescMessage>(
    path: string,
    schemas: { readonly input: Input; readonly output: Output },
    request: MessageInitShape<Input>,
  ): MessageShape<Output> {
    const answer = this.abci(path, encodeMessage(schemas.input, request));
    if (answer.code !== 0) throw new QueryFailure(answer);
    return decodeMessage(schemas.output, answer.value);
  }

  abci(path: string, data: Uint8Array): QueryResponse {
    return this.chain.query({ path, data, height: 0n, prove: false });
  }
}

export class QueryFailure {
  readonly response: QueryResponse;

  constructor(response: QueryResponse) {
    this.response = response;
  }
}

/** An account with secretjs's own wallet and encryption; signs without asking anybody. */
export class LocalUser {
  readonly wallet: Wallet;
  readonly encryption: EncryptionUtilsImpl;
  readonly accountNumber: bigint;
  readonly #client: SecretNetworkClient;
  sequence = 0;

  constructor(mnemonic: string, accountNumber: number, ioPublicKey: Uint8Array) {
    this.wallet = new Wallet(mnemonic);
    this.accountNumber = BigInt(accountNumber);
    this.encryption = new EncryptionUtilsImpl("", new Uint8Array(32).fill(accountNumber));
    Object.assign(this.encryption, { consensusIoPubKey: ioPublicKey });
    this.#client = new SecretNetworkClient({
      url: "http://localhost",
      chainId: secretdev1.chainId,
      wallet: this.wallet,
      walletAddress: this.wallet.address,
      encryptionUtils: this.encryption,
    });
  }

  get address(): string {
    return this.wallet.address;
  }

  /** Uses up a sequence number. */
  async sign(messages: readonly Msg[], gasLimit: number): Promise<Uint8Array> {
    const explicitSignerData = {
      accountNumber: Number(this.accountNumber),
      sequence: this.sequence,
      chainId: secretdev1.chainId,
    };
    this.sequence += 1;
    return await this.#client.tx.signTx([...messages], { gasLimit, explicitSignerData });
  }

  /** Opens what the enclave sealed for the sender of `ciphertext`, which begins with its nonce. */
  async open(sealed: Uint8Array, nonce: Uint8Array): Promise<Uint8Array> {
    return await this.encryption.decrypt(sealed, nonce);
  }

  async openBase64(sealed: string, nonce: Uint8Array): Promise<string> {
    return new TextDecoder().decode(await this.open(fromBase64(sealed), nonce));
  }
}

/** `type{key=value,…}` of each event, without what marks its message. */
export function eventTexts(result: ExecTxResult): readonly string[] {
  return result.events.map(({ type, attributes }) => {
    const shown = attributes.filter(({ key }) => key !== "msg_index");
    return `${type}{${shown.map(({ key, value }) => `${key}=${value}`).join(",")}}`;
  });
}
