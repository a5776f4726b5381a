/** A voter's machine and a board that do what they like: everything else fits what they made. */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8 } from "../src/bytes.ts";
import { encodeCiphertext, encrypt } from "../src/elgamal/ciphertext.ts";
import type { Group } from "../src/groups/group.ts";
import type { WasmPoint } from "../src/groups/wasm-group.ts";
import { bitWitness } from "../src/proofs/encryption.ts";
import { proveStatement, type Witness } from "../src/sigma/compose.ts";
import { answerStatement, answerTag } from "../src/voting/answer.ts";
import { trackerOf } from "../src/voting/ballot.ts";
import {
  type Board,
  type BoardEntry,
  type CountedBallot,
  encodeEntry,
} from "../src/voting/board.ts";
import { type Credential, signBallot } from "../src/voting/credential.ts";
import type { Election } from "../src/voting/election.ts";
import type { Share } from "../src/vss.ts";
import { count, group } from "./voting-helpers.ts";

/** Says that all is equal, so that provers take any witness. */
const blind: Group<WasmPoint> = { ...group, equal: () => true };

/** Signs whatever it is given. */
export function sign(body: Uint8Array, credential: Credential): Uint8Array {
  return concatBytes(body, signBallot(group, credential, trackerOf(body)));
}

/**
 * A ballot of any values, with proofs that a prover without scruples makes of them.
 * @param branch of each question's sums that the proof pretends to.
 */
export function forgeBallot(
  election: Election<WasmPoint>,
  credential: Credential,
  answers: readonly { readonly values: readonly bigint[]; readonly branch?: number }[],
): Uint8Array {
  const lenient = { ...election, group: blind };
  const parts = answers.map(({ values, branch = 0 }, position) => {
    const question = election.definition.questions[position] as never;
    const encryptions = values.map((item) => encrypt(group, election.key, item));
    const ciphertexts = encryptions.map(({ ciphertext }) => ciphertext);
    const statement = answerStatement(lenient, question, ciphertexts);
    const bits = bitWitness(group, encryptions);
    let witness: Witness = bits;
    if (statement.kind === "all") {
      const { options } = election.definition.questions[position] as { options: readonly string[] };
      const randomness = encryptions.reduce(
        (sum, item, i) =>
          sum + item.randomness * BigInt(i < options.length ? 1 : options.length + 1),
        0n,
      );
      const scalars = [group.reduce(randomness)];
      const sum = { kind: "any", index: branch, witness: { kind: "relation", scalars } } as const;
      witness = { kind: "all", of: [bits, sum] };
    }
    const proof = proveStatement(
      answerTag(election, credential.publicKey, position),
      statement,
      witness,
    );
    return concatBytes(...ciphertexts.map((item) => encodeCiphertext(group, item)), proof);
  });
  return sign(concatBytes(election.fingerprint, credential.publicKey, ...parts), credential);
}

/** A record of any entries and any count of them, honestly decrypted by trustees who do not look. */
export function forgeRecord(
  election: Election<WasmPoint>,
  shares: readonly Share[],
  entries: readonly BoardEntry[],
  counted: readonly CountedBallot[],
): Uint8Array {
  const start = sha256(concatBytes(utf8("tacit/voting/board/v1"), election.fingerprint));
  const head = entries.reduce((last, item) => sha256(concatBytes(last, encodeEntry(item))), start);
  const board = { election, entries, head, counted, isClosed: true };
  return count(board as unknown as Board<WasmPoint>, shares).record;
}

export function countedOf(ballot: Uint8Array, weight: bigint): CountedBallot {
  const body = ballot.slice(0, -64);
  return { body, tracker: trackerOf(body), weight };
}
