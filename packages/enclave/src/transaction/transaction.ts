import { AnySchema } from "@bufbuild/protobuf/wkt";
import { sha256 } from "@tacit/crypto";
import type { SignerAccount, TxNotice } from "@tacit/enclave-channel";
import { decodeMessage, equalBytes } from "@tacit/encoding";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { toKey } from "../bytes.ts";
import { attempt } from "../errors.ts";
import { type ChainEvent, decodeChainEvent } from "./chain-events.ts";
import {
  type AccountKey,
  decodeAccountKey,
  type SignBytesOf,
  verifySignature,
} from "./public-key.ts";
import { signBytes, type TxParts } from "./sign-bytes.ts";
import { decodeSignedMessage, type SignedMessage } from "./signed-messages.ts";

export interface TransactionContext {
  readonly chainId: string;
  readonly bech32Prefix: string;
}

/**
 * One transaction of the block, parsed once however many messages it has. Its signatures are
 * verified when the first message of their signer is run.
 */
export class Transaction {
  /** Position in the block. */
  readonly index: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
  readonly #context: TransactionContext;
  readonly #parts: (TxParts & { readonly signatures: readonly Uint8Array[] }) | undefined;
  readonly #messages: readonly (SignedMessage | undefined)[];
  readonly #events: readonly (ChainEvent | undefined)[];
  readonly #signers: readonly SignerAccount[];
  /** By address: whether the signature holds. */
  readonly #verified = new Map<string, boolean>();
  /** Messages before this one have been run or passed over. */
  #next = 0;
  /** For which entry points an event has been used: a packet may call two, a token's and a hook's. */
  readonly #usedEvents = new Set<string>();
  /** Whether the block has admitted it: no transaction runs twice in one. */
  isAdmitted = false;

  /** Bytes that are no transaction make one without messages: nothing can be authorised by it. */
  constructor(notice: TxNotice, context: TransactionContext) {
    this.index = notice.index;
    this.hash = sha256(notice.txBytes);
    this.#context = context;
    this.#signers = notice.signers;
    this.#parts = attempt(() => decodeParts(notice.txBytes));
    const messages = this.#parts?.body.messages ?? [];
    const { bech32Prefix } = context;
    this.#messages = messages.map((any) => attempt(() => decodeSignedMessage(any, bech32Prefix)));
    this.#events = messages.map((any) => attempt(() => decodeChainEvent(any, bech32Prefix)));
  }

  /**
   * Whether `sender` signed this transaction and its next message that `matches` is there. Each
   * message can be run once, in the order of the transaction.
   */
  authorize(sender: Uint8Array, matches: (message: SignedMessage) => boolean): boolean {
    if (!this.#isSignedBy(sender)) return false;
    for (let index = this.#next; index < this.#messages.length; index++) {
      const message = this.#messages[index];
      if (message === undefined || !equalBytes(message.sender, sender)) continue;
      if (!matches(message)) continue;
      this.#next = index + 1;
      return true;
    }
    return false;
  }

  /**
   * What `read` makes of the next event of another chain that it accepts, if the relayer signed
   * this transaction. An event is taken once for each entry point, in the order of the transaction.
   */
  takeEvent<T>(entryPoint: string, read: (event: ChainEvent) => T | undefined): T | undefined {
    for (let index = this.#next; index < this.#events.length; index++) {
      const event = this.#events[index];
      const use = `${entryPoint} ${index}`;
      if (event === undefined || this.#usedEvents.has(use)) continue;
      const found = read(event);
      if (found === undefined || !this.#isSignedBy(event.sender)) continue;
      this.#usedEvents.add(use);
      this.#next = index;
      return found;
    }
    return undefined;
  }

  /** Verifies ahead of the first message what would be verified then. */
  verifySenders(): void {
    for (const message of this.#messages)
      if (message !== undefined) this.#isSignedBy(message.sender);
  }

  /** What its messages bring for contracts, as it came. */
  sealedInputs(): readonly Uint8Array[] {
    return this.#messages.flatMap((each) =>
      each === undefined || each.kind === "update_admin" ? [] : [each.message],
    );
  }

  #isSignedBy(sender: Uint8Array): boolean {
    const name = toKey(sender);
    let verified = this.#verified.get(name);
    if (verified === undefined) {
      verified = attempt(() => this.#verify(sender)) ?? false;
      this.#verified.set(name, verified);
    }
    return verified;
  }

  #verify(sender: Uint8Array): boolean {
    const parts = this.#parts;
    const index = this.#signers.findIndex(({ address }) => equalBytes(address, sender));
    const account = this.#signers[index];
    const info = parts?.authInfo.signerInfos[index];
    const signature = parts?.signatures[index];
    if (parts === undefined || account === undefined) return false;
    if (info === undefined || signature === undefined) return false;
    const key = this.#keyOf(info.publicKey, account);
    if (key === undefined || !equalBytes(key.address, sender)) return false;
    const { chainId } = this.#context;
    const { accountNumber, sequence } = account;
    const bytes = new Map<number, Uint8Array | undefined>();
    const signBytesOf: SignBytesOf = (mode) => {
      if (!bytes.has(mode)) {
        bytes.set(mode, signBytes(mode, parts, { chainId, accountNumber, sequence }));
      }
      return bytes.get(mode);
    };
    return verifySignature(key, info.modeInfo, signature, signBytesOf);
  }

  /** A transaction may leave out a key that its account has already shown. */
  #keyOf(
    inTransaction: { readonly typeUrl: string; readonly value: Uint8Array } | undefined,
    account: SignerAccount,
  ): AccountKey | undefined {
    if (inTransaction !== undefined) return decodeAccountKey(inTransaction);
    if (account.publicKey.length === 0) return undefined;
    return decodeAccountKey(decodeMessage(AnySchema, account.publicKey));
  }
}

function decodeParts(
  txBytes: Uint8Array,
): TxParts & { readonly signatures: readonly Uint8Array[] } {
  const shared = { sharesBytes: true };
  const { bodyBytes, authInfoBytes, signatures } = decodeMessage(TxRawSchema, txBytes, shared);
  const body = decodeMessage(TxBodySchema, bodyBytes, shared);
  const authInfo = decodeMessage(AuthInfoSchema, authInfoBytes, shared);
  return { bodyBytes, authInfoBytes, signatures, body, authInfo };
}
