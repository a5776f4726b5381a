import { equalConstantTime } from "@tacit/crypto";
import { ProtocolError } from "@tacit/encoding/errors";
import {
  decodeCommit,
  decodeHeader,
  decodeValidators,
  headerHash,
  verifyNextHeader,
  verifySignedHeader,
} from "@tacit/light";
import { Refusal } from "./errors.ts";

/** A block as the host presents it; bytes are protobuf. */
export interface BlockClaim {
  readonly height: bigint;
  readonly blockHash: Uint8Array;
  readonly header: Uint8Array;
  readonly commit: Uint8Array;
  readonly validators: Uint8Array | undefined;
}

/**
 * The header that the next block must follow from, after verifying this one.
 *
 * The first block that comes with its validators is believed as it is (the operator's trust on
 * first use); every later one must be the next height, point to the one before, name the
 * validators that it announced, and be signed by more than two thirds of them.
 *
 * @param trusted of the last verified block; empty for none.
 * @returns empty while blocks come without validators and none was ever verified.
 * @throws {Refusal} `enclave/bad_commit`.
 */
export function verifyBlock(chainId: string, trusted: Uint8Array, claim: BlockClaim): Uint8Array {
  const { validators } = claim;
  if (validators === undefined) {
    if (trusted.length > 0) throw new Refusal("enclave/bad_commit");
    return trusted;
  }
  try {
    const header = decodeHeader(claim.header);
    const signed = {
      header,
      commit: decodeCommit(claim.commit),
      validators: decodeValidators(validators),
    };
    if (trusted.length > 0) verifyNextHeader(decodeHeader(trusted), signed);
    else verifySignedHeader(chainId, signed);
    const isThis = header.height === claim.height;
    if (isThis && equalConstantTime(headerHash(header), claim.blockHash)) return claim.header;
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new Refusal("enclave/bad_commit", { cause });
  }
  throw new Refusal("enclave/bad_commit");
}
