/**
 * A shared key goes to another set of holders, or to the same anew; the key stays.
 *
 * Each old holder shares each of its shares; the first commitment must be the old public share.
 * A new share is the sum of what the first `threshold` old shares gave, with Lagrange's weights.
 * The run ends only when enough new holders say that they have their shares: until then old
 * holders must keep theirs, or the key could be lost between two epochs.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { assertRound, type RoundEnd } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import type { Fault, Party } from "../protocol/party.ts";
import { signatureBytes, signMessage, verifyMessage } from "../protocol/signed.ts";
import { lagrangeWeights, type Share } from "../vss.ts";
import { COMPLAINT_ROUND } from "./complaint.ts";
import {
  decodeHolders,
  deriveContext,
  type Holder,
  type RunId,
  rangeIndices,
  shareRanges,
} from "./config.ts";
import { DEALING_ROUND, type DealPlan } from "./dealing.ts";
import { DealingParty, type Identity } from "./dealing-party.ts";
import { createKeySet, type PublicKeySet, type RunOutcome } from "./shared-key.ts";

const ACKNOWLEDGE_ROUND = 3;

export interface ReshareConfig<P> {
  readonly group: Group<P>;
  /** The epoch is the new one. */
  readonly run: RunId;
  /** The key as it is shared now. */
  readonly previous: PublicKeySet;
  /** Of the new sharing. */
  readonly threshold: number;
  readonly holders: readonly Holder[];
}

/** Of an old holder, a new one, or one that is both. */
export interface ReshareIdentity {
  /** Index among the old holders, with all shares it has. */
  readonly old?: { readonly index: number; readonly shares: readonly Share[] };
  /** Index among the new holders. */
  readonly next?: number;
  /** The logarithm of the holder's key; one who is both has one key in both sets. */
  readonly keySecret: Scalar;
  /** 32 random bytes, fresh for this run. Secret. */
  readonly seed: Uint8Array;
}

/** Indices in faults of dealings are the old holders'; all others are the new holders'. */
export function createResharePlan<P>(config: ReshareConfig<P>): DealPlan<P> {
  const { group, run, previous, threshold, holders } = config;
  const oldKeys = decodeHolders(group, previous.holders, previous.threshold);
  const keys = decodeHolders(group, holders, threshold);
  const ranges = shareRanges(holders);
  const oldRanges = shareRanges(previous.holders);
  const publicShares = previous.publicShares.map((bytes) => group.decode(bytes));
  if (publicShares.length !== oldRanges.reduce((sum, { count }) => sum + count, 0)) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const context = new ByteWriter()
    .fixed(deriveContext("tacit/reshare/v1", group, run, [previous, { holders, threshold }]))
    .variable(previous.publicKey);
  for (const share of previous.publicShares) context.variable(share);
  return {
    group,
    context: sha256(context.bytes()),
    multiplyBase: (scalar) => group.multiplyBase(scalar),
    threshold,
    dealers: oldKeys.map((key, i) => ({
      key,
      secrets: rangeIndices(oldRanges[i] as (typeof oldRanges)[0]).map(
        (index) => publicShares[index - 1],
      ),
    })),
    receivers: keys.map((key, i) => ({ key, range: ranges[i] as (typeof ranges)[0] })),
  };
}

/**
 * Rounds: 1 dealings of old holders, 2 complaints of new ones, 3 acknowledgements of new ones.
 *
 * @throws {ThresholdError} `threshold/parameters`, `threshold/index`, `threshold/bad_share`,
 * the codes of decoding.
 */
export function createReshare<P>(
  config: ReshareConfig<P>,
  identity: ReshareIdentity | undefined,
): Party<RunOutcome> {
  return new ResharePartyMachine(config, identity);
}

/** @param secrets the old shares and the key's secret, as at first; they are not in the snapshot. */
export function restoreReshare<P>(
  config: ReshareConfig<P>,
  secrets: Pick<ReshareIdentity, "old" | "keySecret"> | undefined,
  snapshot: Uint8Array,
): Party<RunOutcome> {
  return new ResharePartyMachine(
    config,
    secrets === undefined ? undefined : { ...secrets, seed: new Uint8Array(32) },
    snapshot,
  );
}

class ResharePartyMachine<P> extends DealingParty<P, RunOutcome> {
  readonly #config: ReshareConfig<P>;
  readonly #oldShares: readonly Share[];
  #keySet: PublicKeySet | undefined;

  constructor(
    config: ReshareConfig<P>,
    identity: ReshareIdentity | undefined,
    snapshot?: Uint8Array,
  ) {
    const plan = createResharePlan(config);
    super(plan, identity === undefined ? undefined : checkIdentity(plan, identity));
    this.#config = config;
    this.#oldShares = identity?.old?.shares ?? [];
    if (snapshot !== undefined) this.restore(snapshot);
  }

  protected override secrets(): readonly Scalar[] {
    return this.#oldShares.map(({ value }) => value);
  }

