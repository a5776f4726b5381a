/**
 * Statements about twisted ElGamal ciphertexts, each with the witness that proves it. They go to
 * `proveStatement`, alone or composed.
 */
import { type Ciphertext, type Encryption, sumCiphertexts } from "../elgamal/ciphertext.ts";
import type { EncryptionKey } from "../elgamal/keys.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { RelationBuilder } from "../sigma/builder.ts";
import type { Statement, Witness } from "../sigma/compose.ts";

/** Most members of a set that is proven branch by branch; beyond, use one-of-many. */
export const SET_MAX = 64;

type Of<P> = {
  readonly group: Group<P>;
  readonly key: EncryptionKey<P>;
  readonly ciphertext: Ciphertext<P>;
};

/**
 * The maker knows message and randomness, and, if `opened` is given, that commitment holds the same
 * message: message·G + blinding·base. Witness: {@link plaintextWitness}.
 */
export function knowsPlaintext<P>(
  { group, key, ciphertext }: Of<P>,
  opened?: { readonly base: P; readonly commitment: P },
): Statement<P> {
  const builder = new RelationBuilder(group);
  const [message, randomness] = [builder.secret(), builder.secret()];
  builder
    .equation(
      [[ciphertext.commitment, 1n]],
      [
        [message, group.generator],
        [randomness, key.commitmentBase],
      ],
    )
    .equation([[ciphertext.handle, 1n]], [[randomness, key.handleBase]]);
  if (opened !== undefined) {
    builder.equation(
      [[opened.commitment, 1n]],
      [
        [message, group.generator],
        [builder.secret(), opened.base],
      ],
    );
  }
  return { kind: "relation", relation: builder.build() };
}

/** @param blinding of the commitment, if there is one. */
export function plaintextWitness<P>(
  { message, randomness }: Encryption<P>,
  blinding?: Scalar,
): Witness {
  const own = [message, randomness];
  return { kind: "relation", scalars: blinding === undefined ? own : [...own, blinding] };
}

/**
 * The message is 0 or 1, without branches: beside (C, D) = (m·G + r·H, r·P) it is proven that
 * (C, D) = m·(C, D) + s·(H, P). Of D's parts follows s = (1 - m)·r, of C's then (1 - m)·m = 0: also
 * for a prover who knows H's logarithm, as t holders of a shared key do. Witness:
 * {@link bitWitness}.
 */
export function isBit<P>(of: Of<P>): Statement<P> {
  return areBits(of.group, of.key, [of.ciphertext]);
}

/** Every message is 0 or 1, as one relation; `total`, if given, is their sum. */
export function areBits<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  ciphertexts: readonly Ciphertext<P>[],
  total?: bigint,
): Statement<P> {
  const builder = new RelationBuilder(group);
  const randomness = ciphertexts.map(({ commitment, handle }) => {
    const [message, random, product] = [builder.secret(), builder.secret(), builder.secret()];
    builder
      .equation(
        [[commitment, 1n]],
        [
          [message, group.generator],
          [random, key.commitmentBase],
        ],
      )
      .equation([[handle, 1n]], [[random, key.handleBase]])
      .equation(
        [[commitment, 1n]],
        [
          [message, commitment],
          [product, key.commitmentBase],
        ],
      )
      .equation(
        [[handle, 1n]],
        [
          [message, handle],
          [product, key.handleBase],
        ],
      );
    return random;
  });
  if (total !== undefined) {
    const sum = ciphertexts.map(({ commitment }) => [commitment, 1n] as const);
    builder.equation(
      total === 0n ? sum : [...sum, [group.generator, -total]],
      randomness.map((random) => [random, key.commitmentBase] as const),
    );
  }
  return { kind: "relation", relation: builder.build() };
}

export function bitWitness<P>(group: Group<P>, encryptions: readonly Encryption<P>[]): Witness {
  const scalars = encryptions.flatMap(({ message, randomness }) => [
    message,
    randomness,
    group.reduce(randomness - message * randomness),
  ]);
  return { kind: "relation", scalars };
}

/** The message is `value`. Witness: {@link randomnessWitness}. */
export function valueIs<P>({ group, key, ciphertext }: Of<P>, value: bigint): Statement<P> {
  const builder = new RelationBuilder(group);
  const randomness = builder.secret();
  const image: (readonly [P, bigint])[] = [[ciphertext.commitment, 1n]];
  if (group.reduce(value) !== 0n) image.push([group.generator, -value]);
  builder
    .equation(image, [[randomness, key.commitmentBase]])
    .equation([[ciphertext.handle, 1n]], [[randomness, key.handleBase]]);
  return { kind: "relation", relation: builder.build() };
}

