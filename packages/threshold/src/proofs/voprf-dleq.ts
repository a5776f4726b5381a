/** The batched discrete logarithm equivalence proof of RFC 9497, section 2.2, byte for byte. */
import { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToInteger, concatBytes, u16BigEndian, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";

export type VoprfMode = "voprf" | "poprf";

const MODE_BYTES = { voprf: 1, poprf: 2 } as const;
/** Most pairs: their position is written in two bytes. */
const PAIRS_MAX = 65_535;

interface Suite {
  readonly identifier: string;
  readonly hash: typeof sha256 | typeof sha512;
  /** Bytes that a scalar is drawn from. */
  readonly drawBytes: number;
  readonly littleEndian: boolean;
}

const SUITES: Partial<Record<Group<unknown>["name"], Suite>> = {
  ristretto255: {
    identifier: "ristretto255-SHA512",
    hash: sha512,
    drawBytes: 64,
    littleEndian: true,
  },
  "P-256": { identifier: "P256-SHA256", hash: sha256, drawBytes: 48, littleEndian: false },
};

/** `key` times `base` is `publicKey`, and `key` times each of `sources` the one of `images`. */
export interface VoprfStatement<P> {
  readonly base: P;
  readonly publicKey: P;
  readonly sources: readonly P[];
  readonly images: readonly P[];
}

/**
 * @returns challenge ‖ response.
 * @throws {ThresholdError} `threshold/statement` for lists that are empty, too long or of
 * different lengths, or a group that RFC 9497 has no suite for here.
 */
export function proveVoprfDleq<P>(
  group: Group<P>,
  mode: VoprfMode,
  statement: VoprfStatement<P>,
  key: Scalar,
  random?: RandomBytes,
): Uint8Array {
  const { composite } = compose(group, mode, statement);
  const image = group.multiplySecret(composite, key);
  const nonce = group.randomScalar(random);
  const challenge = challengeOf(group, mode, statement.publicKey, [
    composite,
    image,
    group.multiplySecret(statement.base, nonce),
    group.multiplySecret(composite, nonce),
  ]);
  const response = group.reduce(nonce - challenge * key);
  return concatBytes(group.encodeScalar(challenge), group.encodeScalar(response));
}

/** @throws {ThresholdError} `threshold/proof`, `threshold/statement`, and the codes of decoding. */
export function verifyVoprfDleq<P>(
  group: Group<P>,
  mode: VoprfMode,
  statement: VoprfStatement<P>,
  proof: Uint8Array,
): void {
  const width = group.scalarBytes;
  assertLength(proof, 2 * width, "proof");
  const challenge = group.decodeScalar(proof.subarray(0, width));
  const response = group.decodeScalar(proof.subarray(width));
  const { composite, image } = compose(group, mode, statement);
  const expected = challengeOf(group, mode, statement.publicKey, [
    composite,
    image,
    group.sumOfProducts([statement.base, statement.publicKey], [response, challenge]),
    group.sumOfProducts([composite, image], [response, challenge]),
  ]);
  if (expected !== challenge) throw new ThresholdError({ code: "threshold/proof" });
}

/** ComputeComposites: one pair that stands for all, with weights of all. */
function compose<P>(
  group: Group<P>,
  mode: VoprfMode,
  { publicKey, sources, images }: VoprfStatement<P>,
): { composite: P; image: P } {
  const sane = sources.length === images.length && sources.length <= PAIRS_MAX;
  if (!sane || sources.length === 0) throw new ThresholdError({ code: "threshold/statement" });
  const suite = suiteOf(group);
  const seed = suite.hash(
    concatBytes(
      withLength(group.encode(publicKey)),
      withLength(concatBytes(utf8("Seed-"), contextOf(suite, mode))),
    ),
  );
  const weights = sources.map((source, i) =>
    hashToScalar(
      group,
      mode,
      concatBytes(
        withLength(seed),
        u16BigEndian(i),
        withLength(group.encode(source)),
        withLength(group.encode(images[i] as P)),
        utf8("Composite"),
      ),
    ),
  );
  return {
    composite: group.sumOfProducts(sources, weights),
    image: group.sumOfProducts(images, weights),
  };
}

function challengeOf<P>(
  group: Group<P>,
  mode: VoprfMode,
  publicKey: P,
  elements: readonly P[],
): Scalar {
  const parts = [publicKey, ...elements].map((element) => withLength(group.encode(element)));
  return hashToScalar(group, mode, concatBytes(...parts, utf8("Challenge")));
}

/** HashToScalar of the suite, with the context's default tag. */
export function hashToScalar<P>(group: Group<P>, mode: VoprfMode, message: Uint8Array): Scalar {
  const suite = suiteOf(group);
  const dst = concatBytes(utf8("HashToScalar-"), contextOf(suite, mode));
  const bytes = expand_message_xmd(message, dst, suite.drawBytes, suite.hash);
  return group.reduce(bytesToInteger(bytes, suite.littleEndian));
}

function contextOf({ identifier }: Suite, mode: VoprfMode): Uint8Array {
  return concatBytes(utf8("OPRFV1-"), Uint8Array.of(MODE_BYTES[mode]), utf8(`-${identifier}`));
}

function suiteOf<P>(group: Group<P>): Suite {
  const suite = SUITES[group.name];
  if (suite === undefined) throw new ThresholdError({ code: "threshold/statement" });
  return suite;
}

function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(u16BigEndian(bytes.length), bytes);
}
