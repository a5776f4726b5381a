/**
 * COCKTAIL-DKG over a broadcast channel, which takes the coordinator's place: the standard's bytes,
 * in envelopes that name their senders, and a second round in which who got a bad share proves it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { BroadcastParty, encodeEvidence, type RoundEnd } from "../protocol/broadcast.ts";
import type { ByteReader, ByteWriter } from "../protocol/codec.ts";
import type { Fault, Party } from "../protocol/party.ts";
import { complainAbout, faultOfComplaint, type Received } from "./dispute.ts";
import { CONTEXT_BYTES_MAX } from "./limits.ts";
import { encodeBundle } from "./messages.ts";
import { runStep1 } from "./participant.ts";
import {
  type CocktailPlan,
  createCocktailPlan,
  decodeShares,
  decodeVerdict,
  encodeVerdict,
  openEnvelope,
  SHARES_ROUND,
  sealEnvelope,
  VERDICT_ROUND,
} from "./plan.ts";
import { isCocktailSignature, signCocktail } from "./schnorr.ts";
import {
  type CocktailOutput,
  type CocktailParams,
  type CocktailRecovery,
  createCocktailKey,
  derivePayloadExtension,
  encodeCocktailTranscript,
  findParticipant,
} from "./session.ts";
import { type OpenedShare, openShare, sharedWith } from "./shares.ts";

export interface CocktailConfig<P> extends CocktailParams<P> {
  /** What all must agree on besides; `payloads`: on what each sends to everybody. Default: empty. */
  readonly extension?: Uint8Array | "payloads";
}

export interface CocktailIdentity {
  /** The logarithm of the host key. Secret. */
  readonly keySecret: Scalar;
  /** 32 random bytes, fresh for this session. Secret. */
  readonly seed: Uint8Array;
  /** Goes to everybody, encrypted, beside the share. */
  readonly payload?: Uint8Array;
}

export type CocktailOutcome =
  | { readonly status: "key"; readonly output: CocktailOutput; readonly recovery: CocktailRecovery }
  /**
   * Whom the faults name, or who was absent: begin again without them, in another context. Nobody
   * if payloads that all should have alike were not.
   */
  | { readonly status: "failed"; readonly participants: readonly number[] };

/**
 * Rounds: 1 shares, 2 verdicts. All must take part: one that is absent or cheats ends the session,
 * and is named.
 *
 * @throws {ThresholdError} `threshold/cocktail`: host_key; `threshold/range` for an extension that is
 * too long; as {@link decodeHostKeys} and {@link cocktailStep1}.
 */
export function createCocktail<P>(
  config: CocktailConfig<P>,
  identity: CocktailIdentity,
): Party<CocktailOutcome> {
  return new CocktailParty(config, identity);
}

/** @throws {ThresholdError} as {@link createCocktail}; `threshold/length` for a broken snapshot. */
export function restoreCocktail<P>(
  config: CocktailConfig<P>,
  keySecret: Scalar,
  snapshot: Uint8Array,
): Party<CocktailOutcome> {
  return new CocktailParty(config, { keySecret, seed: new Uint8Array(32) }, snapshot);
}

class CocktailParty<P> extends BroadcastParty<CocktailOutcome> {
  readonly #config: CocktailConfig<P>;
  readonly #plan: CocktailPlan<P>;
  readonly #index: number;
  #identity: CocktailIdentity;
  readonly #received = new Map<number, Received<P>>();
  /** By sender: the share that came, or why it is none. */
  readonly #opened = new Map<number, OpenedShare | string>();
  /** Whom the rounds have convicted. */
  readonly #guilty = new Set<number>();
  #transcript: Uint8Array | undefined;

  constructor(config: CocktailConfig<P>, identity: CocktailIdentity, snapshot?: Uint8Array) {
    super();
    const { extension } = config;
    if (extension instanceof Uint8Array && extension.length > CONTEXT_BYTES_MAX) {
      throw new ThresholdError({ code: "threshold/range" });
    }
    this.#config = config;
    this.#plan = createCocktailPlan(config);
    this.#index = findParticipant(config, identity.keySecret);
    this.#identity = identity;
    if (snapshot !== undefined) this.restore(snapshot);
  }

