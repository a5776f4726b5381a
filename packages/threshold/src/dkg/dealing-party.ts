/** The rounds that every run has in common: dealing, and complaints about it. */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { BroadcastParty, encodeEvidence } from "../protocol/broadcast.ts";
import { ByteReader, type ByteWriter } from "../protocol/codec.ts";
import type { Fault } from "../protocol/party.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { signatureBytes, verifyMessage } from "../protocol/signed.ts";
import {
  COMPLAINT_ROUND,
  type Complaint,
  decodeComplaints,
  encodeComplaints,
  type Grievance,
  judgeComplaint,
} from "./complaint.ts";
import {
  DEALING_ROUND,
  type Dealing,
  type DealPlan,
  decodeDealing,
  drawPolynomials,
  encodeDealing,
  openBoxes,
  valuesMatch,
} from "./dealing.ts";

/** Who the party is. Without an index in a set it deals, or receives, nothing; without both, it watches. */
export interface Identity {
  readonly dealer: number | undefined;
  readonly receiver: number | undefined;
  /** The logarithm of the long-term key. */
  readonly keySecret: Scalar;
  /** 32 secret bytes, fresh for the run: all that it draws is derived of them. */
  readonly seed: Uint8Array;
}

export abstract class DealingParty<P, Out> extends BroadcastParty<Out> {
  protected readonly plan: DealPlan<P>;
  protected identity: Identity | undefined;
  /** What a dealer gave this receiver, by share and polynomial; undefined: something wrong. */
  protected readonly received = new Map<number, Scalar[][] | undefined>();
  /** Dealers that somebody complained about rightly. */
  readonly #guilty = new Set<number>();
  readonly #decoded = new Map<number, Dealing<P>>();

  constructor(plan: DealPlan<P>, identity: Identity | undefined) {
    super();
    if (identity !== undefined) assertLength(identity.seed, 32, "seed");
    this.plan = plan;
    this.identity = identity;
  }

  /** The secrets this party deals; undefined ones are drawn. */
  protected abstract secrets(): readonly (Scalar | undefined)[];

  protected override mayTakePart(from: number): boolean {
    const most = Math.max(this.plan.dealers.length, this.plan.receivers.length);
    return Number.isInteger(from) && from >= 1 && from <= most;
  }

  protected override senders(round: number): readonly number[] {
    const list = round === DEALING_ROUND ? this.plan.dealers : this.plan.receivers;
    return list.map((_, i) => i + 1);
  }

  protected override message(round: number): Uint8Array | undefined {
    const { identity, plan } = this;
    if (identity === undefined) return undefined;
    const { dealer, receiver, keySecret } = identity;
    if (round === DEALING_ROUND && dealer !== undefined) {
      const random = createSeededRandom(identity.seed, "tacit/dkg/ephemeral/v1", plan.context);
      return encodeDealing(plan, dealer, keySecret, this.polynomials(identity), random);
    }
    if (round === COMPLAINT_ROUND && receiver !== undefined) {
      return encodeComplaints(plan, receiver, keySecret, this.#grievances());
    }
    return undefined;
  }

  protected polynomials({ seed }: Identity): Scalar[][] {
    const random = createSeededRandom(seed, "tacit/dkg/polynomials/v1", this.plan.context);
    return drawPolynomials(this.plan, this.secrets(), random);
  }

  #grievances(): Grievance<P>[] {
    return this.heard(DEALING_ROUND)
      .filter(([dealer]) => this.received.get(dealer) === undefined)
      .sort(([left], [right]) => left - right)
      .map(([dealer, body]) => ({ dealing: this.dealing(dealer), body }));
  }

  /** A dealing that was accepted. */
  protected dealing(dealer: number): Dealing<P> {
    const body = this.heard(DEALING_ROUND).find(([from]) => from === dealer)?.[1] as Uint8Array;
    const dealing = this.#decoded.get(dealer) ?? decodeDealing(this.plan, dealer, body);
    this.#decoded.set(dealer, dealing);
    return dealing;
  }

  protected override accept(round: number, from: number, body: Uint8Array): readonly Fault[] {
    if (round === DEALING_ROUND) return this.#acceptDealing(from, body);
    return this.#acceptComplaints(from, body);
  }

