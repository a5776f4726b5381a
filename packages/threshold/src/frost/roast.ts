/**
 * Signing that ends although some signers are silent or lie, after ROAST (Ruffing et al.): a signer
 * who answers gives its next commitments with its share, and whoever is ready goes into the next
 * session; who gave a wrong share is out. With `threshold` honest signers among `n` one of
 * at most `n - threshold + 1` sessions ends.
 *
 * Signer to coordinator: `session (4) || share || hiding || binding`; session 0 has no share.
 * Coordinator to signer: `session (4) || count (2) || count x (index (2) || hiding || binding)`.
 */
import { concatBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
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
}

interface OpenSession {
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
    try {
      const { session, share, next } = decodeAnswer(suite, from, body);
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
      return { out: [], faults: [this.#ban(from, error, body)] };
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
    const { key, message, tweaks } = this.#config;
    if (this.#ready.size < key.threshold) return [];
    const commitments = [...this.#ready.values()].sort((left, right) => left.index - right.index);
    const rest = tweaks === undefined ? {} : { tweaks };
    this.#sessions.push({ request: { key, message, commitments, ...rest }, shares: new Map() });
    const session = this.#sessions.length;
    const body = encodeRequest(session, commitments);
    this.#ready.clear();
    return commitments.map(({ index }) => {
      this.#busy.set(index, session);
      return { to: index, body, confidential: false };
    });
  }

  #ban(index: number, { code }: ThresholdError, body: Uint8Array): Fault {
    this.#banned.add(index);
    this.#ready.delete(index);
    return {
      index,
      kind: code === "threshold/bad_share" ? "bad_share" : "malformed",
      evidence: body,
    };
  }
}

/** One signer's answers to a coordinator, its nonces in a vault. */
export class RoastSigner<P> {
  readonly #config: RoastConfig<P>;
  readonly #share: Share;
  readonly #vault: NonceVault<P>;
  #offered: NonceCommitments | undefined;

  constructor(config: RoastConfig<P>, share: Share, vault: NonceVault<P>) {
    this.#config = config;
    this.#share = share;
    this.#vault = vault;
  }

  /** The first message: commitments alone. After a restart it offers new ones. */
  async start(): Promise<Uint8Array> {
    const { scalarBytes } = this.#config.suite.group;
    return this.#answer(0, new Uint8Array(scalarBytes));
  }

  /**
   * @throws {ThresholdError} `threshold/nonce` for commitments that were not offered or are used;
   * the codes of signing.
   */
  async receive(body: Uint8Array): Promise<Uint8Array> {
    const { suite, key, message, tweaks } = this.#config;
    const { session, commitments } = decodeRequest(suite, body);
    const own = commitments.find(({ index }) => index === this.#share.index);
    const offered = this.#offered;
    if (own === undefined || offered === undefined) {
      throw new ThresholdError({ code: "threshold/nonce" });
    }
    const nonces = await this.#vault.take(own);
    const rest = tweaks === undefined ? {} : { tweaks };
    const request = { key, message, commitments, ...rest };
    const { share } = signShare(suite, request, this.#share, nonces);
    return this.#answer(session, share);
  }

  async #answer(session: number, share: Uint8Array): Promise<Uint8Array> {
    const [next] = await this.#vault.commit(1);
    this.#offered = next;
    const { hiding, binding } = next as NonceCommitments;
    return concatBytes(new ByteWriter().unsigned(session, 4).bytes(), share, hiding, binding);
  }
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
