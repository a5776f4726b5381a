/** Invariants of `authz` and `feegrant`: what ends stands in its queue, and what ended is gone. */
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { decodeMessage } from "@tacit/encoding";
import { GrantQueueItemSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import {
  AllowedMsgAllowanceSchema,
  BasicAllowanceSchema,
  PeriodicAllowanceSchema,
} from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import { type AnyValue, sortableTime, sortableTimeBytes, utf8Text } from "@tacit/sdk";
import type { Invariant } from "./invariant.ts";

const timeText = (time: Timestamp) => utf8Text(sortableTime(time));

const authzQueue: Invariant = {
  name: "authz/queue",
  *broken({ state, context }) {
    const queued = new Set<string>();
    for (const { key, value } of state.entries("authz", 0x02)) {
      const time = utf8Text(key.slice(0, sortableTimeBytes));
      if (time <= utf8Text(sortableTime(context.time)))
        yield `a grant that ended ${time} is queued`;
      const pair = key.slice(sortableTimeBytes).join();
      for (const url of decodeMessage(GrantQueueItemSchema, value).msgTypeUrls) {
        const entry = `${time} ${pair} ${url}`;
        if (queued.has(entry)) yield `queued twice: ${entry}`;
        queued.add(entry);
      }
    }
    for (const { key, value } of state.authzGrants()) {
      if (value.expiration === undefined) continue;
      const granterEnd = 1 + key[0]!;
      const granteeEnd = granterEnd + 1 + key[granterEnd]!;
      const pair = key.slice(0, granteeEnd).join();
      const entry = `${timeText(value.expiration)} ${pair} ${utf8Text(key.slice(granteeEnd))}`;
      if (!queued.delete(entry)) yield `a grant is not queued: ${entry}`;
    }
    for (const entry of queued) yield `queued without a grant: ${entry}`;
  },
};

/** Places in the queue outlive a revocation, as in the SDK: only the other direction holds. */
const feegrantQueue: Invariant = {
  name: "feegrant/queue",
  *broken({ state, context }) {
    const queued = new Set<string>();
    for (const { key } of state.entries("feegrant", 0x01)) {
      const time = utf8Text(key.slice(0, sortableTimeBytes));
      if (time <= utf8Text(sortableTime(context.time))) {
        yield `an allowance that ended ${time} is queued`;
      }
      queued.add(`${time} ${key.slice(sortableTimeBytes).join()}`);
    }
    for (const { key, value } of state.feeGrants()) {
      const expiration = value.allowance && expirationOf(value.allowance);
      if (expiration === undefined) continue;
      if (!queued.has(`${timeText(expiration)} ${key.join()}`)) {
        yield `an allowance of ${value.granter} for ${value.grantee} is not queued`;
      }
    }
  },
};

function expirationOf({ typeUrl, value }: AnyValue): Timestamp | undefined {
  switch (typeUrl) {
    case `/${BasicAllowanceSchema.typeName}`:
      return decodeMessage(BasicAllowanceSchema, value).expiration;
    case `/${PeriodicAllowanceSchema.typeName}`:
      return decodeMessage(PeriodicAllowanceSchema, value).basic?.expiration;
    case `/${AllowedMsgAllowanceSchema.typeName}`: {
      const { allowance } = decodeMessage(AllowedMsgAllowanceSchema, value);
      return allowance && expirationOf(allowance);
    }
    default:
      return undefined;
  }
}

export const grantInvariants: readonly Invariant[] = [authzQueue, feegrantQueue];