export function randomnessWitness<P>({ randomness }: Pick<Encryption<P>, "randomness">): Witness {
  return { kind: "relation", scalars: [randomness] };
}

/**
 * The message is one of `values`. Witness: {@link setWitness}.
 * @throws {ThresholdError} `threshold/statement` for an empty set, one above {@link SET_MAX}, or
 * a value that comes twice.
 */
export function inSet<P>(of: Of<P>, values: readonly bigint[]): Statement<P> {
  const unique = new Set(values.map((value) => of.group.reduce(value)));
  if (values.length === 0 || values.length > SET_MAX || unique.size !== values.length) {
    throw new ThresholdError({ code: "threshold/statement" });
  }
  return { kind: "any", of: values.map((value) => valueIs(of, value)) };
}

/** @throws {ThresholdError} `threshold/witness` if the message is none of `values`. */
export function setWitness<P>(
  group: Group<P>,
  encryption: Encryption<P>,
  values: readonly bigint[],
): Witness {
  const index = values.findIndex((value) => group.reduce(value) === encryption.message);
  if (index < 0) throw new ThresholdError({ code: "threshold/witness" });
  return { kind: "any", index, witness: randomnessWitness(encryption) };
}

/** The messages add to `total`. Witness: {@link sumWitness}. */
export function sumIs<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  ciphertexts: readonly Ciphertext<P>[],
  total: bigint,
): Statement<P> {
  return valueIs({ group, key, ciphertext: sumCiphertexts(group, ciphertexts) }, total);
}

export function sumWitness<P>(group: Group<P>, encryptions: readonly Encryption<P>[]): Witness {
  return randomnessWitness(sumEncryptions(group, encryptions));
}

/** The encryption that the homomorphic sum is. */
export function sumEncryptions<P>(
  group: Group<P>,
  encryptions: readonly Encryption<P>[],
): Encryption<P> {
  const add = (pick: (item: Encryption<P>) => Scalar): Scalar =>
    group.reduce(encryptions.reduce((sum, item) => sum + pick(item), 0n));
  return {
    ciphertext: sumCiphertexts(
      group,
      encryptions.map(({ ciphertext }) => ciphertext),
    ),
    message: add(({ message }) => message),
    randomness: add(({ randomness }) => randomness),
  };
}

/** One message under several keys. Witness: {@link equalityWitness}. */
export function equalPlaintexts<P>(
  group: Group<P>,
  items: readonly { readonly key: EncryptionKey<P>; readonly ciphertext: Ciphertext<P> }[],
): Statement<P> {
  const builder = new RelationBuilder(group);
  const message = builder.secret();
  for (const { key, ciphertext } of items) {
    const randomness = builder.secret();
    builder
      .equation(
        [[ciphertext.commitment, 1n]],
        [
          [message, group.generator],
          [randomness, key.commitmentBase],
        ],
      )
      .equation([[ciphertext.handle, 1n]], [[randomness, key.handleBase]]);
  }
  return { kind: "relation", relation: builder.build() };
}

/** @throws {ThresholdError} `threshold/witness` for none. */
export function equalityWitness<P>(encryptions: readonly Encryption<P>[]): Witness {
  const [first] = encryptions;
  if (first === undefined) throw new ThresholdError({ code: "threshold/witness" });
  const randomness = encryptions.map((item) => item.randomness);
  return { kind: "relation", scalars: [first.message, ...randomness] };
}

/** The key's secret decrypts to `value`. Witness: {@link secretWitness}. */
export function decryptsTo<P>({ group, key, ciphertext }: Of<P>, value: bigint): Statement<P> {
  const builder = new RelationBuilder(group);
  const secret = builder.secret();
  const image: (readonly [P, bigint])[] = [[ciphertext.commitment, 1n]];
  if (group.reduce(value) !== 0n) image.push([group.generator, -value]);
  builder
    .equation([[key.commitmentBase, 1n]], [[secret, key.handleBase]])
    .equation(image, [[secret, ciphertext.handle]]);
  return { kind: "relation", relation: builder.build() };
}

export function secretWitness(secret: Scalar): Witness {
  return { kind: "relation", scalars: [secret] };
}
