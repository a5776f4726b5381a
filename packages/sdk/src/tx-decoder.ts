/**
 * From TxRaw bytes to a decoded transaction. Refuses everything that could be read in two ways:
 * TxRaw that is not canonical, unknown fields at any depth and inside every Any, unknown types.
 */
import { decodeMessage as decodeProto, encodeMessage, equalBytes } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import {
  type AuthInfo,
  AuthInfoSchema,
  type Fee,
  type ModeInfo as ModeInfoMessage,
  type TxBody,
  TxBodySchema,
  type TxRaw,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { isFatal, PanicError, PlainError, SdkError, sdkErrors } from "./errors.ts";
import { limits } from "./limits.ts";
import { assertNumbers } from "./message-numbers.ts";
import type { MessageRouter } from "./router.ts";
import type {
  AnyValue,
  DecodedMessage,
  DecodedTx,
  ModeInfo,
  SignerInfo,
  TxCoin,
  TxFee,
} from "./tx.ts";
import type { TypeResolver } from "./types.ts";

export interface TxDecoderOptions {
  readonly messages: MessageRouter;
  readonly types: TypeResolver;
  /** @throws {ProtocolError} if the text is no account address of this network. */
  readonly addressToBytes: (address: string) => Uint8Array;
}

/** @throws {SdkError} `sdk/2`. */
export type TxDecoder = (bytes: Uint8Array) => DecodedTx;

export function createTxDecoder(options: TxDecoderOptions): TxDecoder {
  return (bytes) => asTxDecode(() => decodeTx(bytes, options));
}

/** Failures to read become code 2; the text says what is wrong. */
function asTxDecode<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const isKnown = error instanceof ProtocolError && !(error instanceof SdkError);
    if (!isKnown || isFatal(error)) throw error;
    throw sdkErrors.txDecode.wrap(error.message);
  }
}

function decodeTx(bytes: Uint8Array, options: TxDecoderOptions): DecodedTx {
  const { types } = options;
  const raw = decodeRaw(bytes);
  const { body, hasUnknownNonCritical } = decodeBody(raw.bodyBytes, types);
  const authInfo = decodeProto(AuthInfoSchema, raw.authInfoBytes, {
    unknown: "reject",
    types,
    sharesBytes: true,
  });
  assertAtMost(authInfo.signerInfos.length, limits.signaturesPerTx, "signers");
  const messages = body.messages.map((any) => decodeMessage(any, options));
  const fee = authInfo.fee === undefined ? undefined : readFee(authInfo.fee);
  const signing = new Signing(messages, fee, options.addressToBytes);
  return {
    bytes,
    bodyBytes: raw.bodyBytes,
    authInfoBytes: raw.authInfoBytes,
    signatures: raw.signatures,
    messages,
    memo: body.memo,
    timeoutHeight: body.timeoutHeight,
    extensionOptions: body.extensionOptions,
    nonCriticalExtensionOptions: body.nonCriticalExtensionOptions,
    hasUnknownNonCritical,
    signerInfos: authInfo.signerInfos.map(readSignerInfo),
    fee,
    hasTip: authInfo.tip !== undefined,
    get signers() {
      return signing.signers;
    },
    get feePayer() {
      return signing.feePayer;
    },
  };
}

/**
 * TxRaw must be what its content encodes to. That is ADR-027 (ascending fields, shortest lengths)
 * and a little more: the SDK also lets through empty fields that are written out and body or auth
 * info given twice, which no encoder makes.
 */
function decodeRaw(bytes: Uint8Array): TxRaw {
  const raw = decodeProto(TxRawSchema, bytes, { unknown: "reject", sharesBytes: true });
  assertAtMost(raw.signatures.length, limits.signaturesPerTx, "signatures");
  if (equalBytes(encodeMessage(TxRawSchema, raw), bytes)) return raw;
  throw new PlainError("txRaw must follow ADR-027");
}

/** Unknown fields are refused, but for those of the body itself that say they are not critical. */
function decodeBody(
  bytes: Uint8Array,
  types: TypeResolver,
): { readonly body: TxBody; readonly hasUnknownNonCritical: boolean } {
  let body: TxBody;
  let hasUnknownNonCritical = false;
  try {
    body = decodeProto(TxBodySchema, bytes, { unknown: "reject", types, sharesBytes: true });
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== "encoding/unknown_field") throw error;
    body = decodeProto(TxBodySchema, bytes, {
      unknown: "reject_critical",
      types,
      sharesBytes: true,
    });
    hasUnknownNonCritical = true;
  }
  assertAtMost(body.messages.length, limits.messagesPerTx, "messages");
  return { body, hasUnknownNonCritical };
}

