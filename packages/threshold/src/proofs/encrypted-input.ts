/**
 * What a client sends to a contract that computes with ciphertexts: one call encrypts and proves
 * that the values keep a policy, one verifies. A proof is good for one contract, sender and
 * session.
 */
import {
  claimRange,
  proveRange,
  type RangeBits,
  type RangeStatement,
} from "../bulletproofs/range.ts";
import { concatBytes, u32LittleEndian, utf8 } from "../bytes.ts";
import {
  type Ciphertext,
  ciphertextBytes,
  decodeCiphertext,
  type Encryption,
  encodeCiphertext,
  encrypt,
  sumCiphertexts,
} from "../elgamal/ciphertext.ts";
import {
  type EncryptionKey,
  encodeKey,
  fixedCommitmentBase,
  hasFixedBase,
} from "../elgamal/keys.ts";
import { ThresholdError, type ThresholdErrorCode } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { ByteReader } from "../protocol/codec.ts";
import { type Claim, checkClaims, findFalseClaims } from "../sigma/claims.ts";
import {
  claimStatement,
  proveStatement,
  type Statement,
  statementProofBytes,
  type Witness,
} from "../sigma/compose.ts";
import { protocolTag } from "../sigma/narg.ts";
import { encodeString } from "../sigma/transcript.ts";
import {
  areBits,
  bitWitness,
  inSet,
  knowsPlaintext,
  plaintextWitness,
  SET_MAX,
  setWitness,
  sumEncryptions,
  sumIs,
  sumWitness,
} from "./encryption.ts";

/** What the values have to be; the verifier's, never read from the input. */
export type InputPolicy =
  /** Each of `count` values is in 0 … 2^bits - 1. */
  | { readonly kind: "range"; readonly bits: RangeBits; readonly count: number }
  /** As `range`, and they add to `total`. */
  | {
      readonly kind: "sum";
      readonly bits: RangeBits;
      readonly count: number;
      readonly total: bigint;
    }
  /** Each of `options` values is 0 or 1, and `min` to `max` of them are 1. */
  | {
      readonly kind: "choice";
      readonly options: number;
      readonly min: number;
      readonly max: number;
    };

/** Where an input belongs. Each part is written with its length. */
export interface InputContext {
  readonly contract: string;
  readonly sender: string;
  /** Of the application: an election, a round, a nonce. */
  readonly session: Uint8Array;
}

/** Most options of a choice. */
export const OPTIONS_MAX = 256;

/**
 * @returns ciphertexts ‖ proof of the statement ‖ range proof, if the policy has one. Whoever can
 * decrypt under a shared key opens its commitments in two ways, so under such a key a range is
 * proven of commitments apart, which come behind the ciphertexts.
 * @throws {ThresholdError} `threshold/statement` for a policy that makes no sense,
 * `threshold/range` or `threshold/witness` for values that do not keep it.
 */
export function encryptInput<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  context: InputContext,
  policy: InputPolicy,
  values: readonly bigint[],
  random?: RandomBytes,
): Uint8Array {
  assertPolicy(policy);
  if (values.length !== countOf(policy)) throw new ThresholdError({ code: "threshold/witness" });
  const encryptions = values.map((value) => encrypt(group, key, value, random));
  const ciphertexts = encryptions.map(({ ciphertext }) => ciphertext);
  const binding = bindingOf(group, key, context, policy);
  const blindings = needsCommitments(group, key, policy)
    ? values.map(() => group.randomScalar(random))
    : undefined;
  const commitments = blindings?.map((blinding, i) => commit(group, values[i] as bigint, blinding));
  const statement = statementOf(group, key, policy, { ciphertexts, commitments });
  const witness = witnessOf(group, policy, encryptions, blindings);
  const options = random === undefined ? {} : { random };
  const parts = [
    ...ciphertexts.map((ciphertext) => encodeCiphertext(group, ciphertext)),
    ...group.encodeAll(commitments ?? []),
    proveStatement(tagOf(group, binding), statement, witness, options),
  ];
  if (policy.kind !== "choice") {
    const openings = encryptions.map(({ randomness }, i) => ({
      value: values[i] as bigint,
      blinding: blindings?.[i] ?? randomness,
    }));
    const range = rangeOf(group, policy.bits, { ciphertexts, commitments });
    parts.push(proveRange(binding, range, openings, random));
  }
  return concatBytes(...parts);
}

