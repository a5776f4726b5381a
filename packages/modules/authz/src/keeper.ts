/** Grants in the store. Gas is charged read by read and write by write as the SDK's keeper does. */
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { decodeMessage, encodeMessage, timestampTextShort } from "@tacit/encoding";
import {
  type Grant,
  GrantQueueItemSchema,
  GrantSchema,
} from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import {
  EventGrantSchema,
  EventRevokeSchema,
} from "@tacit/encoding/proto/cosmos/authz/v1beta1/event";
import {
  type AnyValue,
  type Context,
  type MessageRouter,
  prefixEnd,
  sdkErrors,
  type TypeResolver,
  typedEvent,
  utf8Text,
} from "@tacit/sdk";
import { genericAuthorization } from "./authorizations/generic.ts";
import type { Authorization, AuthorizationKind } from "./authorizations/kind.ts";
import { sendAuthorization } from "./authorizations/send.ts";
import { stakeAuthorization } from "./authorizations/stake.ts";
import { authzErrors } from "./errors.ts";
import type { AuthzAccounts, AuthzBank } from "./expected.ts";
import {
  authzStoreName,
  grantKey,
  grantPrefix,
  type Pair,
  pairOfQueueKey,
  queueEnd,
  queueKey,
  queuePrefix,
  splitPair,
} from "./keys.ts";
import { gasPerQueueItem } from "./limits.ts";

export interface AuthzKeeperOptions {
  readonly accounts: AuthzAccounts;
  readonly bank: AuthzBank;
  /** Runs what MsgExec holds. */
  readonly messages: MessageRouter;
  readonly types: TypeResolver;
  /** Beyond generic, send and stake. */
  readonly kinds?: readonly AuthorizationKind[];
}

export class AuthzKeeper {
  readonly options: AuthzKeeperOptions;
  readonly kinds: readonly AuthorizationKind[];

  constructor(options: AuthzKeeperOptions) {
    this.options = options;
    this.kinds = [
      genericAuthorization,
      sendAuthorization,
      stakeAuthorization,
      ...(options.kinds ?? []),
    ];
  }

  /** @throws {SdkError} `sdk/29` if it is no authorization. */
  read(any: AnyValue | undefined): Authorization {
    if (any === undefined) throw sdkErrors.invalidType.wrap("authorization is nil");
    const kind = this.kinds.find(({ schema }) => any.typeUrl === `/${schema.typeName}`);
    if (kind === undefined) {
      throw sdkErrors.invalidType.wrap(`expected authz.Authorization, got ${any.typeUrl}`);
    }
    return kind.read(any);
  }

  getGrant(context: Context, pair: Pair, typeUrl: string): Grant | undefined {
    const bytes = context.kvStore(authzStoreName).get(grantKey(pair, typeUrl));
    return bytes === undefined ? undefined : decodeMessage(GrantSchema, bytes);
  }

