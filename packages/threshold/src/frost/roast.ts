/**
 * Signing that ends although some signers are silent or lie, after ROAST (Ruffing et al.): a signer
 * who answers gives its next commitments with its share, and whoever is ready goes into the next
 * session; who gave a wrong share is out. With `threshold` honest signers among `n` one of
 * at most `n - threshold + 1` sessions ends.
 *
 * With identities a signer signs each answer, and what it answers to; a wrong share then convinces
 * anybody ({@link verifyRoastFault}), and nobody else can make a signer look guilty.
 *
 * Signer to coordinator: `session (4) || share || hiding || binding`; session 0 has no share.
 * Coordinator to signer: `session (4) || count (2) || count x (index (2) || hiding || binding)`.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { decodeEvidence, encodeEvidence } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import type { Identities } from "../protocol/identities.ts";
import type { Fault, Outgoing, Step } from "../protocol/party.ts";
import type { Share } from "../vss.ts";
import {
  aggregateShares,
  checkCommitments,
  type FrostKey,
  type NonceCommitments,
  type SignatureShare,
  type SigningRequest,
  signShare,
  verifySignatureShare,
} from "./sign.ts";
import type { FrostSuite } from "./suites.ts";
import type { KeyTweak } from "./tweak.ts";
import type { NonceVault } from "./vault.ts";

export interface RoastConfig<P> {
  readonly suite: FrostSuite<P>;
  readonly key: FrostKey;
  readonly message: Uint8Array;
  readonly tweaks?: readonly KeyTweak[];
  /** By share; see {@link verifyRoastFault}. */
  readonly identities?: Identities;
}

interface OpenSession {
  /** What the signers were asked. */
  readonly body: Uint8Array;
  readonly request: SigningRequest;
  readonly shares: Map<number, SignatureShare>;
}

/** Asks, counts and combines; it has no secret, so anybody can be it, and several can. */
export class RoastCoordinator<P> {
  readonly #config: RoastConfig<P>;
  readonly #ready = new Map<number, NonceCommitments>();
  readonly #sessions: OpenSession[] = [];
  /** In which session a signer's answer is awaited. */
  readonly #busy = new Map<number, number>();
  readonly #banned = new Set<number>();
  #done = false;

  constructor(config: RoastConfig<P>) {
    this.#config = config;
  }

