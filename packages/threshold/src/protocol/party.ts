/** The shape of every protocol here: state machines that take bytes and give bytes. */

/**
 * What somebody did wrong, and what shows it.
 *
 * In key generation and resharing `bad_share`, `false_complaint`, `bad_finish`, `bad_reveal` and
 * `equivocation` carry messages signed by the one they name: they convince anybody. So do
 * `bad_share`, `equivocation` and `malformed` of the signing protocols, if they run with
 * `Identities`, and faults of COCKTAIL-DKG as far as `verifyCocktailFault` says. Without, their faults, and `malformed` in key generation, carry a body that convinces
 * who trusts the channel to name senders. `absent` has no evidence but the channel's record.
 */
export type FaultKind =
  | "absent"
  | "malformed"
  | "equivocation"
  | "bad_share"
  | "false_complaint"
  | "bad_finish"
  | "bad_reveal";

export interface Fault {
  /** Who: an index of the protocol, from 1 on. */
  readonly index: number;
  readonly kind: FaultKind;
  readonly evidence: Uint8Array;
}

export interface Outgoing {
  /** `all` goes over the broadcast channel, and comes back to the sender too. */
  readonly to: "all" | number;
  readonly body: Uint8Array;
  /** Whether nobody but the receiver may read it: the transport must encrypt. */
  readonly confidential: boolean;
}

export interface Step<Out> {
  readonly out: readonly Outgoing[];
  readonly faults: readonly Fault[];
  /** There once, when the protocol has ended for this party. */
  readonly done?: Out;
}

/**
 * One party. It reads no clock and opens no socket.
 *
 * The broadcast channel gives every party the same messages and the same ends of rounds in one
 * order, as a chain does; what is public is a function of that order, so that all agree.
 */
export interface Party<Out> {
  readonly round: number;
  /** The first messages; the same bytes however often it is called, also after a restart. */
  start(): Step<Out>;
  /** @throws {ThresholdError} `threshold/index` for a sender who has no part in the protocol. */
  receive(from: number, body: Uint8Array): Step<Out>;
  /** The channel's word that the round's time is over: who is missing, is absent. */
  closeRound(): Step<Out>;
  /** All that a restart needs but the long-term keys. Secret: seal it. */
  snapshot(): Uint8Array;
}