  #acceptDealing(from: number, body: Uint8Array): readonly Fault[] {
    const { plan, identity } = this;
    const dealing = decodeDealing(plan, from, body);
    this.#decoded.set(from, dealing);
    if (identity?.receiver === undefined) return [];
    const shared = plan.group.multiplySecret(dealing.ephemeral, identity.keySecret);
    const values = openBoxes(plan, dealing, identity.receiver, shared);
    const good = valuesMatch(plan, dealing, identity.receiver, values);
    this.received.set(from, good ? values : undefined);
    return [];
  }

  #acceptComplaints(from: number, body: Uint8Array): readonly Fault[] {
    const complaints = decodeComplaints(this.plan, from, body);
    const dealings = new Map(this.heard(DEALING_ROUND));
    for (const { dealer, dealingHash } of complaints) {
      const body = dealings.get(dealer);
      if (body === undefined || !equalBytes(sha256(body), dealingHash)) {
        throw new ThresholdError({ code: "threshold/index", index: dealer });
      }
    }
    const faults = complaints.map((complaint) => this.#judge(from, complaint, body));
    for (const { kind, index } of faults) if (kind === "bad_share") this.#guilty.add(index);
    return faults;
  }

  #judge(from: number, complaint: Complaint, message: Uint8Array): Fault {
    const { dealer } = complaint;
    const body = new Map(this.heard(DEALING_ROUND)).get(dealer) as Uint8Array;
    const grievance = { dealing: this.dealing(dealer), body };
    const guilty = judgeComplaint(this.plan, from, complaint, grievance);
    const evidence = encodeEvidence(
      Uint8Array.of(dealer >> 8, dealer & 255, from >> 8, from & 255),
      body,
      message,
    );
    if (guilty === "complainer") return { index: from, kind: "false_complaint", evidence };
    return { index: dealer, kind: "bad_share", evidence };
  }

  /** Dealers with a good dealing and no complaint that was right, ascending. */
  protected qualified(): number[] {
    return this.heard(DEALING_ROUND)
      .map(([dealer]) => dealer)
      .filter((dealer) => !this.#guilty.has(dealer))
      .sort((left, right) => left - right);
  }

  protected override isSigned(round: number, from: number, body: Uint8Array): boolean {
    return isSignedBody(this.plan, round, from, body);
  }

  protected override saveSecrets(writer: ByteWriter): void {
    const { plan, identity } = this;
    writer.unsigned(this.#guilty.size, 2);
    for (const dealer of this.#guilty) writer.unsigned(dealer, 2);
    writer.unsigned(identity === undefined ? 0 : 1, 1);
    if (identity === undefined) return;
    writer.unsigned(identity.dealer ?? 0, 2).unsigned(identity.receiver ?? 0, 2);
    writer.fixed(identity.seed).unsigned(this.received.size, 2);
    for (const [dealer, values] of this.received) {
      writer.unsigned(dealer, 2).unsigned(values === undefined ? 0 : 1, 1);
      for (const value of values?.flat() ?? []) writer.scalar(plan.group, value);
    }
  }

  protected override loadSecrets(reader: ByteReader): void {
    for (let count = reader.unsigned(2); count > 0; count--) this.#guilty.add(reader.unsigned(2));
    if (reader.unsigned(1) === 0) return;
    const [dealer, receiver, seed] = [reader.unsigned(2), reader.unsigned(2), reader.fixed(32)];
    const keySecret = this.identity?.keySecret;
    if (keySecret === undefined) throw new ThresholdError({ code: "threshold/parameters" });
    this.identity = {
      dealer: dealer || undefined,
      receiver: receiver || undefined,
      keySecret,
      seed,
    };
    const range = this.plan.receivers[receiver - 1]?.range;
    for (let count = reader.unsigned(2); count > 0; count--) {
      const from = reader.unsigned(2);
      const polynomials = this.plan.dealers[from - 1]?.secrets ?? [];
      const read = () =>
        Array.from({ length: range?.count ?? 0 }, () =>
          polynomials.map(() => reader.scalar(this.plan.group)),
        );
      this.received.set(from, reader.unsigned(1) === 1 ? read() : undefined);
    }
  }
}

/** Whether a body of any round is signed by the sender in this run. */
export function isSignedBody<P>(
  plan: DealPlan<P>,
  round: number,
  from: number,
  body: Uint8Array,
): boolean {
  const { group } = plan;
  const member = (round === DEALING_ROUND ? plan.dealers : plan.receivers)[from - 1];
  const split = body.length - signatureBytes(group);
  if (member === undefined || body[0] !== round || split < 1) return false;
  const payload = body.slice(0, split);
  try {
    const keys = [member.key];
    if (round === DEALING_ROUND) {
      const reader = new ByteReader(payload.subarray(1));
      keys.push(reader.element(group));
    }
    const message = { context: plan.context, sender: from, payload };
    verifyMessage(group, message, keys, body.slice(split));
    return true;
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}
