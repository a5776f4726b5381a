/** From words to an account: BIP-39, BIP-32 at m/44'/529'/0'/0/i, bech32. */
import { HDKey } from "@scure/bip32";
import { generateMnemonic, mnemonicToSeedSync, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { accountAddress } from "@tacit/crypto";
import { accountAddress as addressText } from "@tacit/encoding";
import { CliError } from "../errors.ts";

/** SLIP-44 number of SCRT. */
const COIN_TYPE = 529;
/** 24 words. */
const MNEMONIC_BITS = 256;

export interface DerivedKey {
  readonly address: string;
  /** 33 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes, secret. */
  readonly privateKey: Uint8Array;
}

export function newMnemonic(): string {
  return generateMnemonic(wordlist, MNEMONIC_BITS);
}

/** One space between words, lower case. @throws {CliError} `cli/mnemonic`; the words are not quoted. */
export function checkMnemonic(text: string): string {
  const mnemonic = text.trim().toLowerCase().split(/\s+/).join(" ");
  if (!validateMnemonic(mnemonic, wordlist)) {
    const words = mnemonic === "" ? 0 : mnemonic.split(" ").length;
    throw new CliError(
      "cli/mnemonic",
      `The ${words} words given are not a BIP-39 mnemonic.`,
      "It has 12, 15, 18, 21 or 24 English words of its list; the last one is a checksum.",
    );
  }
  return mnemonic;
}

/** @param mnemonic secret. @param index of the account, from 0. */
export function deriveKey(mnemonic: string, index: number): DerivedKey {
  const root = HDKey.fromMasterSeed(mnemonicToSeedSync(mnemonic));
  const { privateKey, publicKey } = root.derive(`m/44'/${COIN_TYPE}'/0'/0/${index}`);
  if (privateKey === null || publicKey === null) {
    throw new CliError("cli/mnemonic", `Account ${index} of this mnemonic has no key.`);
  }
  return { address: addressText(accountAddress(publicKey)), publicKey, privateKey };
}
