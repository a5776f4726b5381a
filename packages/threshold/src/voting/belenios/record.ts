/** A whole election of Belenios 2.0, from its public data alone. */

import { readCount, readHash, readJson, readObject, readText } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import { type ArchiveEntry, readArchive } from "./archive.ts";
import { type Ballot, readBallot } from "./ballot.ts";
import {
  type Credentials,
  checkKey,
  type Election,
  type Question,
  readCredentials,
  readElection,
} from "./election.ts";
import {
  addBallots,
  checkResult,
  checkTally,
  type EncryptedTally,
  lastBallots,
  type PartialDecryption,
  readPartialDecryption,
} from "./tally.ts";
import { readTrustees, type TrusteeSet } from "./trustees.ts";

/** What a verified record says. */
export interface BeleniosResult {
  readonly uuid: string;
  readonly name: string;
  readonly questions: readonly Question[];
  /** Ballots that were counted: the last of each voter. */
  readonly tallied: number;
  readonly totalWeight: bigint;
  /** For each question the sum of each choice; of a question with blank votes, these stand first. */
  readonly result: readonly (readonly number[])[];
  /** Of the counted ballots: a voter finds hers among them. */
  readonly trackers: readonly string[];
}

interface ElectionEvent {
  readonly type: string;
  readonly payload: string | undefined;
}

/**
 * Verifies the public archive of an election, `<uuid>.bel`, as its specification's audit says: the
 * chain of events, the trustees, each ballot, the tally, each decryption, the result.
 *
 * Homomorphic questions only: others are decrypted one by one after shuffles.
 *
 * @throws {ThresholdError} `threshold/record`; `what` names the first thing that is wrong.
 */
export function verifyBelenios(archive: Uint8Array): BeleniosResult {
  const entries = readArchive(archive);
  const data = new Map<string, string>();
  const record = new Recorder(
    (hash) => data.get(hash) ?? refuse("something is not in the archive"),
  );
  let parent: string | undefined;
  let height = 0;
  for (const entry of entries) {
    if (entry.kind === "data") {
      data.set(entry.hash, entry.text);
      continue;
    }
    record.apply(readEvent(entry, parent, height));
    parent = entry.hash;
    height += 1;
  }
  return record.finish();
}

function readEvent(entry: ArchiveEntry, parent: string | undefined, height: number): ElectionEvent {
  const fields = readObject(readJson(entry.text), ["height", "type"], ["parent", "payload"]);
  const isNext = fields.parent === parent && readCount(fields.height) === height;
  demand(isNext, "an event does not follow the one before");
  const { payload } = fields;
  return {
    type: readText(fields.type),
    payload: payload === undefined ? undefined : readHash(payload),
  };
}

/** The election as far as its events tell; each kind has its time. */
class Recorder {
  readonly #read: (hash: string) => string;
  #setup:
    | { election: Election; trustees: readonly TrusteeSet[]; credentials: Credentials }
    | undefined;
  readonly #ballots: Ballot[] = [];
  #isClosed = false;
  #tally: EncryptedTally | undefined;
  readonly #partials: PartialDecryption[] = [];
  #result: BeleniosResult["result"] | undefined;

  constructor(read: (hash: string) => string) {
    this.#read = read;
  }

  apply({ type, payload }: ElectionEvent): void {
    demand(this.#result === undefined, "something follows the result");
    if (type === "EndBallots") {
      demand(
        payload === undefined && this.#setup !== undefined && !this.#isClosed,
        "the ballots end at the wrong time",
      );
      this.#isClosed = true;
      return;
    }
    const text = this.#read(payload ?? refuse("an event has no payload"));
    if (type === "Setup") this.#open(text);
    else if (type === "Ballot") this.#addBallot(text);
    else if (type === "EncryptedTally") this.#setTally(text);
    else if (type === "PartialDecryption") this.#addPartial(text);
    else if (type === "Result") this.#setResult(text);
    else refuse("an event of unknown type");
  }

  #open(text: string): void {
    demand(this.#setup === undefined, "the election is set up twice");
    const fields = readObject(readJson(text), ["election", "trustees", "credentials"]);
    const part = (value: unknown) => this.#read(readHash(value));
    const election = readElection(part(fields.election));
    const trustees = readTrustees(
      election.group,
      election.groupName,
      readJson(part(fields.trustees)),
    );
    checkKey(election, trustees);
    const credentials = readCredentials(election, readJson(part(fields.credentials)));
    this.#setup = { election, trustees, credentials };
  }

  #addBallot(text: string): void {
    const { election, credentials } = this.#setup ?? refuse("a ballot before the setup");
    demand(!this.#isClosed, "a ballot after the end");
    this.#ballots.push(readBallot(election, credentials, text));
  }

  #setTally(text: string): void {
    const { election, credentials } = this.#setup ?? refuse("a tally before the setup");
    demand(this.#isClosed && this.#tally === undefined, "the tally comes at the wrong time");
    const fields = readObject(readJson(text), ["num_tallied", "total_weight", "encrypted_tally"]);
    const counted = lastBallots(this.#ballots);
    const isCounted =
      readCount(fields.num_tallied) === counted.length &&
      BigInt(readCount(fields.total_weight)) === this.#weight();
    demand(isCounted, "the tally counts other ballots");
    this.#tally = addBallots(election, credentials, counted);
    checkTally(election, readJson(this.#read(readHash(fields.encrypted_tally))), this.#tally);
  }

  #weight(): bigint {
    const weights = this.#setup?.credentials;
    return lastBallots(this.#ballots).reduce(
      (sum, { credential }) => sum + (weights?.get(credential) ?? 0n),
      0n,
    );
  }

  #addPartial(text: string): void {
    const { election, trustees } = this.#setup ?? refuse("a decryption before the setup");
    const tally = this.#tally ?? refuse("a decryption before the tally");
    const fields = readObject(readJson(text), ["owner", "payload"]);
    const owner = readCount(fields.owner);
    demand(!this.#partials.some((one) => one.owner === owner), "a trustee decrypts twice");
    const content = readJson(this.#read(readHash(fields.payload)));
    this.#partials.push(readPartialDecryption(election, trustees, tally, owner, content));
  }

  #setResult(text: string): void {
    const { election, trustees } = this.#setup ?? refuse("a result before the setup");
    const tally = this.#tally ?? refuse("a result before the tally");
    this.#result = checkResult(election, trustees, tally, this.#partials, readJson(text));
  }

  finish(): BeleniosResult {
    const { election } = this.#setup ?? refuse("the record is not finished");
    const result = this.#result ?? refuse("the record is not finished");
    const counted = lastBallots(this.#ballots);
    return {
      uuid: election.uuid,
      name: election.name,
      questions: election.questions,
      tallied: counted.length,
      totalWeight: this.#weight(),
      result,
      trackers: counted.map(({ tracker }) => tracker),
    };
  }
}
