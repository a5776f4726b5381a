/** Accounts that several keys share: their file in the key ring has only public keys. */
import { create } from "@bufbuild/protobuf";
import { truncatedHashAddress } from "@tacit/crypto";
import {
  accountAddress as addressText,
  aminoPublicKey,
  compareBytes,
  fromHex,
  toHex,
} from "@tacit/encoding";
import {
  type LegacyAminoPubKey,
  LegacyAminoPubKeySchema,
} from "@tacit/encoding/proto/cosmos/crypto/multisig/keys";
import { multisigAny, publicKeyAny } from "../chain/transaction.ts";
import { CliError } from "../errors.ts";
import { deriveKey } from "./derive.ts";
import { type KeyInfo, Keyring } from "./keyring.ts";

const membersMax = 32;

export interface MultisigKey {
  readonly threshold: number;
  /** 33 bytes each, in their order in the key. */
  readonly members: readonly Uint8Array[];
  readonly publicKey: LegacyAminoPubKey;
  readonly address: string;
}

/** Members are sorted by their key, as `secretcli` does unless told otherwise. */
export function makeMultisig(threshold: number, members: readonly Uint8Array[]): MultisigKey {
  if (members.length < 2 || members.length > membersMax) {
    throw new CliError("cli/usage", `A multisig has 2 to ${membersMax} members.`);
  }
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length) {
    throw new CliError("cli/usage", `The threshold is from 1 to ${members.length}.`);
  }
  const sorted = [...members].sort(byAddress);
  const publicKey = create(LegacyAminoPubKeySchema, {
    threshold,
    publicKeys: sorted.map((member) => ({ ...publicKeyAny(member) })),
  });
  const address = addressText(truncatedHashAddress(aminoPublicKey(multisigAny(publicKey))));
  return { threshold, members: sorted, publicKey, address };
}

const byAddress = (a: Uint8Array, b: Uint8Array) => compareBytes(a, b);

/** @throws {CliError} `cli/key_unknown`, or `cli/usage` for a key of another kind. */
export function multisigKey(home: string, name: string): MultisigKey {
  const info = new Keyring(home).info(name);
  if (info.multisig === undefined) {
    const hint = "`tacit keys add-multisig` makes one.";
    throw new CliError("cli/usage", `"${name}" is no multisig key.`, hint);
  }
  return makeMultisig(info.multisig.threshold, info.multisig.publicKeys.map(fromHex));
}

/** Public key of a member: hex, or a key of the ring. Test accounts have public mnemonics. */
export async function memberKey(keyring: Keyring, text: string): Promise<Uint8Array> {
  if (/^0[23][0-9a-f]{64}$/.test(text)) return fromHex(text);
  const info = keyring.info(text);
  if (info.publicKey !== undefined) return fromHex(info.publicKey);
  if (info.kind === "test") {
    const { mnemonic, accountIndex } = await keyring.open(text, async () => "");
    return deriveKey(mnemonic, accountIndex).publicKey;
  }
  throw new CliError("cli/usage", `"${text}" cannot be a member: it has no key of its own.`);
}

export function addMultisig(home: string, name: string, key: MultisigKey): KeyInfo {
  const publicKeys = key.members.map(toHex);
  const multisig = { threshold: key.threshold, publicKeys };
  return new Keyring(home).addMultisig(name, key.address, multisig);
}
