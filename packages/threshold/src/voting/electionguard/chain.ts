/** Confirmation codes of one device: verifications 7.C to 7.G. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes, utf8 } from "../../bytes.ts";
import { readJson, readList, readObject } from "../json.ts";
import { demand } from "../refuse.ts";
import { hash } from "./hash.ts";
import { check } from "./refuse.ts";
import type { Config } from "./setup.ts";
import { readBytes, readFlag, readHash, readMetadata, readName } from "./values.ts";

/** Of one device: `ballot_chain.json`. */
export interface BallotChain {
  readonly device: string;
  readonly codeBytes: Uint8Array;
  /** In the order in which they were encrypted. */
  readonly ballotIds: readonly string[];
  readonly lastCode: Uint8Array;
  readonly isChaining: boolean;
  readonly closingHash: Uint8Array | undefined;
}

/** What the election says of chains. */
export interface ChainRules {
  readonly config: Pick<Config, "isChaining" | "deviceInformation">;
  readonly extendedBaseHash: Uint8Array;
}

/** What a chain says of a ballot. */
export interface ChainedBallot {
  readonly id: string;
  readonly codeBytes: Uint8Array;
  readonly confirmationCode: Uint8Array;
}

export function readChain(text: string): BallotChain {
  const fields = readObject(
    readJson(text),
    [
      "encrypting_device",
      "baux0",
      "ballot_ids",
      "last_confirmation_code",
      "chaining",
      "closing_hash",
    ],
    ["metadata"],
  );
  readMetadata(fields.metadata);
  const { closing_hash: closing } = fields;
  return {
    device: readName(fields.encrypting_device),
    codeBytes: readBytes(fields.baux0, 4_096),
    ballotIds: readList(fields.ballot_ids, readName),
    lastCode: readHash(fields.last_confirmation_code),
    isChaining: readFlag(fields.chaining),
    closingHash: closing === null ? undefined : readHash(closing),
  };
}

/** 7.C (17.D): no two ballots of a record have one code. */
export class ConfirmationCodes {
  readonly #seen = new Set<string>();

  verify({ id, confirmationCode }: ChainedBallot, isPreEncrypted: boolean): void {
    const code = bytesToHex(confirmationCode);
    check(!this.#seen.has(code), isPreEncrypted ? "17.D" : "7.C", { ballot: id });
    this.#seen.add(code);
  }
}

/**
 * 7.D to 7.G: with chaining, each code goes into the next, and the last into a closing hash, so
 * that no ballot is left out behind the device's back. The first ballot has the initial hash
 * alone, as the library writes it; the specification adds the device's information.
 *
 * @param ballots of the device, in the chain's order.
 */
export function verifyChain(
  { config, extendedBaseHash }: ChainRules,
  chain: BallotChain,
  ballots: readonly ChainedBallot[],
): void {
  const { device, codeBytes, lastCode, isChaining, closingHash } = chain;
  demand(isChaining === config.isChaining, "a device chains its codes, or not, unlike the others");
  const { deviceInformation } = config;
  const first = hash(extendedBaseHash, 0x24, deviceInformation);
  let last: Uint8Array | undefined;
  for (const ballot of ballots) {
    const expected = last === undefined ? first : concatBytes(last, deviceInformation);
    const isNext = !isChaining || equalBytes(ballot.codeBytes, expected);
    check(isNext, last === undefined ? "7.D" : "7.E", { device, ballot: ballot.id });
    last = ballot.confirmationCode;
  }
  const end = last ?? (isChaining ? new Uint8Array(32) : lastCode);
  check(equalBytes(lastCode, end), "7.F", { device });
  const start = isChaining ? first : deviceInformation;
  check(equalBytes(codeBytes, start), "7.D", { device });
  const closing = concatBytes(end, deviceInformation, utf8("CLOSE"));
  const isClosed = isChaining
    ? closingHash !== undefined && equalBytes(closingHash, hash(extendedBaseHash, 0x24, closing))
    : closingHash === undefined;
  check(isClosed, "7.G", { device });
}
