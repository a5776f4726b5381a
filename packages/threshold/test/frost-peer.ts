/** Our side of a conversation with ZF's crates: holder 2 of a key dealt to three. */
import {
  aggregateShares,
  commitNonces,
  ed25519Frost,
  type FrostSuite,
  type Nonces,
  p256Frost,
  ristretto255Frost,
  type SigningRequest,
  secp256k1Frost,
  signShare,
  taprootFrost,
  verifySignature,
  verifySignatureShare,
} from "../src/frost/index.ts";
import { fromHex, toHex } from "./vectors.ts";

export const PEER_SUITES = {
  ed25519: ed25519Frost,
  ristretto255: ristretto255Frost,
  p256: p256Frost,
  secp256k1: secp256k1Frost,
  taproot: taprootFrost,
} as const;

export type PeerSuite = keyof typeof PEER_SUITES;

/** What was said, in hex; what is ours follows from the rest. */
export interface PeerTranscript {
  readonly suite: PeerSuite;
  readonly publicKey: string;
  readonly shares: readonly string[];
  readonly publicShares: readonly string[];
  readonly message: string;
  /** Theirs: hiding, binding. */
  readonly commitments: readonly string[];
  /** Ours: hiding, binding. */
  readonly nonces: readonly string[];
  readonly ownCommitments: readonly string[];
  readonly theirShare: string;
  readonly ownShare: string;
  readonly signature: string;
}

type Asked = Pick<
  PeerTranscript,
  "suite" | "publicKey" | "shares" | "publicShares" | "message" | "commitments" | "nonces"
>;

export function createPeerSession(asked: Asked) {
  const suite = PEER_SUITES[asked.suite] as unknown as FrostSuite<unknown>;
  const { group } = suite;
  const [hiding, binding] = asked.nonces.map((hex) => group.decodeScalar(fromHex(hex))) as [
    bigint,
    bigint,
  ];
  const nonces: Nonces = { hiding, binding };
  const own = commitNonces(suite, 2, nonces);
  const [theirHiding, theirBinding] = asked.commitments.map(fromHex) as [Uint8Array, Uint8Array];
  const publicKey = fromHex(asked.publicKey);
  const request: SigningRequest = {
    key: { publicKey, threshold: 2, publicShares: asked.publicShares.map(fromHex) },
    message: fromHex(asked.message),
    commitments: [{ index: 1, hiding: theirHiding, binding: theirBinding }, own],
  };
  const value = group.decodeScalar(fromHex(asked.shares[1] as string));
  return {
    ownCommitments: [toHex(own.hiding), toHex(own.binding)],
    ownShare: () => toHex(signShare(suite, request, { index: 2, value }, nonces).share),
    /** Verifies their share alone, combines, verifies the whole. */
    combine(theirShare: string, ownShare: string): string {
      const theirs = { index: 1, share: fromHex(theirShare) };
      verifySignatureShare(suite, request, theirs);
      const signature = aggregateShares(suite, request, [
        theirs,
        { index: 2, share: fromHex(ownShare) },
      ]);
      verifySignature(suite, publicKey, request.message, signature);
      return toHex(signature);
    },
  };
}