  protected override message(round: number): Uint8Array | undefined {
    const { identity, plan } = this;
    if (round !== ACKNOWLEDGE_ROUND) return super.message(round);
    if (identity?.receiver === undefined || this.#ownShares() === undefined) return undefined;
    const payload = new ByteWriter().unsigned(round, 1).fixed(this.#keyHash()).bytes();
    const message = { context: plan.context, sender: identity.receiver, payload };
    const signature = signMessage(plan.group, message, [identity.keySecret]);
    return new ByteWriter().fixed(payload).fixed(signature).bytes();
  }

  protected override accept(round: number, from: number, body: Uint8Array): readonly Fault[] {
    if (round !== ACKNOWLEDGE_ROUND) return super.accept(round, from, body);
    const { plan } = this;
    const reader = new ByteReader(body);
    assertRound(reader, ACKNOWLEDGE_ROUND);
    const hash = reader.fixed(32);
    const signature = reader.fixed(signatureBytes(plan.group));
    reader.end();
    const payload = body.slice(0, body.length - signature.length);
    const key = plan.receivers[from - 1]?.key as P;
    verifyMessage(plan.group, { context: plan.context, sender: from, payload }, [key], signature);
    if (!equalBytes(hash, this.#keyHash())) throw new ThresholdError({ code: "threshold/proof" });
    return [];
  }

  protected override isEnough(round: number): boolean {
    return round === ACKNOWLEDGE_ROUND && this.#acknowledged() >= this.plan.threshold;
  }

  #acknowledged(): number {
    return this.heard(ACKNOWLEDGE_ROUND).reduce(
      (sum, [from]) => sum + (this.plan.receivers[from - 1]?.range.count ?? 0),
      0,
    );
  }

  protected override endRound(round: number): RoundEnd<RunOutcome> {
    if (round === DEALING_ROUND) return { next: COMPLAINT_ROUND };
    if (round === COMPLAINT_ROUND) {
      const [have, need] = [this.#dealt().length, this.#config.previous.threshold];
      if (have >= need) return { next: ACKNOWLEDGE_ROUND };
      return { next: { done: { status: "failed", have, need } } };
    }
    const [have, need] = [this.#acknowledged(), this.plan.threshold];
    if (have < need) return { next: { done: { status: "failed", have, need } } };
    const shares = this.#ownShares() ?? [];
    const qualified = [...new Set(this.#sources().map(({ dealer }) => dealer))];
    return { next: { done: { status: "key", ...this.#keys(), shares, qualified } } };
  }

  /** Old shares that were dealt well: dealer, position among its own, index. */
  #dealt(): { dealer: number; position: number; index: number }[] {
    const ranges = shareRanges(this.#config.previous.holders);
    return this.qualified().flatMap((dealer) =>
      rangeIndices(ranges[dealer - 1] as (typeof ranges)[0]).map((index, position) => ({
        dealer,
        position,
        index,
      })),
    );
  }

  /** The first of them, as many as the old threshold, with their weights. */
  #sources() {
    const { group, previous } = this.#config;
    const used = this.#dealt().slice(0, previous.threshold);
    const indices = used.map(({ index }) => index);
    const weights = lagrangeWeights(group, indices);
    return used.map((source, i) => ({ ...source, weight: weights[i] as Scalar }));
  }

  #keys(): PublicKeySet {
    if (this.#keySet !== undefined) return this.#keySet;
    const { group, holders, threshold, previous } = this.#config;
    const sources = this.#sources();
    const commitments = Array.from({ length: threshold }, (_, k) =>
      group.sumOfProducts(
        sources.map(({ dealer, position }) => this.dealing(dealer).commitments[position]?.[k] as P),
        sources.map(({ weight }) => weight),
      ),
    );
    this.#keySet = createKeySet(group, holders, commitments);
    if (!equalBytes(this.#keySet.publicKey, previous.publicKey)) {
      throw new ThresholdError({ code: "threshold/parameters" });
    }
    return this.#keySet;
  }

  #keyHash(): Uint8Array {
    const { publicKey, publicShares } = this.#keys();
    return sha256(
      publicShares.reduce((out, x) => out.fixed(x), new ByteWriter().fixed(publicKey)).bytes(),
    );
  }

  /** Undefined if some of what the sum is made of came wrong: the party complained about it. */
  #ownShares(): Share[] | undefined {
    const { group, receivers } = this.plan;
    const range = receivers[(this.identity?.receiver ?? 0) - 1]?.range;
    if (range === undefined) return undefined;
    const sources = this.#sources();
    if (sources.some(({ dealer }) => this.received.get(dealer) === undefined)) return undefined;
    return rangeIndices(range).map((index, i) => ({
      index,
      value: group.reduce(
        sources.reduce((sum, { dealer, position, weight }) => {
          const value = this.received.get(dealer)?.[i]?.[position] as Scalar;
          return sum + weight * value;
        }, 0n),
      ),
    }));
  }
}

function checkIdentity<P>(plan: DealPlan<P>, identity: ReshareIdentity): Identity {
  const { old, next, keySecret, seed } = identity;
  const { group } = plan;
  const key = group.multiplyBase(keySecret);
  for (const [index, list] of [
    [old?.index, plan.dealers],
    [next, plan.receivers],
  ] as const) {
    const member = index === undefined ? undefined : list[index - 1];
    if (index !== undefined && (member === undefined || !group.equal(key, member.key))) {
      throw new ThresholdError({ code: "threshold/index", index });
    }
  }
  const expected = plan.dealers[(old?.index ?? 0) - 1]?.secrets ?? [];
  const shares = old?.shares ?? [];
  const wrong = shares.filter(
    ({ value }, i) => !group.equal(group.multiplyBase(value), expected[i] as P),
  );
  if (shares.length !== expected.length || wrong.length > 0) {
    const indices = wrong.map(({ index }) => index);
    throw new ThresholdError({ code: "threshold/bad_share", indices });
  }
  return { dealer: old?.index, receiver: next, keySecret, seed };
}
