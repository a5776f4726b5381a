/** The bytes that a signature covers, for each sign mode. */
import { type AnyValue, anyToAminoJson, goJsonString } from "./amino-json.ts";
import { concatBytes } from "./bytes.ts";
import type { Types } from "./client-json.ts";
import { EncodingError } from "./errors.ts";
import { withWriter } from "./wire.ts";

const utf8 = new TextEncoder();

/** SIGN_MODE_DIRECT: protobuf SignDoc{1 body, 2 auth info, 3 chain id, 4 account number}. */
export function directSignBytes(doc: {
  /** As sent, not encoded anew. */
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly chainId: string;
  readonly accountNumber: bigint;
}): Uint8Array {
  return withWriter((writer) => {
    if (doc.accountNumber !== 0n) {
      writer.varint64(doc.accountNumber);
      writer.tag(0x20);
    }
    if (doc.chainId !== "") {
      writer.string(doc.chainId);
      writer.tag(0x1a);
    }
    if (doc.authInfoBytes.length !== 0) {
      writer.bytes(doc.authInfoBytes);
      writer.tag(0x12);
    }
    if (doc.bodyBytes.length !== 0) {
      writer.bytes(doc.bodyBytes);
      writer.tag(0x0a);
    }
  });
}

export interface AminoSignDoc {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  /** 0 for none. */
  readonly timeoutHeight: bigint;
  readonly memo: string;
  readonly fee: {
    readonly amount: readonly { readonly denom: string; readonly amount: string }[];
    readonly gasLimit: bigint;
    /** Empty for none. */
    readonly payer: string;
    readonly granter: string;
  };
  readonly messages: readonly AnyValue[];
}

/**
 * SIGN_MODE_LEGACY_AMINO_JSON: the StdSignDoc, keys sorted, without white space.
 *
 * @throws {EncodingError} as {@link anyToAminoJson}.
 */
export function aminoSignBytes(doc: AminoSignDoc, types: Types): Uint8Array {
  return utf8.encode(aminoSignText(doc, types));
}

/** The text of {@link aminoSignBytes}. */
export function aminoSignText(doc: AminoSignDoc, types: Types): string {
  const messages = doc.messages.map((message) => anyToAminoJson(message, types));
  const timeout = doc.timeoutHeight === 0n ? "" : `,"timeout_height":"${doc.timeoutHeight}"`;
  return (
    `{"account_number":"${doc.accountNumber}","chain_id":${goJsonString(doc.chainId)},` +
    `"fee":${feeText(doc.fee)},"memo":${goJsonString(doc.memo)},` +
    `"msgs":${messages.length === 0 ? "null" : `[${messages.join(",")}]`},` +
    `"sequence":"${doc.sequence}"${timeout}}`
  );
}

function feeText(fee: AminoSignDoc["fee"]): string {
  const coins = fee.amount.map((coin) => {
    const denom = coin.denom === "" ? "" : `,"denom":${goJsonString(coin.denom)}`;
    return `{"amount":${goJsonString(coin.amount === "" ? "0" : coin.amount)}${denom}}`;
  });
  const granter = fee.granter === "" ? "" : `,"granter":${goJsonString(fee.granter)}`;
  const payer = fee.payer === "" ? "" : `,"payer":${goJsonString(fee.payer)}`;
  return `{"amount":[${coins.join(",")}],"gas":"${fee.gasLimit}"${granter}${payer}}`;
}

/**
 * SIGN_MODE_EIP_191: what MetaMask signs. The amino JSON is indented by four spaces and framed
 * as a personal message; the signature is over its Keccak-256.
 *
 * @param aminoBytes of {@link aminoSignBytes}.
 */
export function eip191SignBytes(aminoBytes: Uint8Array): Uint8Array {
  const indented = utf8.encode(indentJson(new TextDecoder().decode(aminoBytes), "    "));
  const frame = utf8.encode(`\x19Ethereum Signed Message:\n${indented.length}`);
  return concatBytes(frame, indented);
}

/** Indents compact JSON without touching strings, escapes or the order of keys. */
export function indentJson(text: string, unit: string): string {
  let out = "";
  let depth = 0;
  let index = 0;
  const line = () => `\n${unit.repeat(depth)}`;
  while (index < text.length) {
    const character = text[index] as string;
    if (character === '"') {
      const end = stringEnd(text, index);
      out += text.slice(index, end);
      index = end;
      continue;
    }
    index += 1;
    if ((character === "{" && text[index] === "}") || (character === "[" && text[index] === "]")) {
      out += character + text[index];
      index += 1;
    } else if (character === "{" || character === "[") {
      depth += 1;
      out += character + line();
    } else if (character === "}" || character === "]") {
      depth -= 1;
      out += line() + character;
    } else if (character === ",") {
      out += character + line();
    } else if (character === ":") {
      out += ": ";
    } else {
      out += character;
    }
  }
  return out;
}

/** The index after the closing quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\") index += 1;
    else if (text[index] === '"') return index + 1;
  }
  throw new EncodingError({ code: "encoding/json", path: "" }, "string without end");
}
