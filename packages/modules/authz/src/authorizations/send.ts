import { coinsFromWire, coinsToWire, subtractCoins } from "@tacit/encoding";
import { SendAuthorizationSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/authz";
import { type MsgSend, MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { sdkErrors } from "@tacit/sdk";
import { authzErrors } from "../errors.ts";
import { gasPerListedAddress } from "../limits.ts";
import { authorizationKind } from "./kind.ts";

const sendUrl = `/${MsgSendSchema.typeName}`;

/** Sends up to a sum, if wanted to some receivers only. */
export const sendAuthorization = authorizationKind(SendAuthorizationSchema, {
  typeUrl: () => sendUrl,
  validate: ({ spendLimit, allowList }) => {
    if (spendLimit.length === 0) throw sdkErrors.invalidCoins.wrap("spend limit cannot be nil");
    if (coinsFromWire(spendLimit).some(({ amount }) => amount <= 0n)) {
      throw sdkErrors.invalidCoins.wrap("spend limit must be positive");
    }
    if (new Set(allowList).size < allowList.length) throw authzErrors.duplicateEntry.make();
  },
  accept: (context, authorization, asked) => {
    if (asked.typeUrl !== sendUrl) throw sdkErrors.invalidType.wrap("type mismatch");
    const { amount, toAddress } = asked.value as MsgSend;
    const left = subtractCoins(coinsFromWire(authorization.spendLimit), coinsFromWire(amount));
    if (left === undefined) {
      throw sdkErrors.insufficientFunds.wrap("requested amount is more than spend limit");
    }
    let isListed = authorization.allowList.length === 0;
    for (const address of authorization.allowList) {
      context.gasMeter.consume(gasPerListedAddress, "send authorization");
      isListed = address === toAddress;
      if (isListed) break;
    }
    if (!isListed) throw sdkErrors.unauthorized.wrap(`cannot send to ${toAddress} address`);
    return left.length === 0 ? "delete" : { ...authorization, spendLimit: coinsToWire(left) };
  },
});
