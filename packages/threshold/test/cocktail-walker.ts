/**
 * Walks files in the JSON format of the vectors that C2SP publishes for COCKTAIL-DKG. Anything that
 * it does not know, or that comes out otherwise, is thrown.
 */
import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { concatBytes, utf8 } from "../src/bytes.ts";
import {
  type CocktailSuite,
  cocktailCertify,
  cocktailDistribute,
  cocktailFinalize,
  cocktailStep1,
  cocktailStep2,
  deriveCocktailContext,
  derivePayloadExtension,
  ed25519Cocktail,
  p256Cocktail,
  recoverCocktail,
  ristretto255Cocktail,
  secp256k1Cocktail,
} from "../src/cocktail/index.ts";
import {
  decodeFirstMessage,
  encodeBundle,
  encodeContribution,
  possessionMessage,
} from "../src/cocktail/messages.ts";
import { signCocktail } from "../src/cocktail/schnorr.ts";
import { createSeededRandom } from "../src/protocol/random.ts";
import { fromHex, listFiles, toHex } from "./vectors.ts";

export const COCKTAIL_SUITES = [
  ristretto255Cocktail,
  ed25519Cocktail,
  p256Cocktail,
  secp256k1Cocktail,
] as unknown as CocktailSuite<unknown>[];

/** Suites that are not here, by the standard's identifiers: why, docs/threshold/cocktail.md says. */
const ABSENT = [
  "COCKTAIL(Ed448, SHAKE256)",
  "COCKTAIL(JubJub, BLAKE2b-512)",
  "COCKTAIL(Pallas, BLAKE2b-512)",
];

interface Round1 {
  readonly participant_id: number;
  readonly ephemeral_public_key: string;
  readonly vss_commitment: readonly string[];
  readonly pop: string;
  readonly pop_intermediate?: Readonly<
    Record<
      "message" | "nonce_input" | "nonce" | "nonce_commitment" | "challenge_input" | "challenge",
      string
    >
  >;
  readonly encrypted_shares: readonly string[];
}

export interface CocktailVector {
  readonly n: number;
  readonly t: number;
  readonly session_tag: string;
  readonly context: string;
  readonly extension: string;
  readonly payloads?: readonly string[];
  /** Of our own sessions alone. */
  readonly step1_seeds?: readonly string[];
  readonly config: {
    readonly static_secret_keys: readonly string[];
    readonly static_public_keys: readonly string[];
  };
  readonly round1: readonly Round1[];
  readonly round2: readonly {
    readonly participant_id: number;
    readonly secret_share: string;
    readonly verification_share: string;
  }[];
  readonly round3: {
    readonly transcript_hash: string;
    readonly signatures: readonly { readonly signer_id: number; readonly signature: string }[];
  };
  readonly group_public_key: string;
  readonly recovery?: {
    readonly participant_id: number;
    readonly ciphertexts: readonly string[];
    readonly recovered_secret_share: string;
    readonly recovered_verification_share: string;
  };
}

export interface CocktailFile {
  readonly ciphersuite: string;
  readonly seed?: string;
  readonly derivation?: unknown;
  readonly vectors: readonly CocktailVector[];
}

const FIELDS = [
  ...["ciphersuite", "seed", "derivation", "method", "labels", "static_secret_key", "vectors"],
  ...["ephemeral_secret_key", "polynomial_coefficient", "payload", "n", "t", "session_tag"],
  ...["step1_seeds"],
  ...["context", "extension", "payloads", "config", "static_secret_keys", "static_public_keys"],
  ...["round1", "participant_id", "ephemeral_public_key", "vss_commitment", "pop"],
  ...["pop_intermediate", "message", "nonce_input", "nonce", "nonce_commitment", "round2"],
  ...["challenge_input", "challenge", "encrypted_shares", "secret_share", "verification_share"],
  ...["round3", "transcript_hash", "signatures", "signer_id", "signature", "group_public_key"],
  ...["recovery", "ciphertexts", "recovered_secret_share", "recovered_verification_share"],
];

export function listCocktail(directory: string): string[] {
  const files = listFiles(directory).filter((file) => file !== "README.md");
  if (files.length === 0) throw new TypeError(`no vectors in ${directory}`);
  return files;
}

export interface CocktailWalk {
  readonly suite: string;
  readonly sessions: number;
  /** Throws for the first thing that is not as the file says. Undefined: the suite is not here. */
  readonly run: (() => void) | undefined;
}

