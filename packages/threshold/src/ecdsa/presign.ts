/**
 * The part of an ECDSA signature that needs no message: shares of an inverted nonce (Damgård,
 * Jakobsen, Nielsen, Pagter, Østergård 2020), among `2 t + 1` signers of whom `t` may cheat.
 *
 * With `threshold = t + 1` the key is shared by polynomials of degree t. Each signer shares two
 * random values k and a with degree t and three zeros with degree 2t; opens `w = a k`; then
 * `a / w` is a share of the inverted nonce. What is opened is checked in the exponent.
 *
 * With identities every message is signed for its receiver; a signer who says two things, or nothing
 * that is a message, is then convicted before anybody ({@link verifyPresignFault}).
 *
 * Rounds: `1 || k a b d e` to each, in secret; `2 || k_i G || a_i k_i + b_i` and `3 || a_i R` to all.
 */
import { concatBytes, equalBytes, u16BigEndian } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { decodeEvidence, encodeEvidence } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import type { Identities } from "../protocol/identities.ts";
import type { Fault, Outgoing, Party, Step } from "../protocol/party.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { DuplexSponge, deriveSessionId, encodeString } from "../sigma/transcript.ts";
import { lagrangeWeights, type Share } from "../vss.ts";
import { isLowDegree } from "./low-degree.ts";

/** Known to everybody; `threshold` is one more than the cheaters that are borne. */
export interface EcdsaKey {
  readonly publicKey: Uint8Array;
  readonly threshold: number;
  /** Of share 1, 2, …. */
  readonly publicShares: readonly Uint8Array[];
}

export interface PresignConfig {
  readonly key: EcdsaKey;
  /** Exactly `2 threshold - 1` share indices, ascending: more would let split views sign twice. */
  readonly signers: readonly number[];
  /** 32 bytes that no two runs share: chain, key, epoch and number of the presignature. */
  readonly session: Uint8Array;
  /** By share; see {@link verifyPresignFault}. */
  readonly identities?: Identities;
}

/** Used for one signature. All but `commitment` and `signers` is secret. */
export interface Presignature {
  /** R, 33 bytes. */
  readonly commitment: Uint8Array;
  readonly signers: readonly number[];
  readonly index: number;
  readonly alpha: Scalar;
  readonly beta: Scalar;
  readonly gamma: Scalar;
  readonly epsilon: Scalar;
}

export type PresignOutcome =
  | { readonly status: "presignature"; readonly presignature: Presignature }
  /** Somebody cheated, and what was opened does not fit together; `check` says where. */
  | { readonly status: "failed"; readonly check: "commitment" | "opening" | "absent" };

const ROUNDS = 3;
/** Scalars of a message, by round. */
const SCALARS = [0, 5, 1, 0];
/** Polynomials of a signer: k, a, then the zeros b, d, e. */
const POLYNOMIALS = 5;

/** @throws {ThresholdError} `threshold/parameters`, `threshold/index`. */
export function assertSigners(key: EcdsaKey, signers: readonly number[]): void {
  const isAscending = signers.every((index, i) => i === 0 || index > (signers[i - 1] as number));
  const stranger = signers.find((index) => key.publicShares[index - 1] === undefined);
  if (stranger !== undefined)
    throw new ThresholdError({ code: "threshold/index", index: stranger });
  if (!isAscending || key.threshold < 2 || signers.length !== 2 * key.threshold - 1) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
}

/**
 * @param seed 32 random bytes, fresh for the run. Secret.
 * @param keySecret the signer's own, where the run has identities.
 * @throws {ThresholdError} `threshold/parameters`, `threshold/index`, `threshold/length`.
 */
export function createPresign(
  config: PresignConfig,
  share: Share,
  seed: Uint8Array,
  keySecret?: Scalar,
): Party<PresignOutcome> {
  return new PresignParty(config, share, { seed, keySecret });
}

