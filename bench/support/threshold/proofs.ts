/** Proofs, encryption and decryption in ristretto255, beside noble alone and Solana's library. */
import {
  BatchedRangeProofU64Data,
  ElGamalKeypair,
  PedersenCommitment,
  PedersenOpening,
} from "@solana/zk-sdk/node";
import {
  checkClaims,
  type Group,
  loadRistretto255,
  proveStatement,
  type RistrettoPoint,
  ristretto255Group,
  verifyStatement,
} from "@tacit/threshold";
import { claimRange, proveRange, verifyRange } from "@tacit/threshold/bulletproofs";
import {
  combinePartials,
  encryptTdh2,
  partialDecrypt,
  verifyPartials,
} from "@tacit/threshold/decryption";
import {
  createKeyPair,
  DiscreteLogTable,
  decryptToElement,
  type EncryptionKey,
  encrypt,
  fixedCommitmentBase,
  sharedKey,
} from "@tacit/threshold/elgamal";
import {
  bitWitness,
  encryptInput,
  isBit,
  proveDleq,
  verifyDleq,
  verifyInputs,
} from "@tacit/threshold/proofs";
import { median } from "../statistics.ts";
import { report, type ThresholdOptions, timesOf } from "./report.ts";

const tag = new TextEncoder().encode("bench");

export async function benchProofs(options: ThresholdOptions): Promise<void> {
  const [wasm, sodium] = await Promise.all([
    loadRistretto255("wasm"),
    loadRistretto255("libsodium"),
  ]);
  benchGroup(options, [ristretto255Group, sodium, wasm] as Group<never>[]);
  benchBits(options, wasm);
  benchDleq(options, wasm);
  benchRange(options, wasm);
  benchDecryption(options, wasm);
}

const runsOf = ({ tiny }: ThresholdOptions): number => (tiny ? 1 : 9);

function benchGroup(options: ThresholdOptions, groups: readonly Group<never>[]): void {
  const [runs, count] = options.tiny ? [1, 8] : [9, 1024];
  const fastestFirst = groups.toReversed();
  const sections = fastestFirst.map((group) => {
    const points = Array.from({ length: count }, () => group.multiplyBase(group.randomScalar()));
    const scalars = points.map(() => group.randomScalar());
    const [point, scalar] = [points[0] as never, scalars[0] as bigint];
    return {
      group,
      multiply: timesOf(runs, () => group.multiplySecret(point, scalar)),
      sum: timesOf(runs, () => group.sumOfProducts(points, scalars)),
    };
  });
  report(
    options,
    "a foreign point times a secret",
    sections.map(({ group, multiply }) => [group.backend, multiply]),
    0.15,
  );
  report(
    options,
    `a sum of ${count} products`,
    sections.map(({ group, sum }) => [group.backend, sum]),
    150,
  );
}

/** By hand with noble's points: two branches, commitments, responses, no masks; see its figures. */
function nobleBit(key: EncryptionKey<RistrettoPoint>): { prove(): unknown; verify(): unknown } {
  const { generator: G, randomScalar, reduce } = ristretto255Group;
  const { commitmentBase: H, handleBase: P } = key;
  const prove = () => {
    const [r, nonce, c, z] = [randomScalar(), randomScalar(), randomScalar(), randomScalar()];
    const [C, D] = [G.add(H.multiply(r)), P.multiply(r)];
    const first = [H.multiply(nonce), P.multiply(nonce)];
    const second = [H.multiply(z).subtract(C.multiply(c)), P.multiply(z).subtract(D.multiply(c))];
    return { C, D, c, z, encoded: [C, D, ...first, ...second].map((point) => point.toBytes()) };
  };
  const sample = prove();
  const verify = () =>
    [sample.C, sample.C.subtract(G)].flatMap((image) => [
      H.multiplyUnsafe(sample.z)
        .subtract(image.multiplyUnsafe(reduce(sample.c)))
        .toBytes(),
      P.multiplyUnsafe(sample.z)
        .subtract(sample.D.multiplyUnsafe(reduce(sample.c)))
        .toBytes(),
    ]);
  return { prove, verify };
}

function benchBits<P>(options: ThresholdOptions, group: Group<P>): void {
  const runs = runsOf(options);
  const { publicKey: key } = createKeyPair(group);
  const make = () => {
    const item = encrypt(group, key, 1n);
    const statement = isBit({ group, key, ciphertext: item.ciphertext });
    return { statement, proof: proveStatement(tag, statement, bitWitness(group, [item])) };
  };
  const noble = nobleBit(createKeyPair(ristretto255Group).publicKey);
  report(
    options,
    "encrypt with a 0/1 proof",
    [
      ["ours", timesOf(runs, make)],
      ["noble alone", timesOf(runs, noble.prove)],
    ],
    1.7,
  );
  const { statement, proof } = make();
  const context = { contract: "c", sender: "s", session: tag };
  const policy = { kind: "choice", options: 5, min: 1, max: 1 } as const;
  const count = options.tiny ? 1 : 50;
  const items = Array.from({ length: count }, (_, i) => ({
    context,
    policy,
    input: encryptInput(
      group,
      key,
      context,
      policy,
      [0, 1, 2, 3, 4].map((j) => BigInt(+(i % 5 === j))),
    ),
  }));
  report(
    options,
    "verify a 0/1 proof",
    [
      [
        `ours, ${count} choices of 5 as one, with decoding`,
        timesOf(3, () => verifyInputs(group, key, items)),
        5 * count,
      ],
      ["ours alone", timesOf(runs, () => verifyStatement(tag, statement, proof))],
      ["noble alone", timesOf(runs, noble.verify)],
    ],
    1,
  );
}

