/**
 * Seeded random use of a whole chain, checked after every block. Everything follows from the seed:
 * genesis, who does what, time, absent votes, double votes.
 */
import type { NetworkDefinition } from "@tacit/app";
import { sha256, truncatedHashAddress } from "@tacit/crypto";
import { makeCoins, toHex } from "@tacit/encoding";
import { MsgSubmitProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import type { ExecTxResult } from "@tacit/sdk";
import { Random } from "../random.ts";
import { type KeyedAccount, signTx } from "../signer.ts";
import { SimulatedChain } from "../simulated-chain.ts";
import { Encryptor } from "./encryptor.ts";
import { SimulationFailure } from "./failure.ts";
import { type Cast, consensusKey, randomCast, randomGenesis } from "./genesis.ts";
import { brokenInvariants } from "./invariants/all.ts";
import { operations } from "./operations/all.ts";
import { proposalDeposit } from "./operations/gov.ts";
import { StateReader } from "./state.ts";
import { Surroundings } from "./surroundings.ts";
import { type Action, anyOf, type Operation, World } from "./world.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly network: NetworkDefinition;
  /** Of the contract that people use: the counter. */
  readonly wasm: Uint8Array;
  /** Message types that nobody sends. */
  readonly without?: RegExp;
}

/** How often a message was taken and refused. */
export interface Tally {
  ok: number;
  refused: number;
}

/** Panics that the Go chain recovers from too. */
const knownPanics: readonly RegExp[] = [/nil pointer dereference/];

export class Simulation {
  readonly chain: SimulatedChain;
  readonly tallies = new Map<string, Tally>();
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #people: KeyedAccount[];
  readonly #surroundings: Surroundings;
  readonly #operations: readonly Operation[];
  readonly #encryptor: Encryptor;
  readonly #codeHash: Uint8Array;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    const cast: Cast = randomCast(this.#random);
    const { network } = options;
    this.chain = new SimulatedChain({
      network,
      genesis: randomGenesis(this.#random, { network, cast }),
    });
    this.#people = [...cast.users];
    const steady = truncatedHashAddress(consensusKey("0"));
    this.#surroundings = new Surroundings(this.#random, steady);
    this.#encryptor = new Encryptor(this.chain.networkKeys.ioPublicKey);
    this.#codeHash = sha256(options.wasm);
    this.#operations = operations.filter(
      ({ typeUrl, isGoverned }) =>
        this.#isRouted(typeUrl) &&
        options.without?.test(typeUrl) !== true &&
        (isGoverned !== true || this.#isRouted(submitUrl)),
    );
  }

  /** What the operations say they do that nobody does here. */
  get messageTypes(): readonly Operation[] {
    return this.#operations;
  }

  /** @throws {SimulationFailure} for the first block after which something does not hold. */
  run(blocks: number): void {
    for (let block = 0; block < blocks; block++) this.block();
  }

  /**
   * Makes one block and checks what it left.
   * @param isQuiet nobody sends anything.
   * @throws {SimulationFailure}
   */
  block(isQuiet = false): void {
    const sent = isQuiet ? [] : this.#send();
    const height = this.chain.height + 1n;
    let results: readonly ExecTxResult[];
    try {
      const { txResults } = this.chain.block({
        txs: sent.map(({ tx }) => tx),
        elapsedNs: this.#surroundings.elapsedNs(),
        absent: this.#surroundings.absent(this.chain),
        misbehavior: this.#surroundings.misbehavior(this.chain),
      });
      // Those of schedules come first.
      results = txResults.slice(txResults.length - sent.length);
    } catch (cause) {
      const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      throw this.failure(height, [`the block cannot run: ${text}`], cause);
    }
    const faults = [...this.#count(sent, results), ...brokenIn(this.chain)];
    if (faults.length > 0) throw this.failure(height, faults);
  }

  /** A failure of this seed. */
  failure(height: bigint, faults: readonly string[], cause?: unknown): SimulationFailure {
    return new SimulationFailure({ seed: this.#options.seed, height, faults }, { cause });
  }

  #isRouted(typeUrl: string): boolean {
    return this.chain.chain.composition.messages.route(typeUrl) !== undefined;
  }

  /** Up to eight transactions of one to three messages; none before the first block. */
  #send(): readonly Sent[] {
    // Genesis is state only once the first block is committed.
    if (this.chain.height < this.chain.initialHeight) return [];
    const world = new World({
      chain: this.chain,
      random: this.#random,
      people: this.#people,
      contracts: {
        wasm: this.#options.wasm,
        encrypt: (message) => this.#encryptor.encrypt(this.#codeHash, message),
        plaintext: (message) => toHex(this.#codeHash) + JSON.stringify(message),
      },
    });
    const sequences = new Map<string, bigint>();
    const sent: Sent[] = [];
    for (let left = this.#random.below(9); left > 0; left--) {
      const actions = this.#actions(world);
      const tx = actions.length === 0 ? undefined : this.#sign(world, actions, sequences);
      if (tx === undefined) continue;
      this.chain.chain.checkTx({ tx, recheck: false });
      sent.push({ tx, types: actions.map(({ operation }) => operation.typeUrl) });
    }
    return sent;
  }

  /** Of one signer. */
  #actions(world: World): readonly Chosen[] {
    const chosen: Chosen[] = [];
    for (let left = this.#random.chance(1, 6) ? 3 : 1; left > 0; left--) {
      const operation = this.#pick();
      const action = operation.make(world);
      if (action === undefined) continue;
      const signer = chosen[0]?.action.signer ?? action.signer;
      if (action.signer !== signer) continue;
      chosen.push({ operation, action: operation.isGoverned ? proposed(world, action) : action });
    }
    return chosen;
  }

  #pick(): Operation {
    const total = this.#operations.reduce((sum, { weight }) => sum + weight, 0);
    let at = this.#random.below(total);
    for (const operation of this.#operations) {
      at -= operation.weight;
      if (at < 0) return operation;
    }
    return this.#operations[0]!;
  }

