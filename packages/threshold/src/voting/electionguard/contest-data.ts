/** What a hashed encryption of a contest's data holds: verifications 11 and 14. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes, utf8 } from "../../bytes.ts";
import type { RecordPlace } from "../../errors.ts";
import { readCount, readList, readObject, readText } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import type { HashedCiphertext } from "./ballot.ts";
import { Q } from "./group.ts";
import { elementBytes, hash, hashToExponent, indexBytes } from "./hash.ts";
import { Base, generatorPower, times } from "./powers.ts";
import { check } from "./refuse.ts";
import type { ElectionKey } from "./setup.ts";
import { type Proof, readElement, readProof } from "./values.ts";

const STATES = ["normal", "null_vote", "over_vote", "under_vote"] as const;

/** In the place of over-votes that were left out because there are too many. */
const CUT = -1;

/** Beside the votes. */
export interface ContestData {
  readonly status: (typeof STATES)[number];
  /** Places of the selections of who chose too many, whose votes all count as 0. */
  readonly overVotes: readonly number[];
  readonly writeIns: readonly string[];
}

/** As a decrypted ballot shows them. */
export interface DecryptedContestData {
  readonly data: ContestData;
  readonly encrypted: HashedCiphertext;
  /** C₀ to the secret. */
  readonly beta: bigint;
  readonly proof: Proof;
}

export function readContestData(
  value: unknown,
  readEncrypted: (value: unknown) => HashedCiphertext,
): DecryptedContestData {
  const names = ["contest_data", "encrypted_contest_data", "proof", "beta"] as const;
  const fields = readObject(value, names);
  const data = readObject(fields.contest_data, ["over_votes", "write_ins", "status"]);
  const status = STATES.find((one) => one === data.status);
  return {
    data: {
      status: status ?? refuse("a contest's status is something else"),
      overVotes: readList(data.over_votes, (one) => (one === CUT ? CUT : readCount(one))),
      writeIns: readList(data.write_ins, readText),
    },
    encrypted: readEncrypted(fields.encrypted_contest_data),
    beta: readElement(fields.beta),
    proof: readProof(fields.proof),
  };
}

/**
 * 11.A and 11.B, which 14.A and 14.B repeat for challenged ballots: beta has the secret of the
 * election's key as its exponent. C₁ goes into the challenge as hex, which is how the library
 * writes records; the specification has the bytes.
 */
export function verifyContestDataProof(
  { keyBytes, keyBase, extendedBaseHash }: ElectionKey,
  { encrypted, beta, proof }: DecryptedContestData,
  rule: string,
  place: RecordPlace,
): void {
  const { challenge, response } = proof;
  const [c0, opened] = [new Base(encrypted.c0), new Base(beta)];
  const isInside = c0.isMember() && opened.isMember() && response < Q;
  check(isInside, `${rule}.A`, place);
  const a = times(generatorPower(response), keyBase.power(challenge));
  const b = times(c0.power(response), opened.power(challenge));
  const parts = [
    keyBytes,
    elementBytes(encrypted.c0),
    utf8(bytesToHex(encrypted.c1).toUpperCase()),
    encrypted.c2,
    elementBytes(a),
    elementBytes(b),
    elementBytes(beta),
  ];
  check(challenge === hashToExponent(extendedBaseHash, 0x31, ...parts), `${rule}.B`, place);
}

/** 14.B: the published data are those that beta decrypts. Labels and lengths are the library's. */
export function verifyContestDataPlaintext(
  election: ElectionKey,
  contestId: string,
  { data, encrypted, beta }: DecryptedContestData,
  rule: string,
  place: RecordPlace,
): void {
  const { c0, c1, c2, lengthBytes } = encrypted;
  const pair = [elementBytes(c0), elementBytes(beta)] as const;
  const secret = hash(election.extendedBaseHash, 0x22, election.keyBytes, ...pair);
  const context = concatBytes(
    utf8(`share_enc_keys\0contest_data${contestId}`),
    indexBytes(8 * lengthBytes),
  );
  const keyOf = (i: number) => hmac(sha256, secret, concatBytes(indexBytes(i), context));
  const tag = hmac(sha256, keyOf(0), concatBytes(pair[0], c1));
  check(equalBytes(tag, c2), `${rule}.B`, place);
  const blocks = Array.from({ length: c1.length / 32 }, (_, i) => keyOf(i + 1));
  const stream = concatBytes(...blocks);
  const plain = c1.map((byte, i) => byte ^ (stream[i] as number));
  const decoded = decodeContestData(plain.subarray(0, lengthBytes));
  check(JSON.stringify(decoded) === JSON.stringify(data), `${rule}.B`, place);
}

/** A protobuf message: status(1), over_votes(2), write_ins(3), and filler(4) to a common length. */
function decodeContestData(bytes: Uint8Array): ContestData {
  const reader = new FieldReader(bytes);
  let status: ContestData["status"] = "normal";
  const overVotes: number[] = [];
  const writeIns: string[] = [];
  while (!reader.isAtEnd()) {
    const key = reader.varint();
    if (key === 0x08) status = STATES[reader.varint()] ?? refuse("a contest's status is unknown");
    else if (key === 0x10) overVotes.push(reader.varint() | 0);
    else if (key === 0x12) overVotes.push(...new FieldReader(reader.bytes()).integers());
    else if (key === 0x1a) writeIns.push(new TextDecoder().decode(reader.bytes()));
    else if (key === 0x22) reader.bytes();
    else refuse("a contest's data have an unknown field");
  }
  return { status, overVotes, writeIns };
}

class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 128) {
      const byte = this.#bytes[this.#at++] ?? refuse("a contest's data end too early");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return refuse("a contest's data have too large a number");
  }

  bytes(): Uint8Array {
    const length = this.varint();
    const from = this.#at;
    demand(from + length <= this.#bytes.length, "a contest's data end too early");
    this.#at = from + length;
    return this.#bytes.subarray(from, this.#at);
  }

  integers(): number[] {
    const values: number[] = [];
    while (!this.isAtEnd()) values.push(this.varint() | 0);
    return values;
  }
}