/** @throws for a field, or a suite, that is not known. */
export function walkCocktailFile(directory: string, file: string): CocktailWalk {
  const document = JSON.parse(readFileSync(join(directory, file), "utf8"), (name, value) => {
    if (name !== "" && !/^\d+$/.test(name) && !FIELDS.includes(name)) {
      throw new TypeError(`unknown field ${name} in ${file}`);
    }
    return value;
  }) as CocktailFile;
  const { ciphersuite, vectors } = document;
  const suite = COCKTAIL_SUITES.find(({ id }) => id === ciphersuite);
  if (suite === undefined && !ABSENT.includes(ciphersuite)) {
    throw new TypeError(`unknown ciphersuite in ${file}`);
  }
  const run = (): void => {
    if (suite !== undefined) for (const vector of vectors) checkVector(suite, vector);
  };
  return { suite: ciphersuite, sessions: vectors.length, run: suite && run };
}

function checkVector<P>(suite: CocktailSuite<P>, vector: CocktailVector): void {
  const { group } = suite;
  const secrets = vector.config.static_secret_keys.map((hex) => group.decodeScalar(fromHex(hex)));
  const hostPublicKeys = vector.config.static_public_keys.map(fromHex);
  deepStrictEqual(
    secrets.map((secret) => group.encode(group.multiplyBase(secret))),
    hostPublicKeys,
  );
  deepStrictEqual(hostPublicKeys.length, vector.n);
  const context = deriveCocktailContext(suite, fromHex(vector.session_tag), hostPublicKeys);
  deepStrictEqual(toHex(context), vector.context);
  const params = { suite, context, threshold: vector.t, hostPublicKeys };
  deepStrictEqual(
    vector.round1.map(({ participant_id }) => participant_id),
    secrets.map((_, i) => i + 1),
  );
  const contributions = vector.round1.map((item) => checkRound1(suite, context, item));
  const firsts = vector.round1.map((item, i) =>
    concatBytes(contributions[i] as Uint8Array, encodeBundle(item.encrypted_shares.map(fromHex))),
  );
  const payloads = vector.payloads?.map(fromHex);
  for (const [i, seed] of (vector.step1_seeds ?? []).entries()) {
    const { message } = cocktailStep1(params, secrets[i] as bigint, fromHex(seed), payloads?.[i]);
    deepStrictEqual(toHex(message), toHex(firsts[i] as Uint8Array));
  }
  const extension = fromHex(vector.extension);
  if (payloads !== undefined) deepStrictEqual(derivePayloadExtension(suite, payloads), extension);
  const seconds = cocktailDistribute(params, firsts);
  const steps = secrets.map((secret, i) => {
    const state = { index: i + 1, contribution: contributions[i] as Uint8Array };
    const step = cocktailStep2(params, secret, state, seconds[i] as Uint8Array, (sent) =>
      payloads === undefined ? extension : derivePayloadExtension(suite, sent),
    );
    const { output, transcript } = step.state;
    const expected = vector.round2[i];
    deepStrictEqual(expected?.participant_id, i + 1);
    deepStrictEqual(toHex(group.encodeScalar(output.share.value)), expected.secret_share);
    deepStrictEqual(toHex(output.publicShares[i] as Uint8Array), expected.verification_share);
    deepStrictEqual(toHex(output.publicKey), vector.group_public_key);
    deepStrictEqual(toHex(suite.hash(transcript)), vector.round3.transcript_hash);
    deepStrictEqual(output.payloads, payloads ?? secrets.map(() => new Uint8Array(0)));
    return step;
  });
  deepStrictEqual(
    steps.map(({ message }, i) => ({ signer_id: i + 1, signature: toHex(message) })),
    vector.round3.signatures,
  );
  const certificate = cocktailCertify(
    params,
    steps.map(({ message }) => message),
  );
  for (const [i, { state }] of steps.entries()) {
    const { output, recovery } = cocktailFinalize(params, state, certificate);
    const restored = recoverCocktail(suite, secrets[i] as bigint, recovery);
    deepStrictEqual(restored.output, output);
    deepStrictEqual(restored.extension, extension);
  }
  const { recovery } = vector;
  if (recovery === undefined) return;
  const { transcript } = (steps[0] as (typeof steps)[0]).state;
  const bundle = encodeBundle(recovery.ciphertexts.map(fromHex));
  const secret = secrets[recovery.participant_id - 1] as bigint;
  const { output } = recoverCocktail(suite, secret, { transcript, certificate, bundle });
  deepStrictEqual(toHex(group.encodeScalar(output.share.value)), recovery.recovered_secret_share);
  deepStrictEqual(
    toHex(output.publicShares[recovery.participant_id - 1] as Uint8Array),
    recovery.recovered_verification_share,
  );
}