  /** @returns nothing for a signer without an account. */
  #sign(
    world: World,
    actions: readonly Chosen[],
    sequences: Map<string, bigint>,
  ): Uint8Array | undefined {
    const { signer } = actions[0]!.action;
    const { accounts } = world.composition;
    const account = accounts.getAccount(world.context, signer.address);
    if (account === undefined) return undefined;
    const text = world.text(signer);
    const sequence = sequences.get(text) ?? account.sequence;
    sequences.set(text, sequence + 1n);
    const random = this.#random;
    const gasLimit = random.chance(1, 30) ? BigInt(random.between(1, 60_000)) : 8_000_000n;
    const granter = random.chance(1, 6) ? this.#granterFor(world, text) : undefined;
    return signTx({
      signer,
      chainId: this.chain.network.chainId,
      accountNumber: account.accountNumber,
      sequence: random.chance(1, 50) ? sequence + 1n : sequence,
      messages: actions.map(({ action }) => action.message),
      fee: makeCoins({ denom: world.bondDenom, amount: BigInt(random.below(5_000)) }),
      gasLimit,
      memo: random.chance(1, 10) ? "a memo" : "",
      ...(granter === undefined ? {} : { granter }),
    });
  }

  #granterFor(world: World, grantee: string): string | undefined {
    const own = world.state.feeGrants().filter(({ value }) => value.grantee === grantee);
    return this.#random.pickIfAny(own)?.value.granter;
  }

  /** @returns panics: a handler of ours must say what is wrong. */
  *#count(sent: readonly Sent[], results: readonly ExecTxResult[]): Iterable<string> {
    for (const [index, { types }] of sent.entries()) {
      const { code, codespace, log } = results[index]!;
      for (const type of types) {
        const tally = this.tallies.get(type) ?? { ok: 0, refused: 0 };
        tally[code === 0 ? "ok" : "refused"] += 1;
        this.tallies.set(type, tally);
      }
      const isPanic = codespace === "undefined" && code === 111222;
      if (isPanic && !knownPanics.some((known) => known.test(log))) {
        yield `${types.join(" ")} panics: ${log}`;
      }
    }
  }
}

const submitUrl = `/${MsgSubmitProposalSchema.typeName}`;

interface Sent {
  readonly tx: Uint8Array;
  readonly types: readonly string[];
}

interface Chosen {
  readonly operation: Operation;
  readonly action: Action;
}

/** A message of governance as a proposal, with a deposit that is often enough. */
function proposed(world: World, { signer, message }: Action): Action {
  return {
    signer,
    message: anyOf(MsgSubmitProposalSchema, {
      messages: [message],
      proposer: world.text(signer),
      initialDeposit: proposalDeposit(world, signer),
      title: "a proposal",
      summary: "of the simulation",
      expedited: world.random.chance(1, 6),
    }),
  };
}

/** What of a chain's last state does not hold. */
export function brokenIn(chain: SimulatedChain): readonly string[] {
  const context = chain.context();
  return brokenInvariants({
    state: new StateReader(context.stores),
    context,
    composition: chain.chain.composition,
    bondDenom: chain.network.bondDenom,
  });
}

/** State root in hex. */
export function appHashText(simulation: Simulation): string {
  return toHex(simulation.chain.appHash);
}