  /** Signers who gave a wrong share or a message that was none. */
  get banned(): readonly number[] {
    return [...this.#banned].sort((left, right) => left - right);
  }

  /** @throws {ThresholdError} `threshold/index` for a sender who holds no share. */
  receive(from: number, body: Uint8Array): Step<Uint8Array> {
    const { key, suite } = this.#config;
    if (key.publicShares[from - 1] === undefined) {
      throw new ThresholdError({ code: "threshold/index", index: from });
    }
    if (this.#done || this.#banned.has(from)) return { out: [], faults: [] };
    const asked = this.#sessions[(this.#busy.get(from) ?? 0) - 1]?.body ?? new Uint8Array(0);
    let answer: Uint8Array;
    try {
      answer = openAnswer(this.#config, from, asked, body);
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error;
      // Not signed by the one it is said to be of, who is not to suffer from it.
      return { out: [], faults: [{ index: from, kind: "malformed", evidence: body }] };
    }
    try {
      const { session, share, next } = decodeAnswer(suite, from, answer);
      if (session !== (this.#busy.get(from) ?? 0) || this.#ready.has(from)) {
        throw new ThresholdError({ code: "threshold/index", index: from });
      }
      checkCommitments(suite, next);
      const signature = share === undefined ? undefined : this.#accept(session, share);
      if (signature !== undefined) {
        this.#done = true;
        return { out: [], faults: [], done: signature };
      }
      this.#busy.delete(from);
      this.#ready.set(from, next);
      return { out: this.#ask(), faults: [] };
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error;
      const isSigned = this.#config.identities !== undefined;
      const evidence = isSigned ? encodeEvidence(asked, body) : body;
      return { out: [], faults: [this.#ban(from, error, evidence)] };
    }
  }

  /** Verified alone: what is combined of verified shares is a signature. */
  #accept(session: number, share: SignatureShare): Uint8Array | undefined {
    const { suite } = this.#config;
    const { request, shares } = this.#sessions[session - 1] as OpenSession;
    verifySignatureShare(suite, request, share);
    shares.set(share.index, share);
    if (shares.size < request.commitments.length) return undefined;
    return aggregateShares(suite, request, [...shares.values()]);
  }

  #ask(): Outgoing[] {
    if (this.#ready.size < this.#config.key.threshold) return [];
    const commitments = [...this.#ready.values()].sort((left, right) => left.index - right.index);
    const session = this.#sessions.length + 1;
    const body = encodeRequest(session, commitments);
    const request = signingRequest(this.#config, commitments);
    this.#sessions.push({ body, request, shares: new Map() });
    this.#ready.clear();
    return commitments.map(({ index }) => {
      this.#busy.set(index, session);
      return { to: index, body, confidential: false };
    });
  }

  #ban(index: number, { code }: ThresholdError, evidence: Uint8Array): Fault {
    this.#banned.add(index);
    this.#ready.delete(index);
    return {
      index,
      kind: code === "threshold/bad_share" ? "bad_share" : "malformed",
      evidence,
    };
  }
}

/** One signer's answers to a coordinator, its nonces in a vault. */
export class RoastSigner<P> {
  readonly #config: RoastConfig<P>;
  readonly #share: Share;
  readonly #vault: NonceVault<P>;
  readonly #keySecret: Scalar | undefined;
  #offered: NonceCommitments | undefined;

  /** @param keySecret the signer's own, where the run has identities. */
  constructor(config: RoastConfig<P>, share: Share, vault: NonceVault<P>, keySecret?: Scalar) {
    if ((config.identities === undefined) !== (keySecret === undefined)) {
      throw new ThresholdError({ code: "threshold/parameters" });
    }
    this.#keySecret = keySecret;
    this.#config = config;
    this.#share = share;
    this.#vault = vault;
  }

  /** The first message: commitments alone. After a restart it offers new ones. */
  async start(): Promise<Uint8Array> {
    const { scalarBytes } = this.#config.suite.group;
    return this.#answer(0, new Uint8Array(scalarBytes), new Uint8Array(0));
  }

  /**
   * @throws {ThresholdError} `threshold/nonce` for commitments that were not offered or are used;
   * the codes of signing.
   */
  async receive(body: Uint8Array): Promise<Uint8Array> {
    const { suite } = this.#config;
    const { session, commitments } = decodeRequest(suite, body);
    const own = commitments.find(({ index }) => index === this.#share.index);
    const offered = this.#offered;
    if (own === undefined || offered === undefined) {
      throw new ThresholdError({ code: "threshold/nonce" });
    }
    const nonces = await this.#vault.take(own);
    const request = signingRequest(this.#config, commitments);
    const { share } = signShare(suite, request, this.#share, nonces);
    return this.#answer(session, share, body);
  }

  async #answer(session: number, share: Uint8Array, asked: Uint8Array): Promise<Uint8Array> {
    const [next] = await this.#vault.commit(1);
    this.#offered = next;
    const { hiding, binding } = next as NonceCommitments;
    const parts = [new ByteWriter().unsigned(session, 4).bytes(), share, hiding, binding];
    const answer = concatBytes(...parts);
    const { identities } = this.#config;
    const secret = this.#keySecret;
    if (identities === undefined || secret === undefined) return answer;
    return identities.seal(this.#share.index, secret, aboutOf(this.#config, asked), answer);
  }
}

/**
 * Whether a fault's evidence convicts the one it names, whoever shows it: a signed answer that is
 * none, or whose share does not fit what was asked. Without identities nothing does.
 */
export function verifyRoastFault<P>(config: RoastConfig<P>, fault: Fault): boolean {
  const { suite, identities, key } = config;
  const { index, kind, evidence } = fault;
  if (identities === undefined || key.publicShares[index - 1] === undefined) return false;
  let answer: Uint8Array;
  let asked: Uint8Array;
  try {
    const [request, body] = decodeEvidence(evidence, 2) as [Uint8Array, Uint8Array];
    answer = openAnswer(config, index, request, body);
    asked = request;
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
  try {
    const { session, share, next } = decodeAnswer(suite, index, answer);
    checkCommitments(suite, next);
    if (share === undefined) return false;
    const request = decodeRequest(suite, asked);
    if (request.session !== session) return kind === "malformed";
    verifySignatureShare(suite, signingRequest(config, request.commitments), share);
    return false;
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    return kind === (error.code === "threshold/bad_share" ? "bad_share" : "malformed");
  }
}

function signingRequest<P>(
  { key, message, tweaks }: RoastConfig<P>,
  commitments: readonly NonceCommitments[],
): SigningRequest {
  return { key, message, commitments, ...(tweaks === undefined ? {} : { tweaks }) };
}

/** All that a share depends on: evidence of one run is none under another key or message. */
function aboutOf<P>({ key, message, tweaks = [] }: RoastConfig<P>, asked: Uint8Array): Uint8Array {
  const writer = new ByteWriter().variable(key.publicKey).unsigned(key.threshold, 2);
  writer
    .variable(concatBytes(...key.publicShares))
    .variable(message)
    .unsigned(tweaks.length, 2);
  for (const { value, isXOnly } of tweaks) writer.variable(value).unsigned(isXOnly ? 1 : 0, 1);
  return sha256(writer.variable(asked).bytes());
}

/** @throws {ThresholdError} `threshold/signature`, `threshold/length`. */
function openAnswer<P>(
  config: RoastConfig<P>,
  from: number,
  asked: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  const { identities } = config;
  return identities === undefined ? body : identities.open(from, aboutOf(config, asked), body);
}

function encodeRequest(session: number, commitments: readonly NonceCommitments[]): Uint8Array {
  const writer = new ByteWriter().unsigned(session, 4).unsigned(commitments.length, 2);
  for (const { index, hiding, binding } of commitments) {
    writer.unsigned(index, 2).fixed(hiding).fixed(binding);
  }
  return writer.bytes();
}

function decodeRequest<P>({ group }: FrostSuite<P>, body: Uint8Array) {
  const reader = new ByteReader(body);
  const session = reader.unsigned(4);
  const commitments = Array.from({ length: reader.unsigned(2) }, () => ({
    index: reader.unsigned(2),
    hiding: reader.fixed(group.elementBytes),
    binding: reader.fixed(group.elementBytes),
  }));
  reader.end();
  return { session, commitments };
}

function decodeAnswer<P>({ group }: FrostSuite<P>, index: number, body: Uint8Array) {
  const reader = new ByteReader(body);
  const session = reader.unsigned(4);
  const share = reader.fixed(group.scalarBytes);
  const next = {
    index,
    hiding: reader.fixed(group.elementBytes),
    binding: reader.fixed(group.elementBytes),
  };
  reader.end();
  return { session, share: session === 0 ? undefined : { index, share }, next };
}
