/**
 * From TxRaw bytes to a decoded transaction. Refuses everything that could be read in two ways:
 * TxRaw that is not canonical (ADR-027), unknown fields, unknown message types.
 */
import { decodeMessage as decodeProto } from "@tacit/encoding";
import { ProtocolError } from "@tacit/encoding/errors";
import { isFatal, PanicError, SdkError, sdkErrors } from "./errors.ts";
import { limits } from "./limits.ts";
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
import { WireError, WireReader, wireTypes } from "./wire.ts";

/** A field number with this bit set is not critical: a TxBody may hold unknown ones. */
const nonCriticalBit = 1 << 10;

export interface TxDecoderOptions {
  readonly messages: MessageRouter;
  readonly types: TypeResolver;
  /** @throws {ProtocolError} if the text is no account address of this network. */
  readonly addressToBytes: (address: string) => Uint8Array;
}

/** @throws {SdkError} `sdk/2` and the codes that signer addresses bring. */
export type TxDecoder = (bytes: Uint8Array) => DecodedTx;

export function createTxDecoder(options: TxDecoderOptions): TxDecoder {
  return (bytes) => {
    const raw = asTxDecode(() => decodeTxRaw(bytes));
    const body = asTxDecode(() => decodeBody(raw.bodyBytes, options));
    const authInfo = asTxDecode(() => decodeAuthInfo(raw.authInfoBytes, options.types));
    const messages = body.messages.map((any) => decodeMessage(any, options));
    const signing = new Signing(messages, authInfo.fee, options.addressToBytes);
    return {
      bytes,
      ...raw,
      ...body,
      ...authInfo,
      messages,
      get signers() {
        return signing.signers;
      },
      get feePayer() {
        return signing.feePayer;
      },
    };
  };
}

/** Failures to read become code 2; the text says what is wrong. */
function asTxDecode<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProtocolError) || error instanceof SdkError || isFatal(error))
      throw error;
    throw sdkErrors.txDecode.wrap(error.message);
  }
}

interface TxRaw {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

function decodeTxRaw(bytes: Uint8Array): TxRaw {
  const reader = new WireReader(bytes);
  let bodyBytes = new Uint8Array();
  let authInfoBytes = new Uint8Array();
  const signatures: Uint8Array[] = [];
  let previousField = 0;
  while (reader.next()) {
    reader.expect(wireTypes.bytes);
    if (reader.field < previousField) {
      throw new WireError(
        `txRaw must follow ADR-027, got tagNum ${reader.field} after tagNum ${previousField}`,
      );
    }
    previousField = reader.field;
    const start = reader.offset;
    const value = reader.view();
    const prefixBytes = reader.offset - start - value.length;
    if (prefixBytes !== varintBytes(value.length)) {
      throw new WireError(
        `length prefix varint for tagNum ${reader.field} is not as short as possible, read ${prefixBytes}, only need ${varintBytes(value.length)}`,
      );
    }
    if (reader.field === 1) bodyBytes = value as Uint8Array<ArrayBuffer>;
    else if (reader.field === 2) authInfoBytes = value as Uint8Array<ArrayBuffer>;
    else if (reader.field === 3) signatures.push(value);
    else throw unknownField("tx.TxRaw", reader);
  }
  if (signatures.length > limits.signaturesPerTx) throw new WireError("too many signatures");
  return { bodyBytes, authInfoBytes, signatures };
}

/** Bytes of the shortest varint of a length. */
function varintBytes(length: number): number {
  let bytes = 1;
  for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

function unknownField(type: string, reader: WireReader): WireError {
  return new WireError(
    `errUnknownField "*${type}": {TagNum: ${reader.field}, WireType:"${reader.wireType}"}`,
  );
}

interface Body {
  readonly messages: readonly AnyValue[];
  readonly memo: string;
  readonly timeoutHeight: bigint;
  readonly extensionOptions: readonly AnyValue[];
  readonly nonCriticalExtensionOptions: readonly AnyValue[];
  readonly hasUnknownNonCritical: boolean;
}

function decodeBody(bytes: Uint8Array, options: TxDecoderOptions): Body {
  const reader = new WireReader(bytes);
  const messages: AnyValue[] = [];
  let memo = "";
  let timeoutHeight = 0n;
  const extensionOptions: AnyValue[] = [];
  const nonCriticalExtensionOptions: AnyValue[] = [];
  let hasUnknownNonCritical = false;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        messages.push(readAny(reader));
        if (messages.length > limits.messagesPerTx) throw new WireError("too many messages");
        break;
      case 2:
        reader.expect(wireTypes.bytes);
        memo = reader.text();
        break;
      case 3:
        reader.expect(wireTypes.varint);
        timeoutHeight = reader.varint();
        break;
      case 1023:
        extensionOptions.push(readResolvedAny(reader, options.types));
        break;
      case 2047:
        nonCriticalExtensionOptions.push(readResolvedAny(reader, options.types));
        break;
      default:
        if ((reader.field & nonCriticalBit) === 0) throw unknownField("tx.TxBody", reader);
        hasUnknownNonCritical = true;
        reader.skip();
    }
  }
  return {
    messages,
    memo,
    timeoutHeight,
    extensionOptions,
    nonCriticalExtensionOptions,
    hasUnknownNonCritical,
  };
}