/** @throws {ThresholdError} `threshold/length`, as {@link createPresign}. */
export function restorePresign(
  config: PresignConfig,
  share: Share,
  snapshot: Uint8Array,
  keySecret?: Scalar,
): Party<PresignOutcome> {
  const reader = new ByteReader(snapshot);
  const party = new PresignParty(config, share, { seed: reader.fixed(32), keySecret });
  for (let count = reader.unsigned(4); count > 0; count--) {
    const from = reader.unsigned(2);
    if (from === 0) party.closeRound();
    else party.receive(from, reader.variable());
  }
  reader.end();
  return party;
}

/** What a party has beside its share. */
interface Secrets {
  readonly seed: Uint8Array;
  readonly keySecret: Scalar | undefined;
}

class PresignParty implements Party<PresignOutcome> {
  readonly #config: PresignConfig;
  readonly #share: Share;
  readonly #secrets: Secrets;
  readonly #context: Uint8Array;
  readonly #polynomials: readonly (readonly Scalar[])[];
  /** Everything that was delivered, in its order: the snapshot runs it again. */
  readonly #delivered: { from: number; body: Uint8Array }[] = [];
  readonly #heard: readonly Map<number, Heard>[] = [new Map(), new Map(), new Map()];
  #round = 1;
  #isOver = false;
  #sums: readonly Scalar[] = [];
  #commitment: Secp256k1Point = group.identity;
  #product = 0n;

  constructor(config: PresignConfig, share: Share, secrets: Secrets) {
    assertSigners(config.key, config.signers);
    if ((config.identities === undefined) !== (secrets.keySecret === undefined)) {
      throw new ThresholdError({ code: "threshold/parameters" });
    }
    const publicShare = config.key.publicShares[share.index - 1];
    const isOwn =
      config.signers.includes(share.index) &&
      publicShare !== undefined &&
      equalBytes(group.encode(group.multiplyBase(share.value)), publicShare);
    if (!isOwn) throw new ThresholdError({ code: "threshold/index", index: share.index });
    this.#config = config;
    this.#share = share;
    this.#secrets = secrets;
    this.#context = deriveContext(config);
    const random = createSeededRandom(secrets.seed, "tacit/ecdsa/presign/v1", this.#context);
    const degree = config.key.threshold - 1;
    const draw = (count: number) => Array.from({ length: count }, () => group.randomScalar(random));
    this.#polynomials = Array.from({ length: POLYNOMIALS }, (_, i) =>
      i < 2 ? draw(degree + 1) : [0n, ...draw(2 * degree)],
    );
  }

  get round(): number {
    return this.#round;
  }

