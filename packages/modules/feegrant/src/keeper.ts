/** Allowances in the store. Gas is charged read by read and write by write as the SDK's keeper does. */
import { type Coins, decodeMessage, encodeMessage } from "@tacit/encoding";
import { type Grant, GrantSchema } from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import { type Context, createEvent, type DecodedTx, prefixEnd, sdkErrors } from "@tacit/sdk";
import {
  type Allowance,
  acceptFee,
  decodeAllowance,
  encodeAllowance,
  expirationOf,
  nanosOf,
} from "./allowance.ts";
import { feegrantErrors } from "./errors.ts";
import type { FeeGrantAccounts, FeeGrantBank } from "./expected.ts";
import {
  allowanceKey,
  allowancePrefix,
  feegrantStoreName,
  pairOfQueueKey,
  queueEnd,
  queueKey,
  queuePrefix,
} from "./keys.ts";

export interface FeeGrantKeeperOptions {
  readonly accounts: FeeGrantAccounts;
  readonly bank: FeeGrantBank;
}

const empty = new Uint8Array();

export class FeeGrantKeeper {
  readonly options: FeeGrantKeeperOptions;

  constructor(options: FeeGrantKeeperOptions) {
    this.options = options;
  }

  /** What `granter` allows `grantee`; undefined for nothing. */
  findAllowance(context: Context, granter: Uint8Array, grantee: Uint8Array): Allowance | undefined {
    const bytes = context.kvStore(feegrantStoreName).get(allowanceKey({ granter, grantee }));
    if (bytes === undefined || bytes.length === 0) return undefined;
    return decodeAllowance(decodeMessage(GrantSchema, bytes).allowance);
  }

  /** @throws {SdkError} `sdk/38` if there is none. */
  getAllowance(context: Context, granter: Uint8Array, grantee: Uint8Array): Allowance {
    const allowance = this.findAllowance(context, granter, grantee);
    if (allowance === undefined) throw sdkErrors.notFound.wrap("fee-grant not found");
    return allowance;
  }

  /**
   * Writes a new allowance, making the grantee's account if there is none.
   * @throws {SdkError} `sdk/18` if there is one already or it is over; `sdk/4` for blocked accounts.
   */
  grantAllowance(
    context: Context,
    granter: Uint8Array,
    grantee: Uint8Array,
    allowance: Allowance,
  ): void {
    if (this.findAllowance(context, granter, grantee) !== undefined) throw alreadyExists();
    const { accounts, bank } = this.options;
    if (accounts.getAccount(context, grantee) === undefined) {
      if (bank.isBlocked(grantee)) throw bank.blockedError(accounts.addresses.toText(grantee));
      accounts.createAccount(context, grantee);
    }
    const expiration = expirationOf(allowance);
    if (expiration !== undefined) {
      if (nanosOf(expiration) < context.timeNs) {
        throw sdkErrors.invalidRequest.wrap("expiration is before current block time");
      }
      context.kvStore(feegrantStoreName).set(queueKey(expiration, { granter, grantee }), empty);
    }
    this.#write(context, granter, grantee, allowance);
    this.#emit(context, "set_feegrant", granter, grantee);
  }

  /**
   * Removes an allowance. Its place in the queue stays: the SDK looks for it under the addresses
   * in the other order, which costs a deletion and finds nothing.
   */
  revokeAllowance(context: Context, granter: Uint8Array, grantee: Uint8Array): void {
    const allowance = this.getAllowance(context, granter, grantee);
    const store = context.kvStore(feegrantStoreName);
    store.delete(allowanceKey({ granter, grantee }));
    const expiration = expirationOf(allowance);
    if (expiration !== undefined) {
      store.delete(queueKey(expiration, { granter: grantee, grantee: granter }));
    }
    this.#emit(context, "revoke_feegrant", granter, grantee);
  }

  /**
   * Takes a transaction's fee off an allowance, for `auth`'s fee decorator.
   * @throws {SdkError} `sdk/38` without an allowance, `feegrant/*` if it does not suffice.
   */
  useGrantedFees(
    context: Context,
    granter: Uint8Array,
    grantee: Uint8Array,
    fee: Coins,
    tx: DecodedTx,
  ): void {
    const { allowance, isSpent } = this.#accept(context, granter, grantee, fee, tx);
    if (isSpent) {
      this.revokeAllowance(context, granter, grantee);
      this.#emit(context, "use_feegrant", granter, grantee);
      return;
    }
    this.#emit(context, "use_feegrant", granter, grantee);
    this.getAllowance(context, granter, grantee);
    this.#write(context, granter, grantee, allowance);
    this.#emit(context, "update_feegrant", granter, grantee);
  }

  /** An allowance that is over is removed before the failure is told, and that costs gas. */
  #accept(context: Context, granter: Uint8Array, grantee: Uint8Array, fee: Coins, tx: DecodedTx) {
    const current = this.getAllowance(context, granter, grantee);
    const typeUrls = tx.messages.map(({ typeUrl }) => typeUrl);
    try {
      return acceptFee(context, current, { fee, typeUrls });
    } catch (error) {
      if (feegrantErrors.expired.is(error)) this.revokeAllowance(context, granter, grantee);
      throw error;
    }
  }

  /** Removes at most `max` allowances that are over. */
  removeExpired(context: Context, max: number): void {
    const store = context.kvStore(feegrantStoreName);
    const expired: Uint8Array[] = [];
    for (const [key] of store.iterator(queuePrefix, queueEnd(context.time))) {
      expired.push(key.slice());
      if (expired.length === max) break;
    }
    for (const key of expired) {
      store.delete(key);
      store.delete(allowanceKey(pairOfQueueKey(key)));
    }
  }

  *allGrants(context: Context): Iterable<Grant> {
    const store = context.kvStore(feegrantStoreName);
    for (const [, value] of store.iterator(allowancePrefix, prefixEnd(allowancePrefix))) {
      yield decodeMessage(GrantSchema, value);
    }
  }

  #write(context: Context, granter: Uint8Array, grantee: Uint8Array, allowance: Allowance): void {
    const { addresses } = this.options.accounts;
    const grant = {
      granter: addresses.toText(granter),
      grantee: addresses.toText(grantee),
      allowance: encodeAllowance(allowance),
    };
    const key = allowanceKey({ granter, grantee });
    context.kvStore(feegrantStoreName).set(key, encodeMessage(GrantSchema, grant));
  }

  #emit(context: Context, type: string, granter: Uint8Array, grantee: Uint8Array): void {
    const { addresses } = this.options.accounts;
    context.events.emit(
      createEvent(
        type,
        ["granter", addresses.toText(granter)],
        ["grantee", addresses.toText(grantee)],
      ),
    );
  }
}

export function alreadyExists(): Error {
  return sdkErrors.invalidRequest.wrap("fee allowance already exists");
}
