/**
 * Key generation without a dealer, robust and publicly verifiable.
 *
 * Joint-Feldman over a broadcast channel, with commitments to an element that nobody knows the
 * logarithm of; only when it is settled whose dealings count do their dealers show multiples
 * of the generator (Neji et al.; ETHDKG). So who decides last about taking part decides
 * without having seen anything of the key, and cannot bias it by stepping back: a dealer who
 * counts and then says nothing is reconstructed by the others.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import type { RoundEnd } from "../protocol/broadcast.ts";
import { encodeEvidence } from "../protocol/broadcast.ts";
import { createFixedBase } from "../protocol/fixed-base.ts";
import type { Fault, Party } from "../protocol/party.ts";
import type { Share } from "../vss.ts";
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
import {
  decodeFinish,
  decodeReveal,
  encodeFinish,
  encodeReveal,
  FINISH_ROUND,
  interpolate,
  REVEAL_ROUND,
  type Revealed,
  sharesMatch,
  verifyFinish,
} from "./finish.ts";
import { createKeySet, type RunOutcome } from "./shared-key.ts";

export interface DkgConfig<P> {
  readonly group: Group<P>;
  readonly run: RunId;
  /** Shares that restore the key; fewer say nothing about it. */
  readonly threshold: number;
  readonly holders: readonly Holder[];
}

/** Without it, the party only watches. */
export interface DkgIdentity {
  /** Which of the holders, from 1 on. */
  readonly index: number;
  /** The logarithm of the holder's key. Secret. */
  readonly keySecret: Scalar;
  /** 32 random bytes, fresh for this run. Secret. */
  readonly seed: Uint8Array;
}

const bases = new WeakMap<object, { base: unknown; multiply: (scalar: Scalar) => unknown }>();

/** The second generator of a group, hashed to it, with its table. */
export function secondBase<P>(group: Group<P>): { base: P; multiply: (scalar: Scalar) => P } {
  let known = bases.get(group);
  if (known === undefined) {
    const base = group.hashToGroup(new TextEncoder().encode(group.name), "tacit/dkg/base/v1");
    // A backend outside of JavaScript multiplies faster than it can be asked for a table's sums.
    const multiply =
      group.backend === "noble"
        ? createFixedBase(group, base)
        : (scalar: Scalar) => group.multiplySecret(base, scalar);
    known = { base, multiply };
    bases.set(group, known);
  }
  return known as { base: P; multiply: (scalar: Scalar) => P };
}

/** @throws {ThresholdError} `threshold/parameters`, `threshold/length`, the codes of decoding. */
export function createDkgPlan<P>(config: DkgConfig<P>): DealPlan<P> {
  const { group, run, threshold, holders } = config;
  const keys = decodeHolders(group, holders, threshold);
  const ranges = shareRanges(holders);
  return {
    group,
    context: deriveContext("tacit/dkg/v1", group, run, [{ holders, threshold }]),
    multiplyBase: secondBase(group).multiply,
    threshold,
    dealers: keys.map((key) => ({ key, secrets: [undefined] })),
    receivers: keys.map((key, i) => ({ key, range: ranges[i] as (typeof ranges)[0] })),
  };
}

/**
 * Rounds: 1 dealings, 2 complaints, 3 multiples of the generator, 4 (only if a dealer who counts
 * stays away) its reconstruction.
 *
 * @throws {ThresholdError} as {@link createDkgPlan}; `threshold/index`.
 */
export function createDkg<P>(
  config: DkgConfig<P>,
  identity: DkgIdentity | undefined,
): Party<RunOutcome> {
  return new DkgParty(config, identity);
}

/** @param keySecret undefined for who only watches. @throws as {@link createDkg}. */
export function restoreDkg<P>(
  config: DkgConfig<P>,
  keySecret: Scalar | undefined,
  snapshot: Uint8Array,
): Party<RunOutcome> {
  return new DkgParty(config, undefined, { keySecret, snapshot });
}

class DkgParty<P> extends DealingParty<P, RunOutcome> {
  readonly #config: DkgConfig<P>;
  readonly #finished = new Map<number, P[]>();

  constructor(
    config: DkgConfig<P>,
    identity: DkgIdentity | undefined,
    saved?: { keySecret: Scalar | undefined; snapshot: Uint8Array },
  ) {
    const plan = createDkgPlan(config);
    super(plan, identity === undefined ? undefined : checkIdentity(plan, identity));
    this.#config = config;
    if (saved === undefined) return;
    if (saved.keySecret !== undefined) {
      const [dealer, seed] = [undefined, new Uint8Array(32)];
      this.identity = { dealer, receiver: undefined, keySecret: saved.keySecret, seed };
    }
    this.restore(saved.snapshot);
  }

  protected override secrets(): readonly undefined[] {
    return [undefined];
  }

  protected override senders(round: number): readonly number[] {
    return round === FINISH_ROUND ? this.qualified() : super.senders(round);
  }

  protected override message(round: number): Uint8Array | undefined {
    const { identity, plan } = this;
    if (identity?.receiver === undefined || round < FINISH_ROUND) return super.message(round);
    const { receiver, keySecret } = identity;
    if (round === REVEAL_ROUND) {
      const revealed = this.#missing().map((dealer) => this.#revealedOf(dealer));
      if (revealed.some((item) => item === undefined)) return undefined;
      return encodeReveal(plan, receiver, keySecret, revealed as Revealed[]);
    }
    if (!this.qualified().includes(receiver)) return undefined;
    const polynomial = this.polynomials(identity)[0] as Scalar[];
    const dealing = this.dealing(receiver);
    return encodeFinish(plan, secondBase(plan.group).base, keySecret, { dealing, polynomial });
  }