/** The proof of possession is made again of the secret that its intermediate values tell. */
function checkRound1<P>(suite: CocktailSuite<P>, context: Uint8Array, item: Round1): Uint8Array {
  const { group } = suite;
  const commitments = concatBytes(...item.vss_commitment.map(fromHex));
  const ephemeral = fromHex(item.ephemeral_public_key);
  const proof = fromHex(item.pop);
  const message = possessionMessage(context, { commitments, ephemeral });
  const between = item.pop_intermediate;
  if (between === undefined) return encodeContribution({ commitments, proof, ephemeral });
  deepStrictEqual(toHex(message), between.message);
  const input = fromHex(between.nonce_input);
  const end = input.length - message.length;
  const written = input.slice(end - group.scalarBytes, end);
  const secret = group.decodeScalar(written);
  const nonce = suite.hashToScalar("NONCE", [written, message]);
  deepStrictEqual(toHex(group.encodeScalar(nonce)), between.nonce);
  const commitment = group.encode(group.multiplyBase(nonce));
  deepStrictEqual(toHex(commitment), between.nonce_commitment);
  const key = group.encode(group.multiplyBase(secret));
  const challenge = suite.hashToScalar("H7", [commitment, key, message]);
  deepStrictEqual(toHex(group.encodeScalar(challenge)), between.challenge);
  const asked = concatBytes(commitment, key, message);
  deepStrictEqual(between.challenge_input.endsWith(toHex(asked)), true);
  deepStrictEqual(signCocktail(suite, secret, message), proof);
  return encodeContribution({ commitments, proof, ephemeral });
}

/** Sessions of our own in the same format, with the seeds of their first steps. */
export function recordCocktail<P>(suite: CocktailSuite<P>): CocktailFile {
  const sessions = [
    { t: 2, n: 3, hasPayloads: false },
    { t: 3, n: 5, hasPayloads: true },
  ];
  return { ciphersuite: suite.id, vectors: sessions.map((item) => recordSession(suite, item)) };
}

function recordSession<P>(
  suite: CocktailSuite<P>,
  { t, n, hasPayloads }: { t: number; n: number; hasPayloads: boolean },
): CocktailVector {
  const { group } = suite;
  const tag = utf8(`TACIT-COCKTAIL-${t}-OF-${n}`);
  const random = createSeededRandom(new Uint8Array(32), suite.id, tag);
  const secrets = Array.from({ length: n }, () => group.randomScalar(random));
  const seeds = secrets.map(() => random(32));
  const sent = hasPayloads ? secrets.map((_, i) => random(i * 7)) : undefined;
  const hostPublicKeys = secrets.map((secret) => group.encode(group.multiplyBase(secret)));
  const context = deriveCocktailContext(suite, tag, hostPublicKeys);
  const params = { suite, context, threshold: t, hostPublicKeys };
  const firsts = secrets.map((secret, i) =>
    cocktailStep1(params, secret, seeds[i] as Uint8Array, sent?.[i]),
  );
  const seconds = cocktailDistribute(
    params,
    firsts.map(({ message }) => message),
  );
  const extension = sent === undefined ? utf8("tacit") : derivePayloadExtension(suite, sent);
  const steps = secrets.map((secret, i) => {
    const { state } = firsts[i] as (typeof firsts)[0];
    return cocktailStep2(params, secret, state, seconds[i] as Uint8Array, extension);
  });
  const { state } = steps[0] as (typeof steps)[0];
  const decoded = firsts.map(({ message }) => decodeFirstMessage(params, message));
  return {
    n,
    t,
    session_tag: toHex(tag),
    context: toHex(context),
    extension: toHex(extension),
    ...(sent === undefined ? {} : { payloads: sent.map(toHex) }),
    step1_seeds: seeds.map(toHex),
    config: {
      static_secret_keys: secrets.map((secret) => toHex(group.encodeScalar(secret))),
      static_public_keys: hostPublicKeys.map(toHex),
    },
    round1: decoded.map((first, i) => ({
      participant_id: i + 1,
      ephemeral_public_key: toHex(first.ephemeral),
      vss_commitment: first.points.commitments.map((point) => toHex(group.encode(point))),
      pop: toHex(first.proof),
      encrypted_shares: first.ciphertexts.map(toHex),
    })),
    round2: steps.map(({ state: { output } }, i) => ({
      participant_id: i + 1,
      secret_share: toHex(group.encodeScalar(output.share.value)),
      verification_share: toHex(output.publicShares[i] as Uint8Array),
    })),
    round3: {
      transcript_hash: toHex(suite.hash(state.transcript)),
      signatures: steps.map(({ message }, i) => ({ signer_id: i + 1, signature: toHex(message) })),
    },
    group_public_key: toHex(state.output.publicKey),
  };
}
