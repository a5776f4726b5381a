import { ProtocolError } from "@tacit/encoding";
import { fromUtf8 } from "../bytes.ts";

/** What a quote is judged by; texts as Intel's service gives them. */
export interface Collateral {
  /** 0 for SGX, 0x81 for TDX. */
  readonly teeType: number;
  /** PEM, the issuer's certificate first. */
  readonly pckCrlIssuerChain: string;
  /** DER. */
  readonly rootCaCrl: Uint8Array;
  readonly pckCrl: Uint8Array;
  readonly tcbInfoIssuerChain: string;
  readonly tcbInfo: SignedJson;
  readonly qeIdentityIssuerChain: string;
  readonly qeIdentity: SignedJson;
}

/** JSON with Intel's signature over its very bytes. */
export interface SignedJson {
  readonly text: string;
  /** 128 hexadecimal characters. */
  readonly signature: string;
}

/** The quote or its collateral is not what a contract may rely on. */
export class QuoteError extends ProtocolError<{ readonly code: "enclave/bad_quote" }> {
  constructor(reason: string, options?: ErrorOptions) {
    super({ code: "enclave/bad_quote" }, reason, options);
  }
}

const FIELDS = 7;
const HEADER_BYTES = 4 + 4 * FIELDS;

/**
 * Secret's form of Intel's `sgx_ql_qve_collateral_t`: `u32LE teeType ‖ u32LE size` of each of seven
 * fields `‖` the fields: issuer chain of the PCK's CRL, CRL of the root, CRL of the PCK's issuer,
 * TCB info's chain, TCB info, QE identity's chain, QE identity. More bytes behind them are ignored.
 * @throws {QuoteError}
 */
export function readCollateral(bytes: Uint8Array): Collateral {
  if (bytes.length < HEADER_BYTES) throw new QuoteError("the collateral has no header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = HEADER_BYTES;
  const [pckChain, rootCrl, pckCrl, tcbChain, tcb, qeChain, qe] = Array.from(
    { length: FIELDS },
    (_, index) => {
      const end = at + view.getUint32(4 + 4 * index, true);
      if (end > bytes.length) throw new QuoteError("the collateral is cut off");
      const field = bytes.subarray(at, end);
      at = end;
      return field;
    },
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return {
    teeType: view.getUint32(0, true),
    pckCrlIssuerChain: textOf(pckChain),
    rootCaCrl: derOf(rootCrl),
    pckCrl: derOf(pckCrl),
    tcbInfoIssuerChain: textOf(tcbChain),
    tcbInfo: signedJson(tcb, "tcbInfo"),
    qeIdentityIssuerChain: textOf(qeChain),
    qeIdentity: signedJson(qe, "enclaveIdentity"),
  };
}

/** Without the zeros that end it in C. */
function textOf(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new QuoteError("the collateral has a text that is not UTF-8");
  return text.replace(/\0+$/, "");
}

const PEM_CRL = /^-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*$/;

/** Intel's service has given CRLs in PEM, in hexadecimal characters and in DER. */
function derOf(bytes: Uint8Array): Uint8Array {
  const text = fromUtf8(bytes)?.replace(/\0+$/, "");
  const pem = text === undefined ? undefined : PEM_CRL.exec(text)?.[1];
  if (pem !== undefined) return Uint8Array.from(Buffer.from(pem, "base64"));
  const isHex = text !== undefined && text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text);
  return isHex ? Uint8Array.from(Buffer.from(text, "hex")) : bytes;
}

/** `{"<name>": …, "signature": "…"}`; Intel writes and signs JSON as `JSON.stringify` does. */
function signedJson(bytes: Uint8Array, name: string): SignedJson {
  let parsed: Readonly<Record<string, unknown>>;
  try {
    parsed = JSON.parse(textOf(bytes)) ?? {};
  } catch (cause) {
    throw new QuoteError(`the collateral's ${name} is no JSON`, { cause });
  }
  const { [name]: body, signature } = parsed;
  if (typeof signature !== "string" || !/^[0-9a-fA-F]{128}$/.test(signature)) {
    throw new QuoteError(`the collateral's ${name} is not signed`);
  }
  return { text: JSON.stringify(body) ?? "", signature };
}
