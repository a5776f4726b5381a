/** Acting and paying for others. */
import { GenericAuthorizationSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import {
  MsgExecSchema,
  MsgGrantSchema,
  MsgRevokeSchema,
} from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import { SendAuthorizationSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/authz";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import {
  AllowedMsgAllowanceSchema,
  BasicAllowanceSchema,
  PeriodicAllowanceSchema,
} from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import {
  MsgGrantAllowanceSchema,
  MsgPruneAllowancesSchema,
  MsgRevokeAllowanceSchema,
} from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/tx";
import { StakeAuthorizationSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/authz";
import { MsgDelegateSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { type AnyValue, utf8Text } from "@tacit/sdk";
import { anyOf, type Operation, operation, type World } from "../world.ts";

const seconds = (value: bigint) => ({ seconds: value, nanos: 0 });

/** Two in three grants end. */
function expiration(world: World) {
  return world.random.chance(2, 3) ? { expiration: seconds(world.futureSeconds(30_000)) } : {};
}

function authorization(world: World): AnyValue {
  const { random } = world;
  const limit = [world.bondCoin(1n + random.belowBig(5_000_000n))];
  switch (random.below(3)) {
    case 0:
      return anyOf(SendAuthorizationSchema, {
        spendLimit: limit,
        allowList: random.chance(1, 3) ? [world.text(world.anyone())] : [],
      });
    case 1:
      return anyOf(StakeAuthorizationSchema, {
        authorizationType: random.pick([1, 2, 3] as const),
        ...(random.chance(1, 2) ? { maxTokens: limit[0]! } : {}),
        validators: {
          case: "allowList",
          value: { address: world.validators.slice(0, 3).map((each) => each.operatorAddress) },
        },
      });
    default:
      return anyOf(GenericAuthorizationSchema, { msg: `/${MsgSendSchema.typeName}` });
  }
}

const grant = operation(MsgGrantSchema, 5, (world) => {
  const [granter, grantee] = world.pair();
  return {
    by: granter,
    message: {
      granter: world.text(granter),
      grantee: world.text(grantee),
      grant: {
        authorization: authorization(world),
        ...expiration(world),
      },
    },
  };
});

interface GrantOfPair {
  readonly granter: string;
  readonly grantee: string;
  readonly typeUrl: string;
}

function anyGrant(world: World): GrantOfPair | undefined {
  const found = world.random.pickIfAny(world.state.authzGrants());
  if (found === undefined) return undefined;
  const { key } = found;
  const granterEnd = 1 + key[0]!;
  const granteeEnd = granterEnd + 1 + key[granterEnd]!;
  return {
    granter: world.addresses.toText(key.slice(1, granterEnd)),
    grantee: world.addresses.toText(key.slice(granterEnd + 1, granteeEnd)),
    typeUrl: utf8Text(key.slice(granteeEnd)),
  };
}

const revoke = operation(MsgRevokeSchema, 2, (world) => {
  const found = anyGrant(world);
  const by = found && world.person(found.granter);
  if (by === undefined) return undefined;
  const { granter, grantee, typeUrl } = found!;
  return { by, message: { granter, grantee, msgTypeUrl: typeUrl } };
});

/** For a granter whose grant there is, or without one. */
const exec = operation(MsgExecSchema, 6, (world) => {
  const found = world.random.chance(9, 10) ? anyGrant(world) : undefined;
  const by = found === undefined ? world.anyone() : world.person(found.grantee);
  const granter = found === undefined ? world.anyone() : world.person(found.granter);
  if (by === undefined || granter === undefined) return undefined;
  const inner = found?.typeUrl.endsWith("MsgDelegate")
    ? anyOf(MsgDelegateSchema, {
        delegatorAddress: world.text(granter),
        validatorAddress: world.anyValidator()?.operatorAddress ?? "",
        amount: world.bondCoin(1n + world.random.belowBig(1_000_000n)),
      })
    : anyOf(MsgSendSchema, {
        fromAddress: world.text(granter),
        toAddress: world.text(world.anyone()),
        amount: [world.bondCoin(1n + world.random.belowBig(1_000_000n))],
      });
  const msgs = [inner];
  return { by, message: { grantee: world.text(by), msgs } };
});

function allowance(world: World): AnyValue {
  const { random } = world;
  const spendLimit = random.chance(2, 3) ? [world.bondCoin(1n + random.belowBig(2_000_000n))] : [];
  const basic = { spendLimit, ...expiration(world) };
  const kind = random.below(3);
  if (kind === 0) return anyOf(BasicAllowanceSchema, basic);
  const limit = [world.bondCoin(BigInt(random.between(1_000, 100_000)))];
  const periodic = anyOf(PeriodicAllowanceSchema, {
    basic,
    period: seconds(BigInt(random.between(1, 5_000))),
    periodSpendLimit: limit,
    periodCanSpend: limit,
    periodReset: seconds(world.now + BigInt(random.between(1, 5_000))),
  });
  if (kind === 1) return periodic;
  return anyOf(AllowedMsgAllowanceSchema, {
    allowance: periodic,
    allowedMessages: [`/${MsgSendSchema.typeName}`, `/${MsgDelegateSchema.typeName}`],
  });
}

const grantAllowance = operation(MsgGrantAllowanceSchema, 5, (world) => {
  const [granter, grantee] = world.pair();
  return {
    by: granter,
    message: {
      granter: world.text(granter),
      grantee: world.text(grantee),
      allowance: allowance(world),
    },
  };
});

const revokeAllowance = operation(MsgRevokeAllowanceSchema, 2, (world) => {
  const found = world.random.pickIfAny(world.state.feeGrants())?.value;
  const by = found && world.person(found.granter);
  if (by === undefined) return undefined;
  const { granter, grantee } = found!;
  return { by, message: { granter, grantee } };
});

const prune = operation(MsgPruneAllowancesSchema, 1, (world) => {
  const by = world.anyone();
  return { by, message: { pruner: world.text(by) } };
});

export const grantOperations: readonly Operation[] = [
  grant,
  revoke,
  exec,
  grantAllowance,
  revokeAllowance,
  prune,
];