function readAny(reader: WireReader): AnyValue {
  reader.expect(wireTypes.bytes);
  const inner = new WireReader(reader.view());
  let typeUrl = "";
  let value = new Uint8Array();
  while (inner.next()) {
    inner.expect(wireTypes.bytes);
    if (inner.field === 1) typeUrl = inner.text();
    else if (inner.field === 2) value = inner.view() as Uint8Array<ArrayBuffer>;
    else throw unknownField("types.Any", inner);
  }
  return { typeUrl, value };
}

function readResolvedAny(reader: WireReader, types: TypeResolver): AnyValue {
  const any = readAny(reader);
  const schema = types.getMessage(any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1));
  if (schema === undefined) throw new WireError(`unable to resolve type URL ${any.typeUrl}`);
  decodeProto(schema, any.value, { unknown: "reject", types });
  return any;
}

function decodeMessage(any: AnyValue, options: TxDecoderOptions): DecodedMessage {
  const route = options.messages.route(any.typeUrl);
  if (route === undefined) {
    throw sdkErrors.txDecode.wrap(`unable to resolve type URL ${any.typeUrl}`);
  }
  const value = asTxDecode(() => route.decode(any.value, options.types));
  let signers: readonly Uint8Array[] | undefined;
  return {
    typeUrl: any.typeUrl,
    bytes: any.value,
    value,
    route,
    get signers() {
      signers ??= route.signers(value);
      return signers;
    },
  };
}

interface AuthInfo {
  readonly signerInfos: readonly SignerInfo[];
  readonly fee: TxFee | undefined;
  readonly hasTip: boolean;
}

function decodeAuthInfo(bytes: Uint8Array, types: TypeResolver): AuthInfo {
  const reader = new WireReader(bytes);
  const signerInfos: SignerInfo[] = [];
  let fee: TxFee | undefined;
  let hasTip = false;
  while (reader.next()) {
    reader.expect(wireTypes.bytes);
    if (reader.field === 1) {
      signerInfos.push(decodeSignerInfo(reader.view(), types));
      if (signerInfos.length > limits.signaturesPerTx) throw new WireError("too many signers");
    } else if (reader.field === 2) {
      fee = decodeFee(reader.view());
    } else if (reader.field === 3) {
      decodeTip(reader.view());
      hasTip = true;
    } else {
      throw unknownField("tx.AuthInfo", reader);
    }
  }
  return { signerInfos, fee, hasTip };
}

function decodeSignerInfo(bytes: Uint8Array, types: TypeResolver): SignerInfo {
  const reader = new WireReader(bytes);
  let publicKey: AnyValue | undefined;
  let modeInfo: ModeInfo | undefined;
  let sequence = 0n;
  while (reader.next()) {
    if (reader.field === 1) {
      publicKey = readResolvedAny(reader, types);
    } else if (reader.field === 2) {
      reader.expect(wireTypes.bytes);
      modeInfo = decodeModeInfo(reader.view(), 0);
    } else if (reader.field === 3) {
      reader.expect(wireTypes.varint);
      sequence = reader.varint();
    } else {
      throw unknownField("tx.SignerInfo", reader);
    }
  }
  return { publicKey, modeInfo, sequence };
}

function decodeModeInfo(bytes: Uint8Array, depth: number): ModeInfo {
  if (depth > limits.multisigDepth) throw new WireError("recursion limit reached");
  const reader = new WireReader(bytes);
  let info: ModeInfo = { kind: "single", mode: 0 };
  while (reader.next()) {
    reader.expect(wireTypes.bytes);
    if (reader.field === 1) info = { kind: "single", mode: decodeSingleMode(reader.view()) };
    else if (reader.field === 2) info = decodeMultiMode(reader.view(), depth);
    else throw unknownField("tx.ModeInfo", reader);
  }
  return info;
}

