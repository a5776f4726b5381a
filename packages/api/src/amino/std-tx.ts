/**
 * Transactions in amino's two forms, `cosmos-sdk/StdTx`: the JSON that wallets made before
 * protobuf, and its binary. Only for the endpoints that turn one into the other.
 */
import {
  type AnyValue,
  anyToAminoJson,
  concatBytes,
  EncodingError,
  goJsonString,
  type JsonValue,
  parseJson,
  type TypeRegistry,
  toAminoJson,
  toBase64,
} from "@tacit/encoding";
import { CoinSchema } from "@tacit/encoding/proto/cosmos/base/v1beta1/coin";
import { anyFromAmino, anyToAmino, decodeStruct, encodeStruct, type Fields } from "./binary.ts";
import { anyFromAminoJson, asList, asObject, asText, fromAminoJson, readBytes } from "./json.ts";
import { aminoPrefix } from "./names.ts";
import { AminoReader, BYTES, bytesField, text, varintField } from "./wire.ts";

const NAME = "cosmos-sdk/StdTx";
const utf8 = new TextEncoder();

interface StdTx {
  readonly messages: readonly AnyValue[];
  readonly fee: StdFee;
  readonly signatures: readonly StdSignature[];
  readonly memo: string;
  readonly timeoutHeight: bigint;
}

interface StdFee {
  /** Coins as fields of their messages. */
  readonly amount: readonly Fields[];
  readonly gas: bigint;
  readonly payer: string;
  readonly granter: string;
}

interface StdSignature {
  readonly publicKey: AnyValue | undefined;
  readonly signature: Uint8Array;
}

/** Amino JSON to amino binary. @throws {EncodingError} */
export function encodeStdTx(json: string, types: TypeRegistry): Uint8Array {
  const { messages, fee, signatures, memo, timeoutHeight } = parseStdTx(json, types);
  const feeBytes = concatBytes(
    ...fee.amount.map((coin) => bytesField(1, encodeStruct(CoinSchema, coin, types))),
    varintField(2, fee.gas),
    textField(3, fee.payer),
    textField(4, fee.granter),
  );
  return concatBytes(
    aminoPrefix(NAME),
    ...messages.map((message) => bytesField(1, anyToAmino(message, types))),
    feeBytes.length === 0 ? feeBytes : bytesField(2, feeBytes),
    ...signatures.map((signature) => bytesField(3, signatureBytes(signature, types))),
    textField(4, memo),
    varintField(5, timeoutHeight),
  );
}

/** Amino binary to amino JSON; inside messages keys are sorted. @throws {EncodingError} */
export function decodeStdTx(bytes: Uint8Array, types: TypeRegistry): string {
  const prefix = aminoPrefix(NAME);
  if (Buffer.compare(bytes.subarray(0, prefix.length), prefix) !== 0) {
    throw wrong("unrecognized prefix bytes");
  }
  return printStdTx(readStdTx(bytes.subarray(prefix.length), types), types);
}

const textField = (number: number, value: string): Uint8Array =>
  value === "" ? new Uint8Array() : bytesField(number, utf8.encode(value));

function signatureBytes({ publicKey, signature }: StdSignature, types: TypeRegistry): Uint8Array {
  return concatBytes(
    publicKey === undefined ? new Uint8Array() : bytesField(1, anyToAmino(publicKey, types)),
    signature.length === 0 ? new Uint8Array() : bytesField(2, signature),
  );
}

function parseStdTx(json: string, types: TypeRegistry): StdTx {
  const { type, value } = asObject(parseJson(json), { path: "" });
  if (type !== NAME) throw wrong(`expected the type ${NAME}`);
  const tx = asObject(value ?? null, { path: "value" });
  return {
    messages: listOf(tx, "msg").map((item, index) => anyFromAminoJson(item, types, `msg.${index}`)),
    fee: parseFee(tx.fee ?? {}, types),
    signatures: listOf(tx, "signatures").map((item, index) => {
      const path = `signatures.${index}`;
      const { pub_key: key, signature } = asObject(item, { path });
      return {
        publicKey:
          key === undefined || key === null ? undefined : anyFromAminoJson(key, types, path),
        signature: readBytes(signature ?? null, { path }),
      };
    }),
    memo: asText(tx.memo ?? "", { path: "memo" }),
    timeoutHeight: readUint64(tx.timeout_height ?? "0", "timeout_height"),
  };
}