function benchDleq<P>(options: ThresholdOptions, group: Group<P>): void {
  const runs = runsOf(options);
  const secret = group.randomScalar();
  const base = group.hashToGroup(tag, "bench");
  const pairs = [group.generator, base].map((point) => ({
    base: point,
    image: group.multiplySecret(point, secret),
  }));
  const proof = proveDleq(group, tag, pairs, secret);
  const { generator: G, randomScalar } = ristretto255Group;
  const B = ristretto255Group.hashToGroup(tag, "bench");
  const nonce = randomScalar();
  const nobleProve = () =>
    [
      ...[G, B].map((point) => point.multiply(nonce)),
      ...[G, B].map((point) => point.multiply(nonce)),
    ].map((point) => point.toBytes());
  const nobleVerify = () =>
    [G, B].map((point) => point.multiplyUnsafe(nonce).subtract(B.multiplyUnsafe(nonce)).toBytes());
  report(
    options,
    "equality of logarithms, prove",
    [
      ["ours", timesOf(runs, () => proveDleq(group, tag, pairs, secret))],
      ["noble alone", timesOf(runs, nobleProve)],
    ],
    0.6,
  );
  report(
    options,
    "equality of logarithms, verify",
    [
      ["ours", timesOf(runs, () => verifyDleq(group, tag, pairs, proof))],
      ["noble alone", timesOf(runs, nobleVerify)],
    ],
    0.5,
  );
}

function benchRange<P>(options: ThresholdOptions, group: Group<P>): void {
  const runs = options.tiny ? 1 : 5;
  const commitmentBase = fixedCommitmentBase(group);
  const [value, blinding] = [123_456_789_012n, group.randomScalar()];
  const commitment = group.add(
    group.multiplyBase(value),
    group.multiplySecret(commitmentBase, blinding),
  );
  const statement = { group, commitmentBase, bits: 64, commitments: [commitment] } as const;
  const prove = () => proveRange(tag, statement, [{ value, blinding }]);
  const proof = prove();
  // The library takes commitment and opening away from who hands them over.
  const solanaProve = () => {
    const opening = new PedersenOpening();
    const theirs = PedersenCommitment.from(value, opening);
    const [values, widths] = [BigUint64Array.of(value), Uint8Array.of(64)];
    return new BatchedRangeProofU64Data([theirs], values, widths, [opening]);
  };
  const solana = solanaProve();
  const [proving, solanaProving] = [timesOf(runs, prove), timesOf(runs, solanaProve)];
  report(
    options,
    "range of 64 bits, prove",
    [
      ["ours", proving],
      ["@solana/zk-sdk, whose time is the aim", solanaProving],
    ],
    median(solanaProving),
  );
  const count = options.tiny ? 1 : 16;
  const batch = () =>
    checkClaims(
      group,
      Array.from({ length: count }, () => claimRange(tag, statement, proof)),
    );
  const solanaVerifying = timesOf(runs, () => solana.verify());
  report(
    options,
    "range of 64 bits, verify",
    [
      ["ours", timesOf(runs, () => verifyRange(tag, statement, proof))],
      [`ours, ${count} as one`, timesOf(runs, batch), count],
      ["@solana/zk-sdk, whose time is the aim", solanaVerifying],
    ],
    median(solanaVerifying),
  );
  const pair = createKeyPair(group);
  const solanaKey = new ElGamalKeypair().pubkey();
  report(options, "encrypt a number", [
    ["ours", timesOf(runs, () => encrypt(group, pair.publicKey, value))],
    ["@solana/zk-sdk", timesOf(runs, () => solanaKey.encryptU64(value))],
  ]);
}

function benchDecryption<P>(options: ThresholdOptions, group: Group<P>): void {
  const holders = options.tiny ? 3 : 67;
  const secrets = Array.from({ length: holders }, () => group.randomScalar());
  const publics = secrets.map((secret) => group.multiplyBase(secret));
  const key = sharedKey(group, publics[0] as P);
  const request = { group, key, ciphertexts: [encrypt(group, key, 5n).ciphertext], id: tag };
  const partials = secrets.map((value, i) => partialDecrypt(request, { index: i + 1, value }));
  const share = { index: 1, value: secrets[0] as bigint };
  report(
    options,
    `partial decryptions of ${holders} holders`,
    [
      [
        "all verified as one",
        timesOf(5, () => verifyPartials(request, (index) => publics[index - 1], partials)),
      ],
      ["one made", timesOf(runsOf(options), () => partialDecrypt(request, share))],
      ["combined", timesOf(3, () => combinePartials(request, partials, holders))],
    ],
    60,
  );
  const message = new Uint8Array(1024);
  report(options, "TDH2 of 1 KiB", [
    ["encrypt", timesOf(runsOf(options), () => encryptTdh2(group, publics[0] as P, message, tag))],
  ]);
  const bits = options.tiny ? 6 : 16;
  report(options, `discrete logarithms, a table of 2^${bits} steps`, [
    ["built", timesOf(1, () => DiscreteLogTable.build(group, bits))],
  ]);
  const table = DiscreteLogTable.build(group, bits);
  const bytes = table.encode();
  const pair = createKeyPair(group);
  const max = options.tiny ? 1_000n : (1n << 32n) - 1n;
  const { ciphertext } = encrypt(group, pair.publicKey, max);
  report(options, `the same, ${bytes.length} bytes`, [
    ["loaded", timesOf(1, () => DiscreteLogTable.decode(group, bytes))],
    [
      `${max} found, the worst of its range`,
      timesOf(1, () => table.solve(decryptToElement(group, pair.secret, ciphertext), max)),
    ],
  ]);
}