  /**
   * Writes a grant in place of an older one for the same messages.
   * @throws {SdkError} `authz/3` if it is over already.
   */
  saveGrant(
    context: Context,
    pair: Pair,
    authorization: Authorization,
    expiration: Timestamp | undefined,
  ): void {
    const typeUrl = authorization.typeUrl();
    if (expiration !== undefined && nanosOf(expiration) <= context.timeNs) {
      throw authzErrors.invalidExpiration.wrap(
        `expiration must be after the current block time (${timestampTextShort({ ...context.time, nanos: 0 })}), got ${timestampTextShort({ ...expiration, nanos: 0 })}`,
      );
    }
    const old = this.getGrant(context, pair, typeUrl)?.expiration;
    const isSame =
      old !== undefined && expiration !== undefined && nanosOf(old) === nanosOf(expiration);
    if (old !== undefined && !isSame) this.#dequeue(context, pair, typeUrl, old);
    if (expiration !== undefined && !isSame) this.#enqueue(context, pair, typeUrl, expiration);
    this.#write(context, pair, typeUrl, { authorization: authorization.any, expiration });
    context.events.emit(typedEvent(EventGrantSchema, this.#eventFields(pair, typeUrl)));
  }

  /** What is left of a grant after use. @throws {SdkError} `authz/2`. */
  updateGrant(context: Context, pair: Pair, any: NonNullable<Grant["authorization"]>): void {
    const typeUrl = this.read(any).typeUrl();
    const grant = this.getGrant(context, pair, typeUrl);
    if (grant === undefined) throw authzErrors.noAuthorization.make();
    this.#write(context, pair, typeUrl, { ...grant, authorization: any });
  }

  /** @throws {SdkError} `authz/2` if there is none. */
  deleteGrant(context: Context, pair: Pair, typeUrl: string): void {
    const grant = this.getGrant(context, pair, typeUrl);
    const key = grantKey(pair, typeUrl);
    if (grant === undefined) {
      throw authzErrors.noAuthorization.wrap(`failed to delete grant with key ${utf8Text(key)}`);
    }
    if (grant.expiration !== undefined) this.#dequeue(context, pair, typeUrl, grant.expiration);
    context.kvStore(authzStoreName).delete(key);
    context.events.emit(typedEvent(EventRevokeSchema, this.#eventFields(pair, typeUrl)));
  }

  /** Removes every grant that is over. */
  removeExpired(context: Context): void {
    const store = context.kvStore(authzStoreName);
    const expired: [Uint8Array, readonly string[]][] = [];
    for (const [key, value] of store.iterator(queuePrefix, queueEnd(context.time))) {
      expired.push([key.slice(), decodeMessage(GrantQueueItemSchema, value).msgTypeUrls]);
    }
    for (const [key, typeUrls] of expired) {
      store.delete(key);
      const pair = pairOfQueueKey(key);
      for (const typeUrl of typeUrls) store.delete(grantKey(pair, typeUrl));
    }
  }

  /** All grants by granter, grantee and type. */
  *allGrants(context: Context): Iterable<Pair & { readonly grant: Grant }> {
    const store = context.kvStore(authzStoreName);
    for (const [key, value] of store.iterator(grantPrefix, prefixEnd(grantPrefix))) {
      const { granter, grantee } = splitPair(key.subarray(grantPrefix.length));
      yield { granter, grantee, grant: decodeMessage(GrantSchema, value) };
    }
  }

  #write(
    context: Context,
    pair: Pair,
    typeUrl: string,
    grant: Pick<Grant, "authorization" | "expiration">,
  ): void {
    const { authorization, expiration } = grant;
    const bytes = encodeMessage(GrantSchema, {
      ...(authorization === undefined ? {} : { authorization }),
      ...(expiration === undefined ? {} : { expiration }),
    });
    context.kvStore(authzStoreName).set(grantKey(pair, typeUrl), bytes);
  }

  #enqueue(context: Context, pair: Pair, typeUrl: string, expiration: Timestamp): void {
    const store = context.kvStore(authzStoreName);
    const key = queueKey(expiration, pair);
    const bytes = store.get(key);
    const queued =
      bytes === undefined ? [] : decodeMessage(GrantQueueItemSchema, bytes).msgTypeUrls;
    store.set(key, encodeMessage(GrantQueueItemSchema, { msgTypeUrls: [...queued, typeUrl] }));
  }

  /** The last of the list takes the place of what goes; the list stays even if it is empty. */
  #dequeue(context: Context, pair: Pair, typeUrl: string, expiration: Timestamp): void {
    const store = context.kvStore(authzStoreName);
    const key = queueKey(expiration, pair);
    const bytes = store.get(key);
    if (bytes === undefined) {
      throw authzErrors.noGrantKey.wrap(
        "can't remove grant from the expire queue, grant key not found",
      );
    }
    const queued = [...decodeMessage(GrantQueueItemSchema, bytes).msgTypeUrls];
    for (const [index, candidate] of queued.entries()) {
      context.gasMeter.consume(gasPerQueueItem, "grant queue");
      if (candidate !== typeUrl) continue;
      queued[index] = queued.at(-1) ?? "";
      queued.pop();
      store.set(key, encodeMessage(GrantQueueItemSchema, { msgTypeUrls: queued }));
      return;
    }
  }

  #eventFields({ granter, grantee }: Pair, msgTypeUrl: string) {
    const { addresses } = this.options.accounts;
    return { msgTypeUrl, granter: addresses.toText(granter), grantee: addresses.toText(grantee) };
  }
}

function nanosOf(time: { readonly seconds: bigint; readonly nanos: number }): bigint {
  return time.seconds * 1_000_000_000n + BigInt(time.nanos);
}