  protected override mayTakePart(from: number): boolean {
    return Number.isInteger(from) && from >= 1 && from <= this.#plan.keys.length;
  }

  protected override senders(): readonly number[] {
    return this.#plan.keys.map((_, i) => i + 1);
  }

  protected override isSigned(round: number, from: number, body: Uint8Array): boolean {
    try {
      openEnvelope(this.#plan, round, from, body);
      return true;
    } catch (error) {
      if (error instanceof ThresholdError) return false;
      throw error;
    }
  }

  protected override message(round: number): Uint8Array | undefined {
    const { keySecret, seed, payload = new Uint8Array(0) } = this.#identity;
    if (round === SHARES_ROUND) {
      const { message, ephemeralSecret } = runStep1(this.#config, keySecret, seed, payload);
      const body = concatBytes(Uint8Array.of(SHARES_ROUND), message);
      return sealEnvelope(this.#plan, this.#index, body, [keySecret, ephemeralSecret]);
    }
    return sealEnvelope(this.#plan, this.#index, this.#verdict(), [keySecret]);
  }

  #verdict(): Uint8Array {
    const { keySecret } = this.#identity;
    const bad = this.senders().filter((sender) => typeof this.#open(sender) === "string");
    if (bad.length > 0) {
      const complaints = bad.map((sender) => {
        const way = { sender, recipient: this.#index };
        return complainAbout(this.#plan, way, keySecret, this.#from(sender));
      });
      return encodeVerdict({ kind: "complaints", complaints });
    }
    const transcript = this.#agreed() as Uint8Array;
    const signature = signCocktail(this.#config.suite, keySecret, transcript);
    return encodeVerdict({ kind: "signature", transcriptHash: sha256(transcript), signature });
  }

  /** A first message that was accepted; decoded again after a restart. */
  #from(sender: number): Received<P> {
    const known = this.#received.get(sender);
    if (known !== undefined) return known;
    const body = new Map(this.heard(SHARES_ROUND)).get(sender) as Uint8Array;
    const received = { first: decodeShares(this.#plan, sender, body), body };
    this.#received.set(sender, received);
    return received;
  }

  #open(sender: number): OpenedShare | string {
    const known = this.#opened.get(sender);
    if (known !== undefined) return known;
    const { first } = this.#from(sender);
    const { keySecret } = this.#identity;
    const { ephemeral } = first.points;
    const key = this.#plan.keys[sender - 1] as P;
    const shared = sharedWith(this.#config, keySecret, { ephemeral, key });
    const ciphertext = first.ciphertexts[this.#index - 1] as Uint8Array;
    const way = { sender, recipient: this.#index, shared };
    const opened = openShare(this.#config, { ...first, ciphertext }, way);
    this.#opened.set(sender, opened);
    return opened;
  }

  /** What all sign. Undefined if it has payloads in it and one of them did not come. */
  #agreed(): Uint8Array | undefined {
    if (this.#transcript !== undefined) return this.#transcript;
    const { extension = new Uint8Array(0), suite } = this.#config;
    const parts = this.senders().map((sender) => this.#from(sender).first);
    let agreed = extension;
    if (agreed === "payloads") {
      const opened = this.#allOpened();
      if (opened === undefined) return undefined;
      const payloads = opened.map(({ payload }) => payload);
      agreed = derivePayloadExtension(suite, payloads);
    }
    this.#transcript = encodeCocktailTranscript(this.#config, parts, agreed);
    return this.#transcript;
  }

  /** Undefined if one is bad. */
  #allOpened(): OpenedShare[] | undefined {
    const all = this.senders().map((sender) => this.#open(sender));
    return all.some((item) => typeof item === "string") ? undefined : (all as OpenedShare[]);
  }

  protected override accept(round: number, from: number, body: Uint8Array): readonly Fault[] {
    if (round === SHARES_ROUND) {
      this.#received.set(from, { first: decodeShares(this.#plan, from, body), body });
      return [];
    }
    const verdict = decodeVerdict(this.#plan, from, body);
    const faults =
      verdict.kind === "signature"
        ? this.#faultsOfSignature(from, body, verdict)
        : verdict.complaints.map((complaint) => {
            const { sender: index, messageHash } = complaint;
            const isKnown = this.mayTakePart(index);
            if (!isKnown || !equalBytes(sha256(this.#from(index).body), messageHash)) {
              throw new ThresholdError({ code: "threshold/index", index });
            }
            return faultOfComplaint(this.#plan, from, complaint, this.#from(index), body);
          });
    for (const { index } of faults) this.#guilty.add(index);
    return faults;
  }

  #faultsOfSignature(
    index: number,
    body: Uint8Array,
    { transcriptHash, signature }: { transcriptHash: Uint8Array; signature: Uint8Array },
  ): Fault[] {
    const transcript = this.#agreed();
    const isSame = transcript !== undefined && equalBytes(transcriptHash, sha256(transcript));
    // Payloads are seen by their receivers alone: who of two has seen a wrong one, nobody can tell.
    if (transcript === undefined || (!isSame && this.#config.extension === "payloads")) return [];
    const key = this.#plan.keys[index - 1] as P;
    const isGood = isSame && isCocktailSignature(this.#config.suite, key, transcript, signature);
    if (isGood) return [];
    return [{ index, kind: "bad_finish", evidence: encodeEvidence(transcript, body) }];
  }

  protected override endRound(round: number): RoundEnd<CocktailOutcome> {
    const heard = new Map(this.heard(round));
    const participants = this.senders().filter(
      (sender) => !heard.has(sender) || this.#guilty.has(sender),
    );
    if (participants.length > 0) return { next: { done: { status: "failed", participants } } };
    if (round === SHARES_ROUND) return { next: VERDICT_ROUND };
    return { next: { done: this.#outcome(heard) } };
  }

  #outcome(heard: ReadonlyMap<number, Uint8Array>): CocktailOutcome {
    const opened = this.#allOpened();
    const transcript = this.#agreed();
    const signatures = this.senders().map((sender) => {
      const verdict = decodeVerdict(this.#plan, sender, heard.get(sender) as Uint8Array);
      const isOurs =
        verdict.kind === "signature" &&
        transcript !== undefined &&
        equalBytes(verdict.transcriptHash, sha256(transcript));
      return isOurs ? verdict.signature : undefined;
    });
    if (opened === undefined || transcript === undefined || signatures.includes(undefined)) {
      return { status: "failed", participants: [] };
    }
    const { group } = this.#config.suite;
    const value = group.reduce(opened.reduce((sum, share) => sum + share.value, 0n));
    const firsts = this.senders().map((sender) => this.#from(sender).first);
    const key = createCocktailKey(
      this.#config,
      firsts.map(({ points }) => points.commitments),
    );
    const payloads = opened.map(({ payload }) => payload);
    const own = firsts.map(({ ciphertexts }) => ciphertexts[this.#index - 1] as Uint8Array);
    return {
      status: "key",
      output: { ...key, share: { index: this.#index, value }, payloads },
      recovery: {
        transcript,
        certificate: concatBytes(...(signatures as Uint8Array[])),
        bundle: encodeBundle(own),
      },
    };
  }

  protected override saveSecrets(writer: ByteWriter): void {
    const { seed, payload } = this.#identity;
    writer
      .fixed(seed)
      .variable(payload ?? new Uint8Array(0))
      .unsigned(this.#guilty.size, 2);
    for (const index of this.#guilty) writer.unsigned(index, 2);
  }

  protected override loadSecrets(reader: ByteReader): void {
    const { keySecret } = this.#identity;
    this.#identity = { keySecret, seed: reader.fixed(32), payload: reader.variable() };
    for (let count = reader.unsigned(2); count > 0; count--) this.#guilty.add(reader.unsigned(2));
  }
}
