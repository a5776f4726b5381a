import { X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import { type Collateral, QuoteError, readCollateral } from "./collateral.ts";
import { assertCrl } from "./crl.ts";

/** Intel's numbers for what a contract may see: all well, and well if its code hardens itself. */
export const QUOTE_STATUS = { ok: 0, hardeningNeeded: 0xa007 } as const;

/** SGX's "unexpected error": the network's enclave has this one for everything else. */
export const QUOTE_ERROR = 1;

/** Certificates in a chain; Intel's have two or three. */
const CHAIN_LENGTH_MAX = 4;

const SIGNED_QUOTE_BYTES_MIN = 432;

interface QuoteVerifier {
  /** @throws for everything that does not hold. */
  verify(
    quote: Uint8Array,
    collateral: Readonly<Record<string, string>>,
    seconds: number,
  ): { readonly status: string };
}

interface Library {
  readonly QuoteVerifier: new (rootCaDer: Uint8Array) => QuoteVerifier;
}

let loaded: { readonly library: Library; readonly rootCa: Uint8Array } | undefined;

/** The library, when the first contract asks: no engine thread should wait for it at its start. */
function load(): { readonly library: Library; readonly rootCa: Uint8Array } {
  if (loaded === undefined) {
    const require = createRequire(import.meta.url);
    const library = require("@phala/dcap-qvl/src/verify.js") as Library;
    const constants = require("@phala/dcap-qvl/src/constants.js") as {
      readonly TRUSTED_ROOT_CA_DER: Uint8Array;
    };
    loaded = { library, rootCa: constants.TRUSTED_ROOT_CA_DER };
  }
  return loaded;
}

/**
 * `dcap_quote_verify`: the status of an SGX or TDX quote, a function of its arguments alone.
 *
 * @param seconds the block's time since 1970: nothing here reads a clock.
 * @param rootCa DER of the certificate to trust; Intel's unless a test has its own.
 */
export function verifyQuote(
  quote: Uint8Array,
  collateralBytes: Uint8Array,
  seconds: number,
  rootCa: Uint8Array = load().rootCa,
): { readonly ok: number } | { readonly error: number } {
  const { library } = load();
  try {
    const verifier = new library.QuoteVerifier(Buffer.from(rootCa));
    const status = judge(verifier, quote, readCollateral(collateralBytes), seconds, rootCa);
    if (status === "UpToDate") return { ok: QUOTE_STATUS.ok };
    if (status === "SWHardeningNeeded") return { ok: QUOTE_STATUS.hardeningNeeded };
    return { error: QUOTE_ERROR };
  } catch {
    /** Whatever is wrong with bytes from outside has one answer, the parsers' own errors included. */
    return { error: QUOTE_ERROR };
  }
}

/** @throws {QuoteError} and what the library throws. */
function judge(
  verifier: QuoteVerifier,
  quote: Uint8Array,
  collateral: Collateral,
  seconds: number,
  rootCa: Uint8Array,
): string {
  const chain = pckChainOf(quote);
  assertRevocations(chain, collateral, seconds, rootCa);
  for (const text of [collateral.tcbInfoIssuerChain, collateral.qeIdentityIssuerChain]) {
    certificatesOf(text);
  }
  const teeType = new DataView(quote.buffer, quote.byteOffset).getUint32(4, true);
  if (teeType !== collateral.teeType) throw new QuoteError("the collateral is of another kind");
  const { status } = verifier.verify(
    Buffer.from(quote),
    {
      pck_certificate_chain: chain.join("\n"),
      root_ca_crl: Buffer.from(collateral.rootCaCrl).toString("hex"),
      pck_crl: Buffer.from(collateral.pckCrl).toString("hex"),
      pck_crl_issuer_chain: collateral.pckCrlIssuerChain,
      tcb_info_issuer_chain: collateral.tcbInfoIssuerChain,
      tcb_info: collateral.tcbInfo.text,
      tcb_info_signature: collateral.tcbInfo.signature,
      qe_identity_issuer_chain: collateral.qeIdentityIssuerChain,
      qe_identity: collateral.qeIdentity.text,
      qe_identity_signature: collateral.qeIdentity.signature,
    },
    seconds,
  );
  return status;
}

/** PEM of each certificate of the platform's chain, the leaf first, which the quote brings at its end. */
function pckChainOf(quote: Uint8Array): readonly string[] {
  if (quote.length < SIGNED_QUOTE_BYTES_MIN) throw new QuoteError("the quote is cut off");
  return certificatesOf(Buffer.from(quote).toString("latin1"));
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----/g;

function certificatesOf(pem: string): readonly string[] {
  const found = pem.match(CERTIFICATE) ?? [];
  if (found.length < 2 || found.length > CHAIN_LENGTH_MAX) {
    throw new QuoteError("a chain has too many certificates or too few");
  }
  return found;
}

/** Both lists are signed by those who issued the certificates they could revoke. @throws {QuoteError} */
function assertRevocations(
  pckChain: readonly string[],
  collateral: Collateral,
  seconds: number,
  rootCa: Uint8Array,
): void {
  const root = new X509Certificate(rootCa);
  const issuer = new X509Certificate(certificatesOf(collateral.pckCrlIssuerChain)[0]!);
  const leaf = new X509Certificate(pckChain[0]!);
  const isIssued =
    issuer.checkIssued(root) &&
    issuer.verify(root.publicKey) &&
    leaf.checkIssued(issuer) &&
    leaf.verify(issuer.publicKey);
  if (!isIssued) throw new QuoteError("the list of revocations is not that of the quote's issuer");
  assertCrl(collateral.rootCaCrl, root, seconds);
  assertCrl(collateral.pckCrl, issuer, seconds);
}