function assertAtMost(count: number, most: number, what: string): void {
  if (count > most) throw new PlainError(`too many ${what}: ${count}, limit: ${most}`);
}

function decodeMessage({ typeUrl, value }: AnyValue, options: TxDecoderOptions): DecodedMessage {
  const route = options.messages.route(typeUrl);
  if (route === undefined) throw new PlainError(`unable to resolve type URL ${typeUrl}`);
  const message = route.decode(value, options.types);
  assertNumbers(route.schema, message, options.types);
  let signers: readonly Uint8Array[] | undefined;
  return {
    typeUrl,
    bytes: value,
    value: message,
    route,
    get signers() {
      signers ??= route.signers(message);
      return signers;
    },
  };
}

function readSignerInfo(info: AuthInfo["signerInfos"][number]): SignerInfo {
  const { publicKey, modeInfo, sequence } = info;
  return {
    publicKey,
    modeInfo: modeInfo === undefined ? undefined : readModeInfo(modeInfo, 0),
    sequence,
  };
}

function readModeInfo({ sum }: ModeInfoMessage, depth: number): ModeInfo {
  if (depth > limits.multisigDepth) throw new PlainError("recursion limit reached");
  if (sum.case !== "multi") return { kind: "single", mode: sum.value?.mode ?? 0 };
  const { bitarray, modeInfos } = sum.value;
  assertAtMost(modeInfos.length, limits.multisigMembers, "mode infos");
  return {
    kind: "multi",
    bits: readBits(bitarray?.extraBitsStored ?? 0, bitarray?.elems ?? new Uint8Array()),
    modeInfos: modeInfos.map((inner) => readModeInfo(inner, depth + 1)),
  };
}

/** CompactBitArray: the first bit is the highest of the first byte. */
function readBits(extraBits: number, elements: Uint8Array): readonly boolean[] {
  const count = extraBits === 0 ? elements.length * 8 : (elements.length - 1) * 8 + extraBits;
  if (extraBits > 7 || count < 0) throw new PlainError("invalid bit array");
  assertAtMost(count, limits.multisigMembers, "members");
  return Array.from(
    { length: count },
    (_, index) => ((elements[index >> 3] ?? 0) & (1 << (7 - (index & 7)))) !== 0,
  );
}

function readFee({ amount, gasLimit, payer, granter }: Fee): TxFee {
  assertAtMost(amount.length, limits.feeCoins, "fee coins");
  return { amount: amount.map(readCoin), gasLimit, payer, granter };
}

/** An amount must be plain decimal; Go would also take `0x10`, `010` and `1_0`, which nobody sends. */
const integer = /^-?(0|[1-9][0-9]{0,77})$/;

function readCoin({ denom, amount }: { readonly denom: string; readonly amount: string }): TxCoin {
  if (amount === "") return { denom, amount: undefined };
  if (integer.test(amount)) return { denom, amount: BigInt(amount) };
  throw new PlainError(`math/big: cannot unmarshal "${amount.slice(0, 80)}" into a *big.Int`);
}

/** Who signs and pays, worked out once, when first asked for. */
class Signing {
  readonly #messages: readonly DecodedMessage[];
  readonly #fee: TxFee | undefined;
  readonly #addressToBytes: (address: string) => Uint8Array;
  #signers: readonly Uint8Array[] | undefined;
  #feePayer: Uint8Array | undefined;

  constructor(
    messages: readonly DecodedMessage[],
    fee: TxFee | undefined,
    addressToBytes: (address: string) => Uint8Array,
  ) {
    this.#messages = messages;
    this.#fee = fee;
    this.#addressToBytes = addressToBytes;
  }

  get signers(): readonly Uint8Array[] {
    if (this.#signers !== undefined) return this.#signers;
    const signers: Uint8Array[] = [];
    for (const message of this.#messages) {
      for (const signer of message.signers) addUnique(signers, signer);
    }
    if (this.#namesPayer) addUnique(signers, this.feePayer);
    this.#signers = signers;
    return signers;
  }

  get feePayer(): Uint8Array {
    if (this.#feePayer !== undefined) return this.#feePayer;
    const payer = this.#namesPayer ? this.#addressToBytes(this.#fee?.payer ?? "") : this.signers[0];
    if (payer === undefined) throw new PanicError("a transaction has a signer");
    this.#feePayer = payer;
    return payer;
  }

  get #namesPayer(): boolean {
    return this.#fee !== undefined && this.#fee.payer !== "";
  }
}

function addUnique(list: Uint8Array[], item: Uint8Array): void {
  if (!list.some((other) => equalBytes(other, item))) list.push(item);
}