  start(): Step<PresignOutcome> {
    return { out: this.#isOver ? [] : this.#messages(), faults: [] };
  }

  receive(from: number, body: Uint8Array): Step<PresignOutcome> {
    if (!this.#config.signers.includes(from)) {
      throw new ThresholdError({ code: "threshold/index", index: from });
    }
    if (this.#isOver) return { out: [], faults: [] };
    const { identities } = this.#config;
    const to = receiverOf(body, this.#share.index);
    const fault = (kind: Fault["kind"], ...bodies: Uint8Array[]): Step<PresignOutcome> => {
      const evidence =
        identities === undefined ? body : encodeEvidence(u16BigEndian(to), ...bodies);
      return { out: [], faults: [{ index: from, kind, evidence }] };
    };
    let payload = body;
    try {
      payload = identities?.open(from, aboutOf(this.#context, to), body) ?? body;
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error;
      return { out: [], faults: [{ index: from, kind: "malformed", evidence: body }] };
    }
    const heard = this.#heard[(payload[0] ?? 0) - 1];
    if (heard === undefined || !isMessage(payload)) return fault("malformed", body);
    const before = heard.get(from);
    if (before !== undefined) {
      if (equalBytes(before.payload, payload)) return { out: [], faults: [] };
      return fault("equivocation", before.body, body);
    }
    heard.set(from, { payload: Uint8Array.from(payload), body: Uint8Array.from(body) });
    this.#delivered.push({ from, body: Uint8Array.from(body) });
    return this.#advance();
  }

  closeRound(): Step<PresignOutcome> {
    if (this.#isOver) return { out: [], faults: [] };
    this.#delivered.push({ from: 0, body: new Uint8Array(0) });
    const heard = this.#heard[this.#round - 1] as Map<number, Heard>;
    const absent = this.#config.signers.filter((index) => !heard.has(index));
    const faults = absent.map(
      (index): Fault => ({ index, kind: "absent", evidence: new Uint8Array(0) }),
    );
    this.#isOver = true;
    return { out: [], faults, done: { status: "failed", check: "absent" } };
  }

  snapshot(): Uint8Array {
    const writer = new ByteWriter().fixed(this.#secrets.seed).unsigned(this.#delivered.length, 4);
    for (const { from, body } of this.#delivered) {
      writer.unsigned(from, 2);
      if (from !== 0) writer.variable(body);
    }
    return writer.bytes();
  }

  /** Messages may come early; a round is worked off when it is complete. */
  #advance(): Step<PresignOutcome> {
    const out: Outgoing[] = [];
    while ((this.#heard[this.#round - 1]?.size ?? 0) === this.#config.signers.length) {
      const done = this.#finishRound();
      if (done !== undefined) {
        this.#isOver = true;
        return { out, faults: [], done };
      }
      this.#round++;
      out.push(...this.#messages());
    }
    return { out, faults: [] };
  }

  #messages(): Outgoing[] {
    const { identities } = this.#config;
    const { keySecret } = this.#secrets;
    const plain = this.#payloads();
    if (identities === undefined || keySecret === undefined) return plain;
    return plain.map(({ to, body, confidential }) => {
      const about = aboutOf(this.#context, to === "all" ? 0 : to);
      return { to, body: identities.seal(this.#share.index, keySecret, about, body), confidential };
    });
  }

  #payloads(): Outgoing[] {
    const { signers } = this.#config;
    const writer = new ByteWriter().unsigned(this.#round, 1);
    if (this.#round === 1) {
      return signers.map((to) => {
        const values = this.#polynomials.map((polynomial) => evaluate(polynomial, to));
        const body = values.reduce(
          (out, value) => out.scalar(group, value),
          new ByteWriter().unsigned(1, 1),
        );
        return { to, body: body.bytes(), confidential: true };
      });
    }
    const [k, a, b] = this.#sums as [Scalar, Scalar, Scalar];
    if (this.#round === 2) {
      writer.element(group, group.multiplyBase(k)).scalar(group, group.reduce(a * k + b));
    } else {
      writer.element(group, group.multiplySecret(this.#commitment, a));
    }
    return [{ to: "all", body: writer.bytes(), confidential: false }];
  }

  #finishRound(): PresignOutcome | undefined {
    if (this.#round === 1) return this.#sum();
    return this.#round === 2 ? this.#open() : this.#finish();
  }

  #bodies(): ByteReader[] {
    const heard = this.#heard[this.#round - 1] as Map<number, Heard>;
    return this.#config.signers.map(
      (index) => new ByteReader((heard.get(index) as Heard).payload.slice(1)),
    );
  }

  #sum(): undefined {
    const lists = this.#bodies().map((reader) =>
      Array.from({ length: POLYNOMIALS }, () => reader.scalar(group)),
    );
    this.#sums = Array.from({ length: POLYNOMIALS }, (_, i) =>
      group.reduce(lists.reduce((sum, list) => sum + (list[i] as Scalar), 0n)),
    );
    return undefined;
  }

  #open(): PresignOutcome | undefined {
    const { signers, key } = this.#config;
    const opened = this.#bodies().map((reader) => ({
      point: reader.element(group),
      value: reader.scalar(group),
    }));
    const points = opened.map(({ point }) => point);
    if (!isLowDegree(group, signers, points, key.threshold)) {
      return { status: "failed", check: "commitment" };
    }
    this.#commitment = interpolate(signers, points, key.threshold);
    const weights = lagrangeWeights(group, signers);
    this.#product = group.reduce(
      opened.reduce((sum, { value }, i) => sum + value * (weights[i] as Scalar), 0n),
    );
    const isZero = this.#product === 0n || group.isIdentity(this.#commitment);
    return isZero ? { status: "failed", check: "opening" } : undefined;
  }

  #finish(): PresignOutcome {
    const { signers, key } = this.#config;
    const points = this.#bodies().map((reader) => reader.element(group));
    const isOpened =
      isLowDegree(group, signers, points, key.threshold) &&
      group.equal(interpolate(signers, points, key.threshold), group.multiplyBase(this.#product));
    if (!isOpened) return { status: "failed", check: "opening" };
    const [, a, , d, e] = this.#sums as [Scalar, Scalar, Scalar, Scalar, Scalar];
    const gamma = group.reduce(group.invert(this.#product) * a);
    const presignature = {
      commitment: group.encode(this.#commitment),
      signers,
      index: this.#share.index,
      alpha: group.reduce(gamma + d),
      beta: group.reduce(gamma * this.#share.value),
      gamma,
      epsilon: e,
    };
    return { status: "presignature", presignature };
  }
}

/**
 * Whether a fault's evidence convicts the one it names, whoever shows it: two signed messages of one
 * round for one receiver, or a signed one that is none. Without identities nothing does. Evidence of
 * the first round has values that were sent in secret; they belong to a run that failed.
 */
export function verifyPresignFault(config: PresignConfig, fault: Fault): boolean {
  const { identities } = config;
  const { index, kind, evidence } = fault;
  const isTwice = kind === "equivocation";
  if (identities === undefined || !(isTwice || kind === "malformed")) return false;
  try {
    const [receiver, ...bodies] = decodeEvidence(evidence, isTwice ? 3 : 2) as [
      Uint8Array,
      ...Uint8Array[],
    ];
    const reader = new ByteReader(receiver);
    const to = reader.unsigned(2);
    reader.end();
    const about = aboutOf(deriveContext(config), to);
    const payloads = bodies.map((body) => identities.open(index, about, body));
    const [first, second] = payloads as [Uint8Array, Uint8Array];
    if (!isTwice) return !isMessage(first);
    return first[0] === second[0] && !equalBytes(first, second);
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}

/** A message as it came, and without its signature. */
interface Heard {
  readonly payload: Uint8Array;
  readonly body: Uint8Array;
}

/** Only the first round has receivers; the others' messages are for all. */
function receiverOf(body: Uint8Array, own: number): number {
  return body[0] === 1 ? own : 0;
}

function aboutOf(context: Uint8Array, to: number): Uint8Array {
  return concatBytes(context, u16BigEndian(to));
}

function deriveContext({ key, signers, session }: PresignConfig): Uint8Array {
  const sponge = new DuplexSponge(deriveSessionId(session));
  sponge.absorb(encodeString(key.publicKey));
  for (const index of signers) sponge.absorb(Uint8Array.of(index >> 8, index & 255));
  return sponge.squeeze(32);
}

function evaluate(coefficients: readonly Scalar[], at: number): Scalar {
  return coefficients.reduceRight((sum, c) => group.reduce(sum * BigInt(at) + c), 0n);
}

function interpolate(
  signers: readonly number[],
  points: readonly Secp256k1Point[],
  threshold: number,
): Secp256k1Point {
  const weights = lagrangeWeights(group, signers.slice(0, threshold));
  return group.sumOfProducts(points.slice(0, threshold), weights);
}

/** Whether the body is canonical, to its end. */
function isMessage(body: Uint8Array): boolean {
  const reader = new ByteReader(body);
  try {
    const round = reader.unsigned(1);
    if (round > ROUNDS) return false;
    if (round > 1) reader.element(group);
    for (let i = 0; i < (SCALARS[round] as number); i++) reader.scalar(group);
    reader.end();
    return true;
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}
