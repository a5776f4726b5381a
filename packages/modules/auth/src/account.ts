/** Accounts in memory and as the store has them: protobuf Any, byte for byte as the SDK. */

import type { MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import {
  type BaseAccount as BaseAccountMessage,
  BaseAccountSchema,
  ModuleAccountSchema,
} from "@tacit/encoding/proto/cosmos/auth/v1beta1/auth";
import {
  type BaseVestingAccount,
  type ContinuousVestingAccount,
  ContinuousVestingAccountSchema,
  type DelayedVestingAccount,
  DelayedVestingAccountSchema,
  type PeriodicVestingAccount,
  PeriodicVestingAccountSchema,
  type PermanentLockedAccount,
  PermanentLockedAccountSchema,
} from "@tacit/encoding/proto/cosmos/vesting/v1beta1/vesting";
import { type AddressCodec, type AnyValue, PlainError } from "@tacit/sdk";

export interface AccountCommon {
  readonly address: Uint8Array;
  readonly publicKey: AnyValue | undefined;
  readonly accountNumber: bigint;
  /** The next transaction's. */
  readonly sequence: bigint;
}

export type BaseAccount = AccountCommon & { readonly kind: "base" };

export type ModuleAccount = AccountCommon & {
  readonly kind: "module";
  readonly name: string;
  readonly permissions: readonly string[];
};

export type VestingMessage =
  | ContinuousVestingAccount
  | DelayedVestingAccount
  | PeriodicVestingAccount
  | PermanentLockedAccount;

/** `vesting` holds everything but the fields above, which win over its own base account. */
export type VestingAccount = AccountCommon & {
  readonly kind: "vesting";
  readonly vesting: VestingMessage;
};

export type Account = BaseAccount | ModuleAccount | VestingAccount;

const vestingSchemas = [
  ContinuousVestingAccountSchema,
  DelayedVestingAccountSchema,
  PeriodicVestingAccountSchema,
  PermanentLockedAccountSchema,
] as const;

export const accountSchemas = [BaseAccountSchema, ModuleAccountSchema, ...vestingSchemas] as const;

const vestingByUrl = new Map(vestingSchemas.map((schema) => [`/${schema.typeName}`, schema]));
const baseUrl = `/${BaseAccountSchema.typeName}`;
const moduleUrl = `/${ModuleAccountSchema.typeName}`;

export interface AccountCodec {
  encode(account: Account): Uint8Array;
  /** The account of a stored value; the same array gives the same object. */
  decode(bytes: Uint8Array): Account;
  toAny(account: Account): AnyValue;
  /** @throws {PlainError} and {EncodingError} if it is no account. */
  fromAny(any: AnyValue): Account;
}

export function createAccountCodec(addresses: AddressCodec): AccountCodec {
  /** Stores hand out the same array while a value stays the same. */
  const decoded = new WeakMap<Uint8Array, Account>();
  const codec: AccountCodec = {
    encode: (account) => {
      const bytes = encodeMessage(AnySchema, codec.toAny(account));
      decoded.set(bytes, account);
      return bytes;
    },
    decode: (bytes) => {
      let account = decoded.get(bytes);
      if (account === undefined) {
        account = codec.fromAny(decodeMessage(AnySchema, bytes));
        decoded.set(bytes, account);
      }
      return account;
    },
    toAny: (account) => accountToAny(account, addresses),
    fromAny: (any) => anyToAccount(any, addresses),
  };
  return codec;
}

function accountToAny(account: Account, addresses: AddressCodec): AnyValue {
  const base = baseFields(account, addresses);
  switch (account.kind) {
    case "base":
      return { typeUrl: baseUrl, value: encodeMessage(BaseAccountSchema, base) };
    case "module":
      return {
        typeUrl: moduleUrl,
        value: encodeMessage(ModuleAccountSchema, {
          baseAccount: base,
          name: account.name,
          permissions: [...account.permissions],
        }),
      };
    case "vesting":
      return vestingToAny(account.vesting, base);
  }
}

function vestingToAny(vesting: VestingMessage, baseAccount: BaseAccountFields): AnyValue {
  const typeUrl = `/${vesting.$typeName}`;
  const schema = vestingByUrl.get(typeUrl);
  invariant(schema !== undefined, "a vesting account has one of the four types");
  const baseVestingAccount = { ...baseVestingOf(vesting), baseAccount };
  return { typeUrl, value: encodeMessage(schema, { ...vesting, baseVestingAccount } as never) };
}

type BaseAccountFields = MessageInitShape<typeof BaseAccountSchema>;

function baseFields(account: Account, addresses: AddressCodec): BaseAccountFields {
  const { publicKey, accountNumber, sequence } = account;
  return { address: addresses.toText(account.address), pubKey: publicKey, accountNumber, sequence };
}

function anyToAccount(any: AnyValue, addresses: AddressCodec): Account {
  if (any.typeUrl === baseUrl) {
    const message = decodeMessage(BaseAccountSchema, any.value);
    return { kind: "base", ...commonOf(message, addresses) };
  }
  if (any.typeUrl === moduleUrl) {
    const message = decodeMessage(ModuleAccountSchema, any.value);
    const { name, permissions } = message;
    return { kind: "module", ...commonOf(message.baseAccount, addresses), name, permissions };
  }
  const schema = vestingByUrl.get(any.typeUrl);
  if (schema === undefined) throw new PlainError(`no account type ${any.typeUrl}`);
  const vesting = decodeMessage(schema, any.value) as VestingMessage;
  const base = baseVestingOf(vesting).baseAccount;
  return { kind: "vesting", ...commonOf(base, addresses), vesting };
}

/** The part all vesting kinds share. */
export function baseVestingOf(vesting: VestingMessage): BaseVestingAccount {
  const base = vesting.baseVestingAccount;
  if (base === undefined) throw new PlainError("vesting account without base vesting account");
  return base;
}

function commonOf(message: BaseAccountMessage | undefined, addresses: AddressCodec): AccountCommon {
  if (message === undefined) throw new PlainError("account without base account");
  const { pubKey, accountNumber, sequence } = message;
  return {
    address: addresses.toBytes(message.address),
    publicKey: pubKey === undefined ? undefined : { typeUrl: pubKey.typeUrl, value: pubKey.value },
    accountNumber,
    sequence,
  };
}
