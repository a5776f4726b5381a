/**
 * State as its bytes say: key by key, without the modules' own code, so that what is checked does
 * not check itself. @see chain-and-client-api section 5.3
 */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { decodeMessage } from "@tacit/encoding";
import { BaseAccountSchema } from "@tacit/encoding/proto/cosmos/auth/v1beta1/auth";
import { GrantSchema as AuthzGrantSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import { GrantSchema as FeeGrantSchema } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import {
  type Delegation,
  DelegationSchema,
  type Redelegation,
  RedelegationSchema,
  ParamsSchema as StakingParamsSchema,
  type UnbondingDelegation,
  UnbondingDelegationSchema,
  type Validator,
  ValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { prefixEnd, utf8Text } from "@tacit/sdk";
import type { MultiStore } from "@tacit/store";

export interface Entry<Value> {
  /** Without the prefix. */
  readonly key: Uint8Array;
  readonly value: Value;
}

export interface Balance {
  readonly address: Uint8Array;
  readonly denom: string;
  /** As the bytes have it: a negative amount shows. */
  readonly amount: bigint;
}

export class StateReader {
  readonly #stores: MultiStore;

  constructor(stores: MultiStore) {
    this.#stores = stores;
  }

  get(store: string, ...key: number[]): Uint8Array | undefined {
    return this.#stores.kvStore(store).get(Uint8Array.from(key));
  }

  /** Everything under a prefix, in key order. */
  *entries(store: string, ...prefix: number[]): Iterable<Entry<Uint8Array>> {
    const start = Uint8Array.from(prefix);
    const pairs =
      prefix.length === 0
        ? this.#stores.kvStore(store).iterator()
        : this.#stores.kvStore(store).iterator(start, prefixEnd(start));
    for (const [key, value] of pairs) yield { key: key.slice(start.length), value };
  }

  decoded<Schema extends DescMessage>(
    schema: Schema,
    store: string,
    ...prefix: number[]
  ): readonly Entry<MessageShape<Schema>>[] {
    return Array.from(this.entries(store, ...prefix), ({ key, value }) => ({
      key,
      value: decodeMessage(schema, value),
    }));
  }

  #values<Schema extends DescMessage>(schema: Schema, store: string, prefix: number) {
    return this.decoded(schema, store, prefix).map(({ value }) => value);
  }

  validators(): readonly Validator[] {
    return this.#values(ValidatorSchema, "staking", 0x21);
  }

  delegations(): readonly Delegation[] {
    return this.#values(DelegationSchema, "staking", 0x31);
  }

  unbondings(): readonly UnbondingDelegation[] {
    return this.#values(UnbondingDelegationSchema, "staking", 0x32);
  }

  redelegations(): readonly Redelegation[] {
    return this.#values(RedelegationSchema, "staking", 0x34);
  }

  stakingParams() {
    return decodeMessage(StakingParamsSchema, this.get("staking", 0x51) ?? new Uint8Array());
  }

  balances(): readonly Balance[] {
    return Array.from(this.entries("bank", 0x02), ({ key, value }) => {
      const end = 1 + key[0]!;
      return {
        address: key.slice(1, end),
        denom: utf8Text(key.slice(end)),
        amount: BigInt(utf8Text(value)),
      };
    });
  }

  /** Amounts by denomination. */
  supply(): ReadonlyMap<string, bigint> {
    return new Map(
      Array.from(this.entries("bank", 0x00), ({ key, value }) => [
        utf8Text(key),
        BigInt(utf8Text(value)),
      ]),
    );
  }

  authzGrants() {
    return this.decoded(AuthzGrantSchema, "authz", 0x01);
  }

  feeGrants() {
    return this.decoded(FeeGrantSchema, "feegrant", 0x00);
  }
}

export const baseAccountUrl = `/${BaseAccountSchema.typeName}`;
