/** Stake comes, moves, goes. */
import { create } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { Dec, encodeMessage } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import type { Delegation } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import {
  MsgBeginRedelegateSchema,
  MsgCancelUnbondingDelegationSchema,
  MsgCreateValidatorSchema,
  MsgDelegateSchema,
  MsgEditValidatorSchema,
  MsgUndelegateSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import type { KeyedAccount } from "../../signer.ts";
import { consensusKey, randomDec } from "../genesis.ts";
import { governed, type Operation, operation, type World } from "../world.ts";

const createValidator = operation(MsgCreateValidatorSchema, 3, (world) => {
  const by = world.anyone();
  const { random } = world;
  const name = random.chance(1, 10) ? "0" : `new ${random.below(1_000_000)}`;
  return {
    by,
    message: {
      description: { moniker: `validator of ${world.text(by).slice(-6)}` },
      commission: {
        rate: randomDec(random, 0, 30).toWire(),
        maxRate: randomDec(random, 20, 100).toWire(),
        maxChangeRate: randomDec(random, 0, 20).toWire(),
      },
      minSelfDelegation: `${random.between(1, 1_000)}`,
      validatorAddress: world.operatorOf(by),
      pubkey: {
        typeUrl: `/${PubKeySchema.typeName}`,
        value: encodeMessage(PubKeySchema, { key: consensusKey(name) }),
      },
      value: world.bondCoin(world.amountOf(by)),
    },
  };
});

const editValidator = operation(MsgEditValidatorSchema, 3, (world) => {
  const validator = world.anyValidator();
  const by = validator && world.operator(validator);
  if (by === undefined) return undefined;
  const { random } = world;
  const keep = "[do-not-modify]";
  return {
    by,
    message: {
      description: {
        moniker: random.chance(1, 2) ? keep : `renamed ${random.below(100)}`,
        identity: keep,
        website: keep,
        securityContact: keep,
        details: random.chance(1, 2) ? keep : "details",
      },
      validatorAddress: validator!.operatorAddress,
      commissionRate: random.chance(1, 2) ? "" : randomDec(random, 0, 30).toWire(),
      minSelfDelegation: random.chance(1, 4) ? `${random.between(1, 2_000)}` : "",
    },
  };
});

const delegate = operation(MsgDelegateSchema, 12, (world) => {
  const by = world.anyone();
  const validator = world.anyValidator();
  if (validator === undefined) return undefined;
  return {
    by,
    message: {
      delegatorAddress: world.text(by),
      validatorAddress: validator.operatorAddress,
      amount: world.bondCoin(world.amountOf(by)),
    },
  };
});

interface Held {
  readonly by: KeyedAccount;
  readonly delegation: Delegation;
  /** Part of what it is worth. */
  readonly amount: bigint;
}

/** A delegation of somebody with a key; the first validator keeps its own stake. */
export function heldDelegation(world: World): Held | undefined {
  const delegation = world.random.pickIfAny(world.state.delegations());
  const by = delegation && world.person(delegation.delegatorAddress);
  if (by === undefined || world.operatorOf(by) === world.operatorOf(world.people[0]!)) {
    return undefined;
  }
  const validator = world.validators.find(
    ({ operatorAddress }) => operatorAddress === delegation!.validatorAddress,
  );
  const total = Dec.fromWire(validator?.delegatorShares ?? "0");
  if (total.isZero) return undefined;
  const worth = Dec.fromWire(delegation!.shares).mulInt(BigInt(validator!.tokens)).quo(total);
  return { by, delegation: delegation!, amount: world.part(worth.truncateInt()) };
}

const undelegate = operation(MsgUndelegateSchema, 8, (world) => {
  const held = heldDelegation(world);
  if (held === undefined) return undefined;
  const { delegatorAddress, validatorAddress } = held.delegation;
  const amount = world.bondCoin(held.amount);
  return { by: held.by, message: { delegatorAddress, validatorAddress, amount } };
});

const redelegate = operation(MsgBeginRedelegateSchema, 8, (world) => {
  const held = heldDelegation(world);
  const target = world.anyValidator();
  if (held === undefined || target === undefined) return undefined;
  return {
    by: held.by,
    message: {
      delegatorAddress: held.delegation.delegatorAddress,
      validatorSrcAddress: held.delegation.validatorAddress,
      validatorDstAddress: target.operatorAddress,
      amount: world.bondCoin(held.amount),
    },
  };
});

const cancelUnbonding = operation(MsgCancelUnbondingDelegationSchema, 4, (world) => {
  const unbonding = world.random.pickIfAny(world.state.unbondings());
  const by = unbonding && world.person(unbonding.delegatorAddress);
  const entry = world.random.pickIfAny(unbonding?.entries ?? []);
  if (by === undefined || entry === undefined) return undefined;
  return {
    by,
    message: {
      delegatorAddress: unbonding!.delegatorAddress,
      validatorAddress: unbonding!.validatorAddress,
      amount: world.bondCoin(world.part(BigInt(entry.balance))),
      creationHeight: entry.creationHeight,
    },
  };
});

const updateParams = governed(MsgUpdateParamsSchema, 2, (world) => {
  const params = world.state.stakingParams();
  const { random } = world;
  return {
    authority: world.authority,
    params: {
      ...params,
      maxValidators: random.between(3, 10),
      maxEntries: random.between(1, 7),
      historicalEntries: random.pick([0, 3, 50]),
      unbondingTime: create(DurationSchema, { seconds: BigInt(random.between(60, 200_000)) }),
    },
  };
});

export const stakingOperations: readonly Operation[] = [
  createValidator,
  editValidator,
  delegate,
  undelegate,
  redelegate,
  cancelUnbonding,
  updateParams,
];