function decodeSingleMode(bytes: Uint8Array): number {
  const reader = new WireReader(bytes);
  let mode = 0;
  while (reader.next()) {
    if (reader.field !== 1) throw unknownField("tx.ModeInfo_Single", reader);
    reader.expect(wireTypes.varint);
    mode = Number(BigInt.asIntN(32, reader.varint()));
  }
  return mode;
}

function decodeMultiMode(bytes: Uint8Array, depth: number): ModeInfo {
  const reader = new WireReader(bytes);
  let bits: readonly boolean[] = [];
  const modeInfos: ModeInfo[] = [];
  while (reader.next()) {
    reader.expect(wireTypes.bytes);
    if (reader.field === 1) bits = decodeBitArray(reader.view());
    else if (reader.field === 2) modeInfos.push(decodeModeInfo(reader.view(), depth + 1));
    else throw unknownField("tx.ModeInfo_Multi", reader);
    if (modeInfos.length > limits.multisigMembers) throw new WireError("too many mode infos");
  }
  return { kind: "multi", bits, modeInfos };
}

/** CompactBitArray: the first bit is the highest of the first byte. */
function decodeBitArray(bytes: Uint8Array): readonly boolean[] {
  const reader = new WireReader(bytes);
  let extraBits = 0;
  let elements = new Uint8Array();
  while (reader.next()) {
    if (reader.field === 1) {
      reader.expect(wireTypes.varint);
      extraBits = Number(BigInt.asUintN(32, reader.varint()));
    } else if (reader.field === 2) {
      reader.expect(wireTypes.bytes);
      elements = reader.view() as Uint8Array<ArrayBuffer>;
    } else {
      throw unknownField("types.CompactBitArray", reader);
    }
  }
  const count = extraBits === 0 ? elements.length * 8 : (elements.length - 1) * 8 + extraBits;
  if (extraBits > 7 || count < 0 || count > limits.multisigMembers) {
    throw new WireError("invalid bit array");
  }
  return Array.from(
    { length: count },
    (_, index) => ((elements[index >> 3] ?? 0) & (1 << (7 - (index & 7)))) !== 0,
  );
}

function decodeFee(bytes: Uint8Array): TxFee {
  const reader = new WireReader(bytes);
  const amount: TxCoin[] = [];
  let gasLimit = 0n;
  let payer = "";
  let granter = "";
  while (reader.next()) {
    if (reader.field === 2) {
      reader.expect(wireTypes.varint);
      gasLimit = reader.varint();
      continue;
    }
    reader.expect(wireTypes.bytes);
    if (reader.field === 1) amount.push(decodeCoin(reader.view()));
    else if (reader.field === 3) payer = reader.text();
    else if (reader.field === 4) granter = reader.text();
    else throw unknownField("tx.Fee", reader);
    if (amount.length > limits.feeCoins) throw new WireError("too many fee coins");
  }
  return { amount, gasLimit, payer, granter };
}

/** An amount must be plain decimal; Go would also take `0x10`, `010` and `1_0`, which nobody sends. */
const integer = /^-?(0|[1-9][0-9]{0,77})$/;

function decodeCoin(bytes: Uint8Array): TxCoin {
  const reader = new WireReader(bytes);
  let denom = "";
  let amount = "";
  while (reader.next()) {
    reader.expect(wireTypes.bytes);
    if (reader.field === 1) denom = reader.text();
    else if (reader.field === 2) amount = reader.text();
    else throw unknownField("types.Coin", reader);
  }
  if (amount === "") return { denom, amount: undefined };
  if (!integer.test(amount))
    throw new WireError(`math/big: cannot unmarshal "${amount}" into a *big.Int`);
  return { denom, amount: BigInt(amount) };
}

function decodeTip(bytes: Uint8Array): void {
  const reader = new WireReader(bytes);
  while (reader.next()) {
    reader.expect(wireTypes.bytes);
    if (reader.field === 1) decodeCoin(reader.view());
    else if (reader.field === 2) reader.text();
    else throw unknownField("tx.Tip", reader);
  }
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
  if (!list.some((other) => isEqual(other, item))) list.push(item);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
