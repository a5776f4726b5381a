/** Who holds the key: single trustees, and groups of which a threshold is enough (section 4.10). */

import { readCount, readInteger, readJson, readList, readObject, readText } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import type { BeleniosGroup } from "./group.ts";
import { isElement, multiply, power } from "./group.ts";
import { type Proof, readProof, verifyKey, verifyMessage } from "./proofs.ts";

const trusteesMax = 1_000;

/** One entry of the list of trustees, with the keys that its partial decryptions are checked with. */
export interface TrusteeSet {
  /** Of `keys`, how many have to decrypt. */
  readonly threshold: number;
  readonly isShared: boolean;
  readonly keys: readonly bigint[];
  /** Its part of the election's key. */
  readonly publicKey: bigint;
}

/** Reads the trustees and verifies every proof and signature among them. */
export function readTrustees(
  group: BeleniosGroup,
  name: string,
  value: unknown,
): readonly TrusteeSet[] {
  const sets = readList(value, (item) => {
    const [kind, content, ...more] = readList(item, (one) => one);
    demand(more.length === 0, "a trustee is something else");
    if (kind === "Single") return readSingle(group, name, content);
    return kind === "Pedersen"
      ? readShared(group, name, content)
      : refuse("a trustee of unknown kind");
  });
  const count = sets.reduce((sum, { keys }) => sum + keys.length, 0);
  demand(count >= 1 && count <= trusteesMax, "there are no trustees, or too many");
  return sets;
}

function readSingle(group: BeleniosGroup, name: string, value: unknown): TrusteeSet {
  const key = readTrusteeKey(group, name, value);
  return { threshold: 1, isShared: false, keys: [key], publicKey: key };
}

function readTrusteeKey(group: BeleniosGroup, name: string, value: unknown): bigint {
  const fields = readObject(value, ["pok", "public_key"], ["name"]);
  const key = readInteger(fields.public_key);
  demand(isElement(group, key), "a trustee's key is no element");
  const proof = readProof(group, fields.pok);
  demand(verifyKey(group, name, key, proof), "a trustee does not prove to know its key");
  return key;
}

function readShared(group: BeleniosGroup, name: string, value: unknown): TrusteeSet {
  const fields = readObject(value, ["threshold", "certs", "coefexps", "verification_keys"]);
  const threshold = readCount(fields.threshold);
  const signers = readList(fields.certs, (cert) => readCertificate(group, cert));
  const polynomials = readList(fields.coefexps, (message) => readSigned(group, message)).map(
    (signed, i) => readPolynomial(group, signed, signers[i], threshold),
  );
  const keys = readList(fields.verification_keys, (key) => readTrusteeKey(group, name, key));
  const isComplete = polynomials.length === signers.length && keys.length === signers.length;
  demand(
    isComplete && threshold >= 1 && threshold <= keys.length,
    "a group of trustees is incomplete",
  );
  for (const [i, key] of keys.entries()) {
    demand(
      key === shareKey(group, polynomials, i + 1),
      "a share's key is not that of its polynomials",
    );
  }
  const publicKey = multiply(group, ...polynomials.map(([constant]) => constant as bigint));
  return { threshold, isShared: true, keys, publicKey };
}

interface Signed {
  readonly message: string;
  readonly proof: Proof;
}

function readSigned(group: BeleniosGroup, value: unknown): Signed {
  const fields = readObject(value, ["message", "signature"]);
  return { message: readText(fields.message), proof: readProof(group, fields.signature) };
}

/** @returns the key that its holder signs with. */
function readCertificate(group: BeleniosGroup, value: unknown): bigint {
  const { message, proof } = readSigned(group, value);
  const fields = readObject(readJson(message), ["verification", "encryption"]);
  const verification = readInteger(fields.verification);
  const isGood = isElement(group, verification) && isElement(group, readInteger(fields.encryption));
  demand(isGood, "a certificate's key is no element");
  demand(
    verifyMessage(group, verification, message, proof),
    "a certificate is not signed by its key",
  );
  return verification;
}

/** Commitments to the coefficients, the constant first. */
function readPolynomial(
  group: BeleniosGroup,
  { message, proof }: Signed,
  signer: bigint | undefined,
  threshold: number,
): readonly bigint[] {
  const isSigned = signer !== undefined && verifyMessage(group, signer, message, proof);
  demand(isSigned, "a polynomial is not signed by its trustee");
  const { coefexps } = readObject(readJson(message), ["coefexps"]);
  const elements = readList(coefexps, readInteger);
  demand(elements.length === threshold, "a polynomial has another degree");
  demand(
    elements.every((one) => isElement(group, one)),
    "a coefficient is no element",
  );
  return elements;
}

/** ∏ᵢ ∏ₖ Aᵢₖ^(jᵏ). @param index j, from 1. */
function shareKey(
  group: BeleniosGroup,
  polynomials: readonly (readonly bigint[])[],
  index: number,
): bigint {
  const parts = polynomials.flatMap((polynomial) =>
    polynomial.map((element, k) => power(group, element, BigInt(index) ** BigInt(k))),
  );
  return multiply(group, ...parts);
}
