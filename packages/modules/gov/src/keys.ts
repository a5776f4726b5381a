/** Keys of the `gov` store. @see chain-and-client-api section 5.3 */
import {
  concatBytes,
  lengthPrefixed,
  prefixEnd,
  readUint64BigEndian,
  sortableTime,
  sortableTimeBytes,
  uint64BigEndian,
} from "@tacit/sdk";

export const govStoreName = "gov";

export const proposalsPrefix = Uint8Array.of(0);
export const activeQueuePrefix = Uint8Array.of(1);
export const inactiveQueuePrefix = Uint8Array.of(2);
export const proposalIdKey = Uint8Array.of(3);
export const votingProposalsPrefix = Uint8Array.of(4);
export const depositsPrefix = Uint8Array.of(16);
export const votesPrefix = Uint8Array.of(32);
export const paramsKey = Uint8Array.of(48);
export const constitutionKey = Uint8Array.of(49);

interface Instant {
  readonly seconds: bigint;
  readonly nanos: number;
}

export function proposalKey(id: bigint): Uint8Array {
  return concatBytes(proposalsPrefix, uint64BigEndian(id));
}

/** There while a proposal may be voted on. */
export function votingProposalKey(id: bigint): Uint8Array {
  return concatBytes(votingProposalsPrefix, uint64BigEndian(id));
}

export function activeQueueKey(end: Instant, id: bigint): Uint8Array {
  return concatBytes(activeQueuePrefix, sortableTime(end), uint64BigEndian(id));
}

export function inactiveQueueKey(end: Instant, id: bigint): Uint8Array {
  return concatBytes(inactiveQueuePrefix, sortableTime(end), uint64BigEndian(id));
}

/** End of everything in a queue that ends at `time` or before. */
export function queueEnd(queue: Uint8Array, time: Instant): Uint8Array | undefined {
  return prefixEnd(concatBytes(queue, sortableTime(time)));
}

export function proposalOfQueueKey(key: Uint8Array): bigint {
  return readUint64BigEndian(key, 1 + sortableTimeBytes);
}

/** Deposits or votes of one proposal. */
export function ofProposal(prefix: Uint8Array, id: bigint): Uint8Array {
  return concatBytes(prefix, uint64BigEndian(id));
}

export function depositKey(id: bigint, depositor: Uint8Array): Uint8Array {
  return concatBytes(ofProposal(depositsPrefix, id), lengthPrefixed(depositor));
}

export function voteKey(id: bigint, voter: Uint8Array): Uint8Array {
  return concatBytes(ofProposal(votesPrefix, id), lengthPrefixed(voter));
}