export interface InputReading<P> {
  readonly ciphertexts: readonly Ciphertext<P>[];
  /** Every one has to hold. */
  readonly claims: readonly Claim<P>[];
}

/** Reads an input; nothing is proven until its claims are checked. @throws the codes of decoding. */
export function readInput<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  context: InputContext,
  policy: InputPolicy,
  input: Uint8Array,
): InputReading<P> {
  assertPolicy(policy);
  const count = countOf(policy);
  const committed = needsCommitments(group, key, policy) ? count : 0;
  const start = count * ciphertextBytes(group) + committed * group.elementBytes;
  if (input.length < start) {
    const lengthBytes = input.length;
    throw new ThresholdError({ code: "threshold/length", what: "input", lengthBytes });
  }
  const reader = new ByteReader(input.subarray(0, start));
  const ciphertexts = Array.from({ length: count }, () =>
    decodeCiphertext(group, reader.fixed(ciphertextBytes(group))),
  );
  const apart = Array.from({ length: committed }, () =>
    group.decode(reader.fixed(group.elementBytes)),
  );
  const values = { ciphertexts, commitments: committed === 0 ? undefined : apart };
  const binding = bindingOf(group, key, context, policy);
  const statement = statementOf(group, key, policy, values);
  const range = policy.kind === "choice" ? undefined : rangeOf(group, policy.bits, values);
  const end = range === undefined ? input.length : start + statementProofBytes(statement);
  const claims = [claimStatement(tagOf(group, binding), statement, input.subarray(start, end))];
  if (range !== undefined) claims.push(claimRange(binding, range, input.subarray(end)));
  return { ciphertexts, claims };
}

/** @throws {ThresholdError} `threshold/proof`, and as {@link readInput}. */
export function verifyInput<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  context: InputContext,
  policy: InputPolicy,
  input: Uint8Array,
): readonly Ciphertext<P>[] {
  const { ciphertexts, claims } = readInput(group, key, context, policy, input);
  checkClaims(group, claims);
  return ciphertexts;
}

export type InputVerdict<P> =
  | { readonly ciphertexts: readonly Ciphertext<P>[]; readonly code?: undefined }
  | { readonly code: ThresholdErrorCode };

/** Many at once: one sum if all are right, and the bad ones found if not. In the inputs' order. */
export function verifyInputs<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  items: readonly {
    readonly context: InputContext;
    readonly policy: InputPolicy;
    readonly input: Uint8Array;
  }[],
): InputVerdict<P>[] {
  const readings = items.map(({ context, policy, input }) => {
    try {
      return readInput(group, key, context, policy, input);
    } catch (error) {
      if (error instanceof ThresholdError) return { code: error.code };
      throw error;
    }
  });
  const owners = readings.flatMap((reading, i) =>
    "claims" in reading ? reading.claims.map((claim) => ({ claim, i })) : [],
  );
  const wrong = new Set(
    findFalseClaims(
      group,
      owners.map(({ claim }) => claim),
    ).map((position) => owners[position]?.i),
  );
  return readings.map((reading, i) => {
    if (!("claims" in reading)) return reading;
    return wrong.has(i) ? { code: "threshold/proof" } : { ciphertexts: reading.ciphertexts };
  });
}

function countOf(policy: InputPolicy): number {
  return policy.kind === "choice" ? policy.options : policy.count;
}

