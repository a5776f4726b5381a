import { coinFromWire, coinToWire, type WireCoin } from "@tacit/encoding";
import {
  AuthorizationType,
  StakeAuthorizationSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/authz";
import {
  type MsgBeginRedelegate,
  MsgBeginRedelegateSchema,
  MsgCancelUnbondingDelegationSchema,
  type MsgDelegate,
  MsgDelegateSchema,
  MsgUndelegateSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { type Context, PanicError, PlainError, sdkErrors } from "@tacit/sdk";
import { authzErrors } from "../errors.ts";
import { gasPerListedAddress } from "../limits.ts";
import { type AskedMessage, authorizationKind } from "./kind.ts";

const redelegateUrl = `/${MsgBeginRedelegateSchema.typeName}`;
const urlByType: ReadonlyMap<number, string> = new Map([
  [AuthorizationType.DELEGATE, `/${MsgDelegateSchema.typeName}`],
  [AuthorizationType.UNDELEGATE, `/${MsgUndelegateSchema.typeName}`],
  [AuthorizationType.REDELEGATE, redelegateUrl],
  [
    AuthorizationType.CANCEL_UNBONDING_DELEGATION,
    `/${MsgCancelUnbondingDelegationSchema.typeName}`,
  ],
]);
const stakingUrls = new Set(urlByType.values());

/** Delegating and the like up to a sum, with some validators only or with all but some. */
export const stakeAuthorization = authorizationKind(StakeAuthorizationSchema, {
  typeUrl: ({ authorizationType }) => {
    const url = urlByType.get(authorizationType);
    if (url === undefined) {
      throw new PanicError(
        "cannot normalize authz type with types.AuthorizationType: unknown authorization type",
      );
    }
    return url;
  },
  validate: ({ maxTokens, authorizationType }) => {
    if (maxTokens !== undefined && coinFromWire(maxTokens).amount < 0n) {
      const text = `${maxTokens.amount}${maxTokens.denom}`;
      throw authzErrors.negativeMaxTokens.wrap(`negative coin amount: ${text}`);
    }
    if (authorizationType === AuthorizationType.UNSPECIFIED) throw authzErrors.unknownType.make();
  },
  accept: (context, authorization, asked) => {
    const { validator, amount } = stakeOf(asked);
    assertValidator(context, authorization.validators, validator);
    const { maxTokens } = authorization;
    if (maxTokens === undefined) return authorization;
    const left = subtract(maxTokens, amount);
    return left === 0n
      ? "delete"
      : { ...authorization, maxTokens: coinToWire({ denom: maxTokens.denom, amount: left }) };
  },
});

function stakeOf({ typeUrl, value }: AskedMessage): {
  readonly validator: string;
  readonly amount: WireCoin | undefined;
} {
  if (!stakingUrls.has(typeUrl)) throw sdkErrors.invalidRequest.wrap("unknown msg type");
  if (typeUrl === redelegateUrl) {
    const { validatorDstAddress, amount } = value as MsgBeginRedelegate;
    return { validator: validatorDstAddress, amount };
  }
  const { validatorAddress, amount } = value as MsgDelegate;
  return { validator: validatorAddress, amount };
}

/** The two lists, of which an authorization has one. */
type Lists =
  | { readonly case: "allowList" | "denyList"; readonly value: { readonly address: string[] } }
  | { readonly case: undefined };

function assertValidator(context: Context, lists: Lists, validator: string): void {
  if (lists.case === undefined) return;
  const refused = sdkErrors.unauthorized.wrap(
    `cannot delegate/undelegate to ${validator} validator`,
  );
  const { address: listed } = lists.value;
  for (const address of listed) {
    context.gasMeter.consume(gasPerListedAddress, "stake authorization");
    if (address !== validator) continue;
    if (lists.case === "denyList") throw refused;
    return;
  }
  if (lists.case === "allowList" && listed.length > 0) throw refused;
}

function subtract(max: WireCoin, amount: WireCoin | undefined): bigint {
  if (amount?.denom !== max.denom) {
    throw new PlainError(`invalid coin denoms: ${max.denom}, ${amount?.denom ?? ""}`);
  }
  const left = coinFromWire(max).amount - coinFromWire(amount).amount;
  if (left < 0n) throw new PlainError(`negative coin amount: ${left}${max.denom}`);
  return left;
}
