/** The public archive of an election, `<uuid>.bel`, as it grows. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, utf8 } from "../../bytes.ts";
import type { RandomBytes } from "../../groups/group.ts";
import { readBallot } from "../belenios/ballot.ts";
import {
  type Credentials,
  type Election,
  readCredentials,
  readElection,
} from "../belenios/election.ts";
import { multiply, power } from "../belenios/group.ts";
import { addBallots, type EncryptedTally, lastBallots } from "../belenios/tally.ts";
import { readTrustees } from "../belenios/trustees.ts";
import { readJson } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import type { BeleniosKey, BeleniosSetup } from "./election.ts";
import { proofJson, proveExponent } from "./proofs.ts";

const blockBytes = 512;

/** An old-style tar archive of files that are named by their hashes. */
class ArchiveWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #timestamp: number;
  #head: string | undefined;
  #height = 0;

  /** @param timestamp seconds since 1970, which the header has. */
  constructor(timestamp: number) {
    this.#timestamp = timestamp;
    this.#file("BELENIOS", JSON.stringify({ version: 1, timestamp: `${timestamp}` }));
  }

  /** @returns the hash by which others refer to the text. */
  data(text: string): string {
    return this.#entry("data", text);
  }

  event(type: string, payload?: string): void {
    const parent = this.#head === undefined ? {} : { parent: this.#head };
    const own = payload === undefined ? {} : { payload };
    this.#head = this.#entry(
      "event",
      JSON.stringify({ ...parent, height: this.#height, type, ...own }),
    );
    this.#height += 1;
  }

  /** Without the empty blocks of other tar archives, which belenios-tool does not read. */
  bytes(): Uint8Array {
    return concatBytes(...this.#parts);
  }

  #entry(kind: "data" | "event", text: string): string {
    const hash = bytesToHex(sha256(utf8(text)));
    this.#file(`${hash}.${kind}.json`, text);
    return hash;
  }

  #file(name: string, text: string): void {
    const content = utf8(text);
    const header = new Uint8Array(blockBytes);
    const put = (at: number, value: string) => header.set(utf8(value), at);
    const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
    put(0, name);
    put(100, `${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`);
    put(124, `${octal(content.length, 11)}\0${octal(this.#timestamp, 11)}\0`);
    put(148, " ".repeat(8));
    put(156, "0");
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${octal(sum, 6)}\0 `);
    const padding = new Uint8Array((blockBytes - (content.length % blockBytes)) % blockBytes);
    this.#parts.push(header, content, padding);
  }
}

/**
 * Collects ballots, then decryptions, and writes the archive that anybody verifies. Single
 * trustees, all of whom must decrypt.
 */
export class BeleniosBoard {
  readonly #archive: ArchiveWriter;
  readonly #election: Election;
  readonly #credentials: Credentials;
  readonly #trustees: readonly bigint[];
  readonly #ballots: ReturnType<typeof readBallot>[] = [];
  readonly #factors: (readonly (readonly bigint[])[])[] = [];
  #tally: EncryptedTally | undefined;

  /**
   * @param timestamp seconds since 1970; nothing depends on it.
   * @throws {ThresholdError} `threshold/record` for a setup that does not verify.
   */
  constructor(setup: BeleniosSetup, timestamp: number) {
    this.#election = readElection(setup.election);
    this.#credentials = readCredentials(this.#election, readJson(setup.credentials));
    const { group, groupName } = this.#election;
    const trustees = readTrustees(group, groupName, readJson(setup.trustees));
    demand(
      trustees.every(({ isShared }) => !isShared),
      "trustees share a key",
    );
    this.#trustees = trustees.map(({ publicKey }) => publicKey);
    this.#archive = new ArchiveWriter(timestamp);
    const election = this.#archive.data(setup.election);
    const keys = this.#archive.data(setup.trustees);
    const credentials = this.#archive.data(setup.credentials);
    const payload = JSON.stringify({ election, trustees: keys, credentials });
    this.#archive.event("Setup", this.#archive.data(payload));
  }

  /** @throws {ThresholdError} `threshold/record` for a ballot that does not verify, or too late. */
  append(ballot: string): void {
    demand(this.#tally === undefined, "a ballot after the end");
    this.#ballots.push(readBallot(this.#election, this.#credentials, ballot));
    this.#archive.event("Ballot", this.#archive.data(ballot));
  }

  /** Ends the voting, and adds the last ballot of each credential. */
  close(): void {
    demand(this.#tally === undefined, "the ballots end at the wrong time");
    this.#archive.event("EndBallots");
    const counted = lastBallots(this.#ballots);
    this.#tally = addBallots(this.#election, this.#credentials, counted);
    const total = counted.reduce(
      (sum, { credential }) => sum + (this.#credentials.get(credential) ?? 0n),
      0n,
    );
    const tally = this.#tally.map((question) =>
      question.map(({ alpha, beta }) => ({ alpha: `${alpha}`, beta: `${beta}` })),
    );
    const payload = JSON.stringify({
      num_tallied: counted.length,
      total_weight: Number(total),
      encrypted_tally: this.#archive.data(JSON.stringify(tally)),
    });
    this.#archive.event("EncryptedTally", this.#archive.data(payload));
  }

  /** A trustee's part, in the order of the trustees. @throws {ThresholdError} `threshold/record`. */
  decrypt({ secret, publicKey }: BeleniosKey, random: RandomBytes = randomBytes): void {
    const tally = this.#tally;
    const owner = this.#factors.length + 1;
    const isNext = tally !== undefined && this.#trustees[owner - 1] === publicKey;
    demand(isNext, "a decryption by nobody");
    const { group, fingerprint } = this.#election;
    const prefix = `decrypt|${fingerprint}|${publicKey}`;
    const factors = tally.map((list) => list.map(({ alpha }) => power(group, alpha, secret)));
    const proofs = tally.map((list) =>
      list.map(({ alpha }) => proveExponent({ group, random }, prefix, [group.g, alpha], secret)),
    );
    this.#factors.push(factors);
    const content = JSON.stringify({
      decryption_factors: factors.map((list) => list.map(String)),
      decryption_proofs: proofs.map((list) => list.map(proofJson)),
    });
    const payload = JSON.stringify({ owner, payload: this.#archive.data(content) });
    this.#archive.event("PartialDecryption", this.#archive.data(payload));
  }

  /** The result and the whole archive. @throws {ThresholdError} `threshold/record` before all decrypted. */
  finish(): { readonly result: readonly (readonly number[])[]; readonly archive: Uint8Array } {
    const isWhole = this.#factors.length === this.#trustees.length;
    demand(this.#tally !== undefined && isWhole, "too few trustees have decrypted");
    const { group } = this.#election;
    const total = [...this.#credentials.values()].reduce((sum, weight) => sum + weight, 0n);
    const result = this.#tally.map((question, i) =>
      question.map(({ beta }, j) => {
        const factor = multiply(group, ...this.#factors.map((one) => one[i]?.[j] as bigint));
        return this.#count(beta, factor, total);
      }),
    );
    this.#archive.event("Result", this.#archive.data(JSON.stringify({ result })));
    return { result, archive: this.#archive.bytes() };
  }

  /** The n for which g^n · factor is beta, by counting up. */
  #count(beta: bigint, factor: bigint, total: bigint): number {
    const { group } = this.#election;
    let element = factor;
    for (let n = 0; n <= total; n++) {
      if (element === beta) return n;
      element = multiply(group, element, group.g);
    }
    return refuse("the tally holds something else than a sum of votes");
  }
}
