import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { concatBytes } from "../src/bytes.ts";
import {
  aggregateShares,
  commitNonces,
  createEd25519Frost,
  ed448Frost,
  ed25519Frost,
  type FrostSuite,
  p256Frost,
  ristretto255Frost,
  secp256k1Frost,
  signShare,
  verifySignature,
  verifySignatureShare,
} from "../src/frost/index.ts";
import { loadEd25519 } from "../src/groups/load.ts";
import { findVectors, fromHex, listFiles, toHex } from "./vectors.ts";

/** Each by every backend that it has. */
const SUITES = {
  "frost-ed25519-sha512.json": [ed25519Frost, createEd25519Frost(await loadEd25519("wasm"))],
  "frost-ed448-shake256.json": [ed448Frost],
  "frost-p256-sha256.json": [p256Frost],
  "frost-ristretto255-sha512.json": [ristretto255Frost],
  "frost-secp256k1-sha256.json": [secp256k1Frost],
} as unknown as Readonly<Record<string, readonly FrostSuite<unknown>[]>>;
const FIELDS = [
  ...["config", "inputs", "round_one_outputs", "round_two_outputs", "final_output", "outputs"],
  ...["MAX_PARTICIPANTS", "NUM_PARTICIPANTS", "MIN_PARTICIPANTS", "name", "group", "hash", "sig"],
  ...["participant_list", "group_secret_key", "group_public_key", "message"],
  ...["share_polynomial_coefficients", "participant_shares", "identifier", "participant_share"],
  ...["hiding_nonce_randomness", "binding_nonce_randomness", "hiding_nonce", "binding_nonce"],
  ...["hiding_nonce_commitment", "binding_nonce_commitment", "binding_factor_input"],
  ...["binding_factor", "sig_share"],
];

interface Vector {
  readonly config: { readonly MIN_PARTICIPANTS: string };
  readonly inputs: {
    readonly group_secret_key: string;
    readonly group_public_key: string;
    readonly message: string;
    readonly participant_list: readonly number[];
    readonly share_polynomial_coefficients: readonly string[];
    readonly participant_shares: readonly { identifier: number; participant_share: string }[];
  };
  readonly round_one_outputs: {
    readonly outputs: readonly (Record<string, string> & { readonly identifier: number })[];
  };
  readonly round_two_outputs: {
    readonly outputs: readonly { readonly identifier: number; readonly sig_share: string }[];
  };
  readonly final_output: { readonly sig: string };
}

const directory = findVectors("rfc9591-frost");
const files = directory === undefined ? [] : listFiles(directory);

it.runIf(directory !== undefined).each(files.filter((file) => file !== "SOURCE.txt"))(
  "signs as RFC 9591 does: %s",
  (file) => {
    const vector = JSON.parse(readFileSync(join(directory ?? "", file), "utf8"), (name, value) => {
      if (name !== "" && !/^\d+$/.test(name) && !FIELDS.includes(name)) {
        throw new TypeError(`unknown field ${name} in ${file}`);
      }
      return value;
    }) as Vector;
    const suites = SUITES[file];
    if (suites === undefined) return expect.unreachable(`unknown file ${file}`);
    for (const suite of suites) runVector(suite, vector);
  },
);

function runVector(suite: FrostSuite<unknown>, vector: Vector): void {
  const { group } = suite;
  const { inputs } = vector;
  const scalar = (hex: string) => group.decodeScalar(fromHex(hex));
  const coefficients = [inputs.group_secret_key, ...inputs.share_polynomial_coefficients].map(
    scalar,
  );
  const shares = inputs.participant_shares.map(({ identifier: index, participant_share }) => {
    const value = coefficients.reduceRight((sum, c) => group.reduce(sum * BigInt(index) + c), 0n);
    expect(toHex(group.encodeScalar(value))).toBe(participant_share);
    return { index, value };
  });
  const key = {
    publicKey: fromHex(inputs.group_public_key),
    threshold: Number(vector.config.MIN_PARTICIPANTS),
    publicShares: shares.map(({ value }) => group.encode(group.multiplyBase(value))),
  };
  expect(group.encode(group.multiplyBase(coefficients[0] as bigint))).toEqual(key.publicKey);
  const rounds = vector.round_one_outputs.outputs.map((round) => {
    const share = shares.find(({ index }) => index === round.identifier) as (typeof shares)[0];
    const draw = (randomness: string) =>
      suite.hashToScalar(
        "nonce",
        concatBytes(fromHex(randomness), group.encodeScalar(share.value)),
      );
    const nonces = {
      hiding: draw(round.hiding_nonce_randomness as string),
      binding: draw(round.binding_nonce_randomness as string),
    };
    expect(toHex(group.encodeScalar(nonces.hiding))).toBe(round.hiding_nonce);
    expect(toHex(group.encodeScalar(nonces.binding))).toBe(round.binding_nonce);
    const commitments = commitNonces(suite, round.identifier, nonces);
    expect(toHex(commitments.hiding)).toBe(round.hiding_nonce_commitment);
    expect(toHex(commitments.binding)).toBe(round.binding_nonce_commitment);
    const factor = suite.hashToScalar("rho", fromHex(round.binding_factor_input as string));
    expect(toHex(group.encodeScalar(factor))).toBe(round.binding_factor);
    return { share, nonces, commitments };
  });
  expect(rounds.map(({ share }) => share.index)).toEqual(inputs.participant_list);
  const message = fromHex(inputs.message);
  const commitments = rounds.map((round) => round.commitments);
  const request = { key, message, commitments };
  const signed = rounds.map(({ share, nonces }) => signShare(suite, request, share, nonces));
  expect(signed.map(({ index, share }) => [index, toHex(share)])).toEqual(
    vector.round_two_outputs.outputs.map(({ identifier, sig_share }) => [identifier, sig_share]),
  );
  for (const item of signed) verifySignatureShare(suite, request, item);
  const signature = aggregateShares(suite, request, signed);
  expect(toHex(signature)).toBe(vector.final_output.sig);
  verifySignature(suite, key.publicKey, message, signature);
}