function parseFee(json: JsonValue, types: TypeRegistry): StdFee {
  const fee = asObject(json, { path: "fee" });
  return {
    amount: listOf(fee, "amount").map((coin) => fromAminoJson(CoinSchema, coin, types, "fee")),
    gas: readUint64(fee.gas ?? "0", "fee.gas"),
    payer: asText(fee.payer ?? "", { path: "fee.payer" }),
    granter: asText(fee.granter ?? "", { path: "fee.granter" }),
  };
}

const listOf = (object: { readonly [key: string]: JsonValue }, path: string) =>
  asList(object[path] ?? null, { path });

function readUint64(json: JsonValue, path: string): bigint {
  const digits = typeof json === "number" ? `${json}` : asText(json, { path });
  if (!/^\d{1,20}$/.test(digits) || BigInt(digits) >= 1n << 64n) {
    throw new EncodingError({ code: "encoding/json", path }, `${path}: expected an integer`);
  }
  return BigInt(digits);
}

function readStdTx(bytes: Uint8Array, types: TypeRegistry): StdTx {
  const messages: AnyValue[] = [];
  const signatures: StdSignature[] = [];
  const rest = {
    fee: readFee(new Uint8Array(), types),
    memo: "",
    timeoutHeight: 0n,
  };
  const reader = new AminoReader(bytes);
  while (!reader.isAtEnd) {
    const { number, type } = reader.key();
    if (number === 5 && type === 0) rest.timeoutHeight = reader.varint();
    else if (type !== BYTES || number > 4) throw wrong(`no such field: ${number}`);
    else {
      const value = reader.sized();
      if (number === 1) messages.push(anyFromAmino(value, types));
      else if (number === 2) rest.fee = readFee(value, types);
      else if (number === 3) signatures.push(readSignature(value, types));
      else rest.memo = text(value);
    }
  }
  return { messages, signatures, ...rest };
}

function readFee(bytes: Uint8Array, types: TypeRegistry): StdFee {
  const amount: Fields[] = [];
  const fee = { gas: 0n, payer: "", granter: "" };
  const reader = new AminoReader(bytes);
  while (!reader.isAtEnd) {
    const { number, type } = reader.key();
    if (number === 2 && type === 0) fee.gas = reader.varint();
    else if (type !== BYTES) throw wrong("not a fee");
    else if (number === 1) amount.push(decodeStruct(CoinSchema, reader.sized(), types));
    else if (number === 3) fee.payer = text(reader.sized());
    else if (number === 4) fee.granter = text(reader.sized());
    else throw wrong("not a fee");
  }
  return { amount, ...fee };
}

function readSignature(bytes: Uint8Array, types: TypeRegistry): StdSignature {
  const reader = new AminoReader(bytes);
  let publicKey: AnyValue | undefined;
  let signature: Uint8Array = new Uint8Array();
  while (!reader.isAtEnd) {
    const { number, type } = reader.key();
    if (type !== BYTES || number > 2) throw wrong("not a signature");
    if (number === 1) publicKey = anyFromAmino(reader.sized(), types);
    else signature = reader.sized();
  }
  return { publicKey, signature };
}

/** Lists that are absent are null, as Go prints them; coins never are. */
function printStdTx(tx: StdTx, types: TypeRegistry): string {
  const list = (items: readonly string[]) => (items.length === 0 ? "null" : `[${items.join(",")}]`);
  const messages = tx.messages.map((message) => anyToAminoJson(message, types));
  const signatures = tx.signatures.map(({ publicKey, signature }) => {
    const key = publicKey === undefined ? "null" : anyToAminoJson(publicKey, types);
    const bytes = signature.length === 0 ? "null" : `"${toBase64(signature)}"`;
    return `{"pub_key":${key},"signature":${bytes}}`;
  });
  return (
    `{"type":"${NAME}","value":{"msg":${list(messages)},"fee":${printFee(tx.fee, types)},` +
    `"signatures":${list(signatures)},"memo":${goJsonString(tx.memo)},` +
    `"timeout_height":"${tx.timeoutHeight}"}}`
  );
}

function printFee({ amount, gas, payer, granter }: StdFee, types: TypeRegistry): string {
  const coins = amount.map((coin) => coinJson(coin, types));
  const optional = (name: string, value: string) =>
    value === "" ? "" : `,"${name}":${goJsonString(value)}`;
  return (
    `{"amount":[${coins.join(",")}],"gas":"${gas}"` +
    `${optional("payer", payer)}${optional("granter", granter)}}`
  );
}

/** A coin has no name in amino, so its JSON is its fields alone. */
const coinJson = (coin: Fields, types: TypeRegistry): string =>
  toAminoJson(CoinSchema, coin as never, types);

const wrong = (what: string) =>
  new EncodingError({ code: "encoding/unrepresentable", path: "" }, what);
