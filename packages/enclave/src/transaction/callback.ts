import { concat, equalConstantTime } from "@tacit/crypto";
import type { Coin } from "@tacit/enclave-channel";
import { uint64BigEndian } from "@tacit/encoding";
import { toKey, utf8 } from "../bytes.ts";
import type { KeyRing } from "../keys/key-ring.ts";
import type { Overlay } from "../state/overlay.ts";

/** What a callback signature authorises: one message of a contract to a contract (privacy protocol section 9.2). */
export interface CallbackClaim {
  readonly kind: "execute" | "instantiate" | "migrate" | "update_admin";
  /** The contract that sends it. */
  readonly sender: Uint8Array;
  /** The contract that gets it; for instantiate the code id as u64BE, with the label behind it. */
  readonly target: Uint8Array;
  /** Ciphertext without nonce and public key; all of a plain message; empty for changes of admin. */
  readonly message: Uint8Array;
  /** Whether a call in plaintext mode sends it, as it stands. */
  readonly isPlain: boolean;
  /** Always empty for migrate and changes of admin. */
  readonly funds: readonly Coin[];
  /** New admin of instantiate and update_admin; empty for none. */
  readonly admin: Uint8Array;
}

/** Where in the block a message was emitted; makes signatures of equal messages differ. */
export interface EmissionPlace {
  readonly height: bigint;
  readonly counter: bigint;
  readonly index: number;
}

/**
 * Callback signatures come in two forms. Secret's binds ciphertext and funds and is valid for ever
 * and for any sender. The hardened one, which no client can tell from it, binds everything the
 * claim says, and is valid once, in the block and on the branch of state where it was made.
 */
export interface CallbackSigner {
  sign(claim: CallbackClaim, place: EmissionPlace): Uint8Array;
  /** Whether the signature is good; a hardened one is used up. */
  accept(claim: CallbackClaim, signature: Uint8Array): boolean;
}

export function createCallbackSigner(
  ring: KeyRing,
  overlay: Overlay,
  hardened: boolean,
): CallbackSigner {
  return hardened ? hardenedSigner(ring, overlay) : compatibleSigner(ring);
}

function compatibleSigner(ring: KeyRing): CallbackSigner {
  const sign = ({ message, funds }: CallbackClaim) =>
    ring.callbackHash(concat(message, utf8(fundsJson(funds))));
  return { sign, accept: (claim, signature) => equalConstantTime(sign(claim), signature) };
}

function hardenedSigner(ring: KeyRing, overlay: Overlay): CallbackSigner {
  return {
    sign(claim, { height, counter, index }) {
      const place = concat(
        uint64BigEndian(height),
        uint64BigEndian(counter),
        uint64BigEndian(BigInt(index)),
      );
      const signature = ring.callbackMac(framed(utf8("callback"), place, claimBytes(claim)));
      overlay.grant(tokenOf(claim, signature));
      return signature;
    },
    accept: (claim, signature) => overlay.use(tokenOf(claim, signature)) !== undefined,
  };
}

function tokenOf(claim: CallbackClaim, signature: Uint8Array): string {
  return toKey(framed(utf8("callback"), signature, claimBytes(claim)));
}

function claimBytes(claim: CallbackClaim): Uint8Array {
  const { kind, sender, target, message, isPlain, funds, admin } = claim;
  const name = utf8(isPlain ? `plain ${kind}` : kind);
  return framed(name, sender, target, message, utf8(fundsJson(funds)), admin);
}

/** Each part with its length in front, so that parts cannot move into each other. */
export function framed(...parts: readonly Uint8Array[]): Uint8Array {
  return concat(...parts.flatMap((part) => [uint64BigEndian(BigInt(part.length)), part]));
}

/** `[{"denom":"…","amount":"…"}]`, as it is signed. */
export function fundsJson(funds: readonly Coin[]): string {
  return JSON.stringify(funds.map(({ denom, amount }) => ({ denom, amount })));
}

/** The target of an instantiation. */
export function instantiateTarget(codeId: bigint, label: string): Uint8Array {
  return concat(uint64BigEndian(codeId), utf8(label));
}
