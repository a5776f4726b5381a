/** Vesting, circuits, upgrades, evidence, jails, and what governance decides about parameters. */
import { decodeMessage } from "@tacit/encoding";
import { ParamsSchema as AuthParamsSchema } from "@tacit/encoding/proto/cosmos/auth/v1beta1/auth";
import { MsgUpdateParamsSchema as AuthMsgUpdateParamsSchema } from "@tacit/encoding/proto/cosmos/auth/v1beta1/tx";
import {
  MsgAuthorizeCircuitBreakerSchema,
  MsgResetCircuitBreakerSchema,
  MsgTripCircuitBreakerSchema,
} from "@tacit/encoding/proto/cosmos/circuit/v1/tx";
import { Permissions_Level } from "@tacit/encoding/proto/cosmos/circuit/v1/types";
import { MsgUpdateParamsSchema as ConsensusMsgUpdateParamsSchema } from "@tacit/encoding/proto/cosmos/consensus/v1/tx";
import { EquivocationSchema } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/evidence";
import { MsgSubmitEvidenceSchema } from "@tacit/encoding/proto/cosmos/evidence/v1beta1/tx";
import { ParamsSchema as MintParamsSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/mint";
import { MsgUpdateParamsSchema as MintMsgUpdateParamsSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/tx";
import { ParamsSchema as SlashingParamsSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import {
  MsgUnjailSchema,
  MsgUpdateParamsSchema as SlashingMsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/slashing/v1beta1/tx";
import {
  MsgCancelUpgradeSchema,
  MsgSoftwareUpgradeSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import {
  MsgCreatePeriodicVestingAccountSchema,
  MsgCreatePermanentLockedAccountSchema,
  MsgCreateVestingAccountSchema,
} from "@tacit/encoding/proto/cosmos/vesting/v1beta1/tx";
import { utf8Bytes } from "@tacit/sdk";
import { type KeyedAccount, keyedAccount } from "../../signer.ts";
import { randomDec } from "../genesis.ts";
import { anyOf, governed, type Operation, operation, type World } from "../world.ts";

/** A new account, which acts like the others from now on; sometimes one that exists. */
function newAccount(world: World): string {
  if (world.random.chance(1, 8)) return world.text(world.anyone());
  const account = keyedAccount(`vesting ${world.random.below(1_000_000)}`);
  if (world.people.length < 60) world.people.push(account);
  return world.text(account);
}

const createVesting = operation(MsgCreateVestingAccountSchema, 2, (world) => {
  const by = world.anyone();
  return {
    by,
    message: {
      fromAddress: world.text(by),
      toAddress: newAccount(world),
      amount: [world.bondCoin(1n + world.amountOf(by) / 2n)],
      endTime: world.futureSeconds(300_000),
      delayed: world.random.chance(1, 2),
    },
  };
});

const createLocked = operation(MsgCreatePermanentLockedAccountSchema, 1, (world) => {
  const by = world.anyone();
  const amount = [world.bondCoin(1n + world.amountOf(by) / 4n)];
  return { by, message: { fromAddress: world.text(by), toAddress: newAccount(world), amount } };
});

const createPeriodic = operation(MsgCreatePeriodicVestingAccountSchema, 2, (world) => {
  const by = world.anyone();
  const vestingPeriods = Array.from({ length: world.random.between(1, 4) }, () => ({
    length: BigInt(world.random.between(10, 50_000)),
    amount: [world.bondCoin(1n + world.amountOf(by) / 10n)],
  }));
  return {
    by,
    message: {
      fromAddress: world.text(by),
      toAddress: newAccount(world),
      startTime: world.futureSeconds(1_000),
      vestingPeriods,
    },
  };
});

/** Types whose stop does not stop the simulation. */
const breakable = [
  "/cosmos.vesting.v1beta1.MsgCreateVestingAccount",
  "/cosmos.bank.v1beta1.MsgMultiSend",
  "/cosmos.feegrant.v1beta1.MsgPruneAllowances",
];

/** The second user may do everything from the start. */
function guardian(world: World): KeyedAccount {
  return world.random.chance(5, 6) ? world.people[1]! : world.anyone();
}

const authorize = operation(MsgAuthorizeCircuitBreakerSchema, 1, (world) => {
  const by = guardian(world);
  const level = world.random.pick([
    Permissions_Level.SOME_MSGS,
    Permissions_Level.ALL_MSGS,
    Permissions_Level.NONE_UNSPECIFIED,
  ]);
  const grantee = world.random.pick(world.people.slice(2));
  const limitTypeUrls = level === Permissions_Level.SOME_MSGS ? breakable.slice(0, 2) : [];
  return {
    by,
    message: {
      granter: world.text(by),
      grantee: world.text(grantee),
      permissions: { level, limitTypeUrls },
    },
  };
});

const trip = operation(MsgTripCircuitBreakerSchema, 1, (world) => {
  const by = guardian(world);
  const msgTypeUrls = [world.random.pick(breakable)];
  return { by, message: { authority: world.text(by), msgTypeUrls } };
});

const reset = operation(MsgResetCircuitBreakerSchema, 3, (world) => {
  const by = guardian(world);
  const msgTypeUrls = [world.random.pick(breakable)];
  return { by, message: { authority: world.text(by), msgTypeUrls } };
});

/** So far ahead that it never comes. */
const upgrade = governed(MsgSoftwareUpgradeSchema, 1, (world) => ({
  authority: world.authority,
  plan: {
    name: `plan ${world.random.below(10)}`,
    height: world.context.height + 1_000_000n,
    info: "",
    time: { seconds: -62_135_596_800n, nanos: 0 },
  },
}));

const cancelUpgrade = governed(MsgCancelUpgradeSchema, 1, (world) => ({
  authority: world.authority,
}));

const submitEvidence = operation(
  MsgSubmitEvidenceSchema,
  1,
  (world) => {
    const by = world.anyone();
    const evidence = anyOf(EquivocationSchema, {
      height: BigInt(world.random.below(3)),
      time: { seconds: world.now, nanos: 0 },
      power: BigInt(world.random.below(3)),
      consensusAddress: world.random.chance(1, 2) ? "x" : "",
    });
    return {
      by,
      message: {
        submitter: world.text(by),
        evidence: evidence,
      },
    };
  },
  { refused: "no kind of evidence has a handler" },
);

const unjail = operation(MsgUnjailSchema, 6, (world) => {
  const jailed = world.validators.filter((validator) => validator.jailed);
  const validator = world.random.pickIfAny(jailed) ?? world.anyValidator();
  const by = validator && world.operator(validator);
  return by && { by, message: { validatorAddr: validator!.operatorAddress } };
});

const updateAuth = governed(AuthMsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  params: {
    ...decodeMessage(AuthParamsSchema, world.state.get("acc", 0x00)!),
    txSizeCostPerByte: BigInt(world.random.between(1, 12)),
  },
}));

const updateSlashing = governed(SlashingMsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  params: {
    ...decodeMessage(SlashingParamsSchema, world.state.get("slashing", 0x00)!),
    slashFractionDowntime: utf8Bytes(randomDec(world.random, 0, 10).toWire()),
    minSignedPerWindow: utf8Bytes(randomDec(world.random, 20, 90).toWire()),
  },
}));

const updateMint = governed(MintMsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  params: {
    ...decodeMessage(MintParamsSchema, world.state.get("mint", 0x01)!),
    goalBonded: randomDec(world.random, 30, 90).toWire(),
  },
}));

const updateConsensus = governed(ConsensusMsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  block: { maxBytes: 22_020_096n, maxGas: world.random.chance(1, 2) ? -1n : 30_000_000n },
  evidence: {
    maxAgeNumBlocks: BigInt(world.random.between(5, 100)),
    maxAgeDuration: { seconds: BigInt(world.random.between(60, 10_000)), nanos: 0 },
    maxBytes: 1_048_576n,
  },
  validator: { pubKeyTypes: ["ed25519"] },
}));

export const chainOperations: readonly Operation[] = [
  createVesting,
  createLocked,
  createPeriodic,
  authorize,
  trip,
  reset,
  upgrade,
  cancelUpgrade,
  submitEvidence,
  unjail,
  updateAuth,
  updateSlashing,
  updateMint,
  updateConsensus,
];
