/**
 * A chain on which every kind of message has been sent once, its twin, and messages that are wrong
 * in one field. A refused message must leave the same state as any other refused message.
 */
import type { NetworkDefinition } from "@tacit/app";
import { moduleAddress, sha256 } from "@tacit/crypto";
import { decodeMessage, equalBytes, NO_COINS, toHex } from "@tacit/encoding";
import { MsgExecSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { MsgSubmitProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { type AnyValue, type ExecTxResult, errorToAbci, utf8Bytes } from "@tacit/sdk";
import { Random } from "../random.ts";
import { type KeyedAccount, signTx } from "../signer.ts";
import { SimulatedChain } from "../simulated-chain.ts";
import { Encryptor } from "../simulation/encryptor.ts";
import { type Cast, randomCast, randomGenesis } from "../simulation/genesis.ts";
import { type Action, anyOf, type Operation, World } from "../simulation/world.ts";
import { type Mutant, mutantsOf } from "./mutate.ts";

export interface BadCase extends Mutant {
  readonly typeUrl: string;
  readonly signer: KeyedAccount;
  /** Governance's: its handler is called, no transaction carries it. */
  readonly isGoverned: boolean;
}

export type Outcome = Pick<ExecTxResult, "code" | "codespace" | "log">;

export interface BadMessageOptions {
  readonly network: NetworkDefinition;
  readonly operations: readonly Operation[];
  /** Of the contract that operations use. */
  readonly wasm: Uint8Array;
}

const seed = 20;
const gasLimit = 400_000_000n;
const attempts = 400;
const makesSomething = /Grant|Instantiate|SubmitProposal|Undelegate/;
const contractTypes = /^\/secret\.compute\./;
const taken: Outcome = { code: 0, codespace: "", log: "" };

export class BadMessageChain {
  readonly chain: SimulatedChain;
  readonly #twin: SimulatedChain;
  readonly #options: BadMessageOptions;
  readonly #people: KeyedAccount[];
  readonly #encryptor: Encryptor;
  readonly #codeHash: Uint8Array;
  /** Blocks that made the state. */
  readonly prepared: (readonly Uint8Array[])[] = [];

  constructor(options: BadMessageOptions) {
    const { network } = options;
    this.#options = options;
    const random = new Random(seed);
    const cast: Cast = randomCast(random);
    const genesis = randomGenesis(random, { network, cast });
    const unlimited: typeof genesis = (keys) => {
      const document = genesis(keys);
      const { consensusParams } = document;
      const block = { ...consensusParams.block, maxGas: -1n };
      return { ...document, consensusParams: { ...consensusParams, block } };
    };
    this.chain = new SimulatedChain({ network, genesis: unlimited });
    this.#twin = new SimulatedChain({ network, genesis: unlimited });
    this.#people = [...cast.users];
    this.#encryptor = new Encryptor(this.chain.networkKeys.ioPublicKey);
    this.#codeHash = sha256(options.wasm);
    this.#prepare();
  }

  /**
   * Sends one good message of every kind that is not governance's, each in a block of its own; then
   * again those that make what others need.
   */
  #prepare(): void {
    this.#both([]);
    for (let round = 0; round < 4; round++) {
      for (const operation of this.#options.operations) {
        if (operation.isGoverned || (round > 0 && !makesSomething.test(operation.typeUrl)))
          continue;
        const action = this.#good(operation, round);
        if (action !== undefined) this.#both([this.sign(action.signer, action.message)]);
      }
    }
  }

  #both(txs: readonly Uint8Array[]): void {
    this.chain.block({ txs, elapsedNs: 1_000_000n });
    const request = this.chain.lastRequest;
    if (request !== undefined) this.#twin.replay(request);
    this.prepared.push(txs);
  }

  /** Each operation's good message with each of its fields wrong. */
  cases(): readonly BadCase[] {
    const { types } = this.chain.chain.composition;
    const prefix = this.chain.network.bech32Prefix;
    return this.#options.operations.flatMap((operation) => {
      const action = this.#good(operation);
      if (action === undefined) return [];
      const { signer, message } = action;
      return mutantsOf(message, { types, prefix }).map((mutant) => ({
        ...mutant,
        typeUrl: operation.typeUrl,
        signer,
        isGoverned: operation.isGoverned === true,
      }));
    });
  }

  /**
   * Runs one case.
   * @returns what it answered, and what is wrong with the state afterwards if it was refused.
   */
  run(one: BadCase): { readonly outcome: Outcome; readonly fault: string | undefined } {
    if (one.isGoverned) return this.#handle(one);
    const { typeUrl, signer, message } = one;
    // Contracts run in blocks only; of the others those that pass are not sent, so that the state
    // stays the same for the next.
    const isSent = contractTypes.test(typeUrl) || !this.#isTaken({ signer, message });
    return isSent ? this.#send(one) : { outcome: taken, fault: undefined };
  }

  /** As a proposal would carry it, but handled at once. */
  #handle({ signer, message }: BadCase): ReturnType<BadMessageChain["run"]> {
    const { store, chain } = this.chain;
    const { messages, types, decode } = chain.composition;
    const before = toHex(store.workingHash());
    const context = this.chain.context();
    const route = messages.route(message.typeUrl)!;
    let outcome: Outcome = { code: 0, codespace: "", log: "" };
    try {
      decode(this.sign(signer, anyOf(MsgSubmitProposalSchema, { messages: [message] })));
      const decoded = route.decode(message.value, types);
      route.validateBasic?.(decoded);
      context.branched((own) => route.handle(own, decoded));
    } catch (error) {
      outcome = errorToAbci(error);
    }
    if (outcome.code === 0) return { outcome, fault: undefined };
    (context.stores as ReturnType<typeof store.branch>).write();
    const after = toHex(store.workingHash());
    store.rollback();
    return { outcome, fault: before === after ? undefined : "the state root changed" };
  }

  /** The twin gets a transaction that every chain refuses, if this one used up its sequence. */
  #send({ signer, message }: BadCase): ReturnType<BadMessageChain["run"]> {
    const tx = this.sign(signer, message);
    const neutral = this.sign(signer, this.#neutral(signer));
    const before = this.#sequence(signer);
    const [outcome] = this.chain.block({ txs: [tx], elapsedNs: 1_000_000n }).txResults;
    const request = this.chain.lastRequest!;
    const isUsed = this.#sequence(signer) !== before;
    const txs = outcome!.code === 0 ? [tx] : isUsed ? [neutral] : [];
    this.#twin.replay({ ...request, txs });
    const isSame = equalBytes(this.chain.appHash, this.#twin.appHash);
    return { outcome: outcome!, fault: isSame ? undefined : "the state is another's" };
  }

  #neutral(signer: KeyedAccount): AnyValue {
    const { addresses } = this.chain.chain.composition;
    return anyOf(MsgSendSchema, {
      fromAddress: addresses.toText(signer.address),
      toAddress: addresses.toText(moduleAddress("mint")),
      amount: [{ denom: this.chain.network.bondDenom, amount: "1" }],
    });
  }

  #sequence({ address }: KeyedAccount): bigint {
    const { accounts } = this.chain.chain.composition;
    return accounts.getAccount(this.chain.context(), address)?.sequence ?? 0n;
  }

  sign(signer: KeyedAccount, message: AnyValue): Uint8Array {
    const { accounts } = this.chain.chain.composition;
    const account = accounts.getAccount(this.chain.context(), signer.address);
    return signTx({
      signer,
      chainId: this.chain.network.chainId,
      accountNumber: account?.accountNumber ?? 0n,
      sequence: account?.sequence ?? 0n,
      messages: [message],
      fee: NO_COINS,
      gasLimit,
    });
  }

  /** A message that is taken; for those that never are, the first that there is something for. */
  #good(operation: Operation, round = 0): Action | undefined {
    const world = new World({
      chain: this.chain,
      random: seededBy(`${operation.typeUrl} ${round}`),
      people: this.#people,
      contracts: {
        wasm: this.#options.wasm,
        encrypt: (message) => this.#encryptor.encrypt(this.#codeHash, message),
        plaintext: (message) => toHex(this.#codeHash) + JSON.stringify(message),
      },
    });
    let first: Action | undefined;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const action = operation.make(world);
      if (action === undefined) continue;
      first ??= action;
      if (operation.refused !== undefined) break;
      if (operation.isGoverned || (this.#isTaken(action) && hasContent(action))) return action;
    }
    return first;
  }

  /** Whether a transaction with it would pass, signature apart. */
  #isTaken({ signer, message }: Action): boolean {
    const context = this.chain.context();
    const { runner } = this.chain.chain.composition;
    if (contractTypes.test(message.typeUrl)) return true;
    return runner.run("simulate", context, this.sign(signer, message)).error === undefined;
  }
}

/** What MsgExec holds is what is wrong with it. */
function hasContent({ message }: Action): boolean {
  if (message.typeUrl !== `/${MsgExecSchema.typeName}`) return true;
  return decodeMessage(MsgExecSchema, message.value).msgs.length > 0;
}

function seededBy(text: string): Random {
  const digest = sha256(utf8Bytes(text));
  return new Random(new DataView(digest.buffer, digest.byteOffset).getUint32(0));
}