  protected override accept(round: number, from: number, body: Uint8Array): readonly Fault[] {
    if (round === FINISH_ROUND) return this.#acceptFinish(from, body);
    if (round === REVEAL_ROUND) return this.#acceptReveal(from, body);
    return super.accept(round, from, body);
  }

  #acceptFinish(from: number, body: Uint8Array): readonly Fault[] {
    const { plan } = this;
    const finish = decodeFinish(plan, from, body);
    const base = secondBase(plan.group).base;
    try {
      this.#finished.set(from, verifyFinish(plan, base, this.dealing(from), finish));
      return [];
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error;
      this.drop(FINISH_ROUND, from);
      const evidence = encodeEvidence(this.#body(from), body);
      return [{ index: from, kind: "bad_finish", evidence }];
    }
  }

  /** Undefined if the dealer gave this party something wrong, which the others did not see so. */
  #revealedOf(dealer: number): Revealed | undefined {
    const values = this.received.get(dealer);
    const range = this.plan.receivers[(this.identity?.receiver ?? 0) - 1]?.range;
    if (values === undefined || range === undefined) return undefined;
    const shares = rangeIndices(range).map((index, i) => ({
      index,
      value: values[i]?.[0] as Scalar,
    }));
    return { dealer, dealingHash: sha256(this.#body(dealer)), shares };
  }

  #body(dealer: number): Uint8Array {
    return new Map(this.heard(DEALING_ROUND)).get(dealer) as Uint8Array;
  }

  #acceptReveal(from: number, body: Uint8Array): readonly Fault[] {
    const { plan } = this;
    const missing = this.#missing();
    const revealed = decodeReveal(plan, from, body);
    const asked =
      revealed.length === missing.length &&
      revealed.every(
        ({ dealer, dealingHash }, i) =>
          dealer === missing[i] && equalBytes(dealingHash, sha256(this.#body(dealer))),
      );
    if (!asked) throw new ThresholdError({ code: "threshold/index", index: from });
    const wrong = revealed.find(
      ({ dealer, shares }) => !sharesMatch(plan, this.dealing(dealer), shares),
    );
    if (wrong === undefined) return [];
    this.drop(REVEAL_ROUND, from);
    const evidence = encodeEvidence(this.#body(wrong.dealer), body);
    return [{ index: from, kind: "bad_reveal", evidence }];
  }

  protected override isEnough(round: number): boolean {
    return round === REVEAL_ROUND && this.#revealed() >= this.plan.threshold;
  }

  #revealed(): number {
    return this.heard(REVEAL_ROUND).reduce(
      (sum, [from]) => sum + (this.plan.receivers[from - 1]?.range.count ?? 0),
      0,
    );
  }

  #missing(): number[] {
    const finished = new Map(this.heard(FINISH_ROUND));
    return this.qualified().filter((dealer) => !finished.has(dealer));
  }

  protected override endRound(round: number): RoundEnd<RunOutcome> {
    const need = this.plan.threshold;
    if (round === DEALING_ROUND) return { next: COMPLAINT_ROUND };
    if (round === COMPLAINT_ROUND) {
      const have = this.qualified().reduce(
        (sum, dealer) => sum + (this.plan.receivers[dealer - 1]?.range.count ?? 0),
        0,
      );
      if (have >= need) return { next: FINISH_ROUND };
      return { next: { done: { status: "failed", have, need } } };
    }
    if (round === FINISH_ROUND && this.#missing().length > 0) return { next: REVEAL_ROUND };
    const have = this.#revealed();
    if (round === REVEAL_ROUND && have < need) {
      return { next: { done: { status: "failed", have, need } } };
    }
    return { next: { done: this.#outcome() } };
  }

  #outcome(): RunOutcome {
    const { group, threshold, receivers } = this.plan;
    const qualified = this.qualified();
    const lists = qualified.map((dealer) => this.#commitments(dealer));
    const commitments = Array.from({ length: threshold }, (_, k) =>
      lists.reduce((sum, list) => group.add(sum, list[k] as P), group.identity),
    );
    const range = receivers[(this.identity?.receiver ?? 0) - 1]?.range;
    const shares = (range === undefined ? [] : rangeIndices(range)).map((index, i) => ({
      index,
      value: group.reduce(
        qualified.reduce((sum, dealer) => sum + (this.received.get(dealer)?.[i]?.[0] ?? 0n), 0n),
      ),
    }));
    const keySet = createKeySet(group, this.#config.holders, commitments);
    return { status: "key", ...keySet, shares, qualified };
  }

  /** A dealer's coefficients times the generator, shown by itself or reconstructed. */
  #commitments(dealer: number): readonly P[] {
    const { plan } = this;
    const known = this.#finished.get(dealer);
    if (known !== undefined) return known;
    const finish = new Map(this.heard(FINISH_ROUND)).get(dealer);
    if (finish !== undefined) {
      return decodeFinish(plan, dealer, finish).elements.map((bytes) => plan.group.decode(bytes));
    }
    const shares = this.heard(REVEAL_ROUND).flatMap(
      ([from, body]) =>
        decodeReveal(plan, from, body).find((item) => item.dealer === dealer)?.shares as Share[],
    );
    return interpolate(plan.group, shares.slice(0, plan.threshold)).map((scalar) =>
      plan.group.multiplyBase(scalar),
    );
  }
}

function checkIdentity<P>(plan: DealPlan<P>, identity: DkgIdentity): Identity {
  const { index, keySecret, seed } = identity;
  const member = plan.receivers[index - 1];
  if (member === undefined || !plan.group.equal(plan.group.multiplyBase(keySecret), member.key)) {
    throw new ThresholdError({ code: "threshold/index", index });
  }
  return { dealer: index, receiver: index, keySecret, seed };
}
