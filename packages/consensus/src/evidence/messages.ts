/** Evidence of misbehaviour as CometBFT v0.38 writes it (types/evidence.go). */
import { sha256 } from "@tacit/crypto";
import { concatBytes, decodeMessage, encodeMessage, ProtocolError } from "@tacit/encoding";
import {
  DuplicateVoteEvidenceSchema,
  type Evidence,
  EvidenceSchema,
  type LightClientAttackEvidence,
} from "@tacit/encoding/proto/tendermint/types/evidence";
import { HeaderSchema } from "@tacit/encoding/proto/tendermint/types/types";
import { decodeHeader, headerHash, type Timestamp, ZERO_TIME } from "@tacit/light";
import type { Misbehavior } from "@tacit/sdk";
import { EvidenceError, type EvidenceFailure } from "../errors.ts";

const ADDRESS_BYTES = 20;

export function refusal(code: EvidenceFailure["code"], reason: string): EvidenceError {
  return new EvidenceError({ code, reason });
}

export function malformed(reason: string, cause?: unknown): EvidenceError {
  return new EvidenceError({ code: "evidence/malformed", reason }, { cause });
}

export function encodeEvidence(evidence: Evidence): Uint8Array {
  return encodeMessage(EvidenceSchema, evidence);
}

/** @throws {EvidenceError} `evidence/malformed`. */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  return asEvidence(() => decodeMessage(EvidenceSchema, bytes));
}

/** Runs a decoder of foreign bytes. @throws {EvidenceError} `evidence/malformed`. */
export function asEvidence<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) throw malformed(error.message, error);
    throw error;
  }
}

/** The height whose validators are accused. @throws {EvidenceError} `evidence/malformed`. */
export function heightOfEvidence({ sum }: Evidence): bigint {
  if (sum.case === "duplicateVoteEvidence") return sum.value.voteA?.height ?? 0n;
  if (sum.case === "lightClientAttackEvidence") return sum.value.commonHeight;
  throw malformed("it is of no known kind");
}

/** Of the block at its height. @throws {EvidenceError} `evidence/malformed`. */
export function timeOfEvidence({ sum }: Evidence): Timestamp {
  if (sum.case === undefined) throw malformed("it is of no known kind");
  const { timestamp } = sum.value;
  return timestamp === undefined ? ZERO_TIME : timestamp;
}

/** 32 bytes, the name under which it was sent. @throws {EvidenceError} `evidence/malformed`. */
export function hashOfEvidence({ sum }: Evidence): Uint8Array {
  if (sum.case === "duplicateVoteEvidence") {
    return sha256(encodeMessage(DuplicateVoteEvidenceSchema, sum.value));
  }
  if (sum.case === "lightClientAttackEvidence") return attackHash(sum.value);
  throw malformed("it is of no known kind");
}

/** CometBFT leaves the last byte of the header's hash out, by mistake; so must we. */
function attackHash({ conflictingBlock, commonHeight }: LightClientAttackEvidence): Uint8Array {
  const header = conflictingBlock?.signedHeader?.header;
  if (header === undefined) throw malformed("there is no conflicting header");
  const hash = asEvidence(() => headerHash(decodeHeader(encodeMessage(HeaderSchema, header))));
  hash[31] = 0;
  return sha256(concatBytes(hash, zigzag(commonHeight)));
}

function zigzag(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** What the application is told of evidence that has been verified: one entry an accused. */
export function misbehaviorOf(evidence: Evidence): Misbehavior[] {
  const { sum } = evidence;
  if (sum.case === undefined) return [];
  const { totalVotingPower } = sum.value;
  const common = {
    height: heightOfEvidence(evidence),
    time: timeOfEvidence(evidence),
    totalVotingPower,
  };
  if (sum.case === "duplicateVoteEvidence") {
    const address = sum.value.voteA?.validatorAddress ?? new Uint8Array(ADDRESS_BYTES);
    const validator = { address, power: sum.value.validatorPower };
    return [{ type: "duplicate_vote", validator, ...common }];
  }
  return sum.value.byzantineValidators.map(({ address, votingPower: power }) => ({
    type: "light_client_attack",
    validator: { address, power },
    ...common,
  }));
}
