/** What operations see of a chain when they decide what to do. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { Composition } from "@tacit/app";
import { moduleAddress } from "@tacit/crypto";
import { type Coins, coinsToWire, encodeMessage, makeCoins } from "@tacit/encoding";
import type { Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type AddressCodec, type AnyValue, type Context, createAddressCodec } from "@tacit/sdk";
import type { Random } from "../random.ts";
import type { KeyedAccount } from "../signer.ts";
import type { SimulatedChain } from "../simulated-chain.ts";
import { StateReader } from "./state.ts";

/** One message to be sent. */
export interface Action {
  readonly signer: KeyedAccount;
  readonly message: AnyValue;
}

/** What one message type does in a simulation. */
export interface Operation {
  readonly typeUrl: string;
  /** How often, against the others' weights. */
  readonly weight: number;
  /** Why it never succeeds here; absent where it does. */
  readonly refused?: string;
  /** Only governance may send it: wrapped into a proposal. `make` gives the inner message. */
  readonly isGoverned?: boolean;
  /** @returns nothing when there is nothing to act on. */
  make(world: World): Action | undefined;
}

export interface WorldParts {
  readonly chain: SimulatedChain;
  readonly random: Random;
  /** Whoever has a key; new accounts are added. */
  readonly people: KeyedAccount[];
  readonly contracts: ContractWorld;
}

/** What operations on contracts remember, because ciphertexts cannot be made up. */
export interface ContractWorld {
  encrypt(message: object): Uint8Array;
  /** What a schedule holds: the code's hash in hex, then the message. */
  plaintext(message: object): string;
  readonly wasm: Uint8Array;
}

const unit = 1_000_000n;

/** Made anew before each block. */
export class World {
  readonly random: Random;
  readonly people: KeyedAccount[];
  readonly contracts: ContractWorld;
  readonly state: StateReader;
  readonly context: Context;
  readonly addresses: AddressCodec;
  readonly operators: AddressCodec;
  readonly consensusAddresses: AddressCodec;
  readonly bondDenom: string;
  readonly composition: Composition;
  readonly chain: SimulatedChain;
  #validators: readonly Validator[] | undefined;

  constructor({ chain, random, people, contracts }: WorldParts) {
    this.chain = chain;
    this.random = random;
    this.people = people;
    this.contracts = contracts;
    this.context = chain.context();
    this.state = new StateReader(this.context.stores);
    this.composition = chain.chain.composition;
    this.addresses = this.composition.addresses;
    this.operators = createAddressCodec(`${this.addresses.prefix}valoper`);
    this.consensusAddresses = createAddressCodec(`${this.addresses.prefix}valcons`);
    this.bondDenom = chain.network.bondDenom;
  }

  get authority(): string {
    return this.addresses.toText(moduleAddress("gov"));
  }

  /** Of the last block, in seconds. */
  get now(): bigint {
    return this.chain.time.seconds;
  }

  get validators(): readonly Validator[] {
    this.#validators ??= this.state.validators();
    return this.#validators;
  }

  text(account: KeyedAccount): string {
    return this.addresses.toText(account.address);
  }

  anyone(): KeyedAccount {
    return this.random.pick(this.people);
  }

  /** Two different people. */
  pair(): readonly [KeyedAccount, KeyedAccount] {
    const first = this.random.below(this.people.length);
    const step = 1 + this.random.below(this.people.length - 1);
    return [this.people[first]!, this.people[(first + step) % this.people.length]!];
  }

  /** Whose address it is, of those with a key. */
  person(bech32: string): KeyedAccount | undefined {
    return this.people.find((account) => this.text(account) === bech32);
  }

  operatorOf(account: KeyedAccount): string {
    return this.operators.toText(account.address);
  }

  /** Who operates a validator, if it has a key here. */
  operator(validator: { readonly operatorAddress: string }): KeyedAccount | undefined {
    return this.person(this.addresses.toText(this.operators.toBytes(validator.operatorAddress)));
  }

  anyValidator(): Validator | undefined {
    return this.random.pickIfAny(this.validators);
  }

  spendable(account: KeyedAccount): Coins {
    return this.composition.bank.spendableCoins(this.context, account.address);
  }

  /** A part of what an account may spend of one coin; rarely more than that. */
  amountOf(account: KeyedAccount, denom = this.bondDenom): bigint {
    const has = this.spendable(account).find((coin) => coin.denom === denom)?.amount ?? 0n;
    return this.part(has);
  }

  /** 1 to a quarter of `whole`; sometimes all of it, or one more. */
  part(whole: bigint): bigint {
    if (this.random.chance(1, 30)) return whole + 1n;
    if (this.random.chance(1, 20)) return whole > 0n ? whole : 1n;
    return 1n + this.random.belowBig(whole / 4n);
  }

  /** Something of one coin that the account has. */
  coinsOf(account: KeyedAccount): Coins {
    const has = this.random.pickIfAny(this.spendable(account));
    if (has === undefined) return makeCoins({ denom: this.bondDenom, amount: unit });
    return makeCoins({ denom: has.denom, amount: this.part(has.amount) });
  }

  wireCoins(account: KeyedAccount) {
    return [...coinsToWire(this.coinsOf(account))];
  }

  bondCoin(amount: bigint) {
    return { denom: this.bondDenom, amount: amount.toString() };
  }

  /** Some time from now; one in eight is past. */
  futureSeconds(most: number): bigint {
    if (this.random.chance(1, 8)) return this.now - BigInt(this.random.below(100));
    return this.now + BigInt(this.random.between(1, most));
  }
}

export function anyOf<Schema extends DescMessage>(
  schema: Schema,
  value: MessageInitShape<Schema>,
): AnyValue {
  return { typeUrl: `/${schema.typeName}`, value: encodeMessage(schema, value) };
}

/** An operation from its message's schema. */
export function operation<Schema extends DescMessage>(
  schema: Schema,
  weight: number,
  make: (
    world: World,
  ) => { readonly by: KeyedAccount; readonly message: MessageInitShape<Schema> } | undefined,
  more: Pick<Operation, "refused"> = {},
): Operation {
  return {
    typeUrl: `/${schema.typeName}`,
    weight,
    ...more,
    make: (world) => {
      const made = make(world);
      return made && { signer: made.by, message: anyOf(ofNetwork(world, schema), made.message) };
    },
  };
}

/** A network's type of that name may have fewer fields than the generated one. */
function ofNetwork<Schema extends DescMessage>(world: World, schema: Schema): Schema {
  return (world.composition.types.getMessage(schema.typeName) ?? schema) as Schema;
}

/** An operation of governance: proposed by anyone, decided by votes. */
export function governed<Schema extends DescMessage>(
  schema: Schema,
  weight: number,
  make: (world: World) => MessageInitShape<Schema> | undefined,
  more: Pick<Operation, "refused"> = {},
): Operation {
  return {
    ...operation(
      schema,
      weight,
      (world) => {
        const message = make(world);
        return message && { by: world.anyone(), message };
      },
      more,
    ),
    isGoverned: true,
  };
}