function assertPolicy(policy: InputPolicy): void {
  const count = countOf(policy);
  let sane = Number.isInteger(count) && count >= 1;
  if (policy.kind === "choice") {
    const { options, min, max } = policy;
    sane &&= options <= OPTIONS_MAX && Number.isInteger(min) && Number.isInteger(max);
    sane &&= 0 <= min && min <= max && max <= options && max - min < SET_MAX;
  } else if (policy.kind === "sum") {
    sane &&= policy.total >= 0n;
  }
  if (!sane) throw new ThresholdError({ code: "threshold/statement" });
}

/** With commitments apart where the ciphertexts' own do not bind: see {@link hasFixedBase}. */
interface InputValues<P> {
  readonly ciphertexts: readonly Ciphertext<P>[];
  readonly commitments: readonly P[] | undefined;
}

function needsCommitments<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  { kind }: InputPolicy,
): boolean {
  return kind !== "choice" && !hasFixedBase(group, key);
}

function commit<P>(group: Group<P>, value: bigint, blinding: Scalar): P {
  const masked = group.multiplySecret(fixedCommitmentBase(group), blinding);
  return group.add(group.multiplyBase(group.reduce(value)), masked);
}

function statementOf<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  policy: InputPolicy,
  { ciphertexts, commitments }: InputValues<P>,
): Statement<P> {
  if (policy.kind === "choice") {
    if (policy.min === policy.max) return areBits(group, key, ciphertexts, BigInt(policy.min));
    const ciphertext = sumCiphertexts(group, ciphertexts);
    const sum = inSet({ group, key, ciphertext }, sumsOf(policy));
    return { kind: "all", of: [areBits(group, key, ciphertexts), sum] };
  }
  const base = fixedCommitmentBase(group);
  const known = ciphertexts.map((ciphertext, i) => {
    const commitment = commitments?.[i];
    const opened = commitment === undefined ? undefined : { base, commitment };
    return knowsPlaintext({ group, key, ciphertext }, opened);
  });
  if (policy.kind === "range") return { kind: "all", of: known };
  return { kind: "all", of: [...known, sumIs(group, key, ciphertexts, policy.total)] };
}

function witnessOf<P>(
  group: Group<P>,
  policy: InputPolicy,
  encryptions: readonly Encryption<P>[],
  blindings: readonly Scalar[] | undefined,
): Witness {
  if (policy.kind === "choice") {
    const bits = bitWitness(group, encryptions);
    if (policy.min === policy.max) return bits;
    const sum = sumEncryptions(group, encryptions);
    return { kind: "all", of: [bits, setWitness(group, sum, sumsOf(policy))] };
  }
  const known = encryptions.map((encryption, i) => plaintextWitness(encryption, blindings?.[i]));
  if (policy.kind === "range") return { kind: "all", of: known };
  return { kind: "all", of: [...known, sumWitness(group, encryptions)] };
}

function sumsOf({ min, max }: InputPolicy & { readonly kind: "choice" }): bigint[] {
  return Array.from({ length: max - min + 1 }, (_, i) => BigInt(min + i));
}

function rangeOf<P>(
  group: Group<P>,
  bits: RangeBits,
  { ciphertexts, commitments }: InputValues<P>,
): RangeStatement<P> {
  return {
    group,
    commitmentBase: fixedCommitmentBase(group),
    bits,
    commitments: commitments ?? ciphertexts.map(({ commitment }) => commitment),
  };
}

function tagOf<P>(group: Group<P>, binding: Uint8Array): Uint8Array {
  return protocolTag("encrypted-input/v1", group.name, binding);
}

/** Context, key and policy: a proof under one policy is none under another. */
function bindingOf<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  { contract, sender, session }: InputContext,
  policy: InputPolicy,
): Uint8Array {
  const numbers =
    policy.kind === "choice"
      ? [policy.options, policy.min, policy.max]
      : [policy.bits, policy.count];
  const total = policy.kind === "sum" ? utf8(policy.total.toString()) : new Uint8Array(0);
  return concatBytes(
    ...[utf8(contract), utf8(sender), session, utf8(policy.kind), total].map(encodeString),
    ...numbers.map(u32LittleEndian),
    encodeKey(group, key),
  );
}
