/**
 * A ballot: fingerprint(32) ‖ credential(32) ‖ for each question its ciphertexts and proof; and
 * behind that, once it is cast, the box's signature, if the election has a box, and the voter's.
 * All lengths follow from the election.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes, utf8 } from "../bytes.ts";
import {
  type Ciphertext,
  ciphertextBytes,
  decodeCiphertext,
  type Encryption,
  encodeCiphertext,
  encrypt,
  encryptWith,
} from "../elgamal/ciphertext.ts";
import { assertLength, type BallotReason, ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { ByteReader } from "../protocol/codec.ts";
import { type Claim, checkClaims } from "../sigma/claims.ts";
import { claimStatement, proveStatement } from "../sigma/compose.ts";
import {
  answerProofBytes,
  answerStatement,
  answerTag,
  answerWitness,
  type Choice,
  choiceToValues,
  valuesToChoice,
} from "./answer.ts";
import {
  ballotSignatureBytes,
  type Credential,
  claimBallotSignature,
  signBallot,
} from "./credential.ts";
import { bytesToKey, ciphertextsOf, type Election, type Question } from "./election.ts";

const TRACKER_LABEL = utf8("tacit/voting/tracker/v1");

/** @throws {ThresholdError} `threshold/ballot`, always. */
export function refuseBallot(reason: BallotReason): never {
  throw new ThresholdError({ code: "threshold/ballot", reason });
}

/** 32 bytes by which voters find their ballot. @param body the ballot without its signature. */
export function trackerOf(body: Uint8Array): Uint8Array {
  return sha256(concatBytes(TRACKER_LABEL, body));
}

/** A ballot that was shown by its tracker, and whose maker now says: cast it, or open it. */
export interface PreparedBallot {
  readonly tracker: Uint8Array;
  /** Signed, for the board; the same bytes each time. @throws `threshold/ballot`, `challenged`. */
  cast(): Uint8Array;
  /** Benaloh's challenge: what is inside, for anyone. @throws `threshold/ballot`, `cast`. */
  challenge(): OpenedBallot;
}

export interface OpenedBallot {
  readonly body: Uint8Array;
  /** For each ciphertext message(1) ‖ randomness(32). */
  readonly opening: Uint8Array;
}

/**
 * Makes a ballot. It lives in memory alone: nothing of it can be stored, so that no snapshot lets
 * it be both opened and cast.
 *
 * @param choices one for each question.
 * @throws {ThresholdError} `threshold/ballot`: `choice`, `credential` if it is not on the list,
 * `box` if the election takes only what its box made.
 */
export function prepareBallot<P>(
  election: Election<P>,
  credential: Credential,
  choices: readonly Choice[],
  random?: RandomBytes,
): PreparedBallot {
  if (election.box !== undefined) refuseBallot("box");
  assertVoter(election, credential, choices);
  const { questions } = election.definition;
  const answers = questions.map((question, position) =>
    makeAnswer(election, credential, { question, position }, choices[position] as Choice, random),
  );
  const parts = answers.map(({ bytes }) => bytes);
  const body = concatBytes(election.fingerprint, credential.publicKey, ...parts);
  const tracker = trackerOf(body);
  let state: "open" | "cast" | "challenged" = "open";
  return {
    tracker,
    cast() {
      if (state === "challenged") refuseBallot("challenged");
      state = "cast";
      return concatBytes(body, signBallot(election.group, credential, tracker));
    },
    challenge() {
      if (state === "cast") refuseBallot("cast");
      state = "challenged";
      const encryptions = answers.flatMap((answer) => answer.encryptions);
      return { body, opening: encodeOpening(election, encryptions) };
    },
  };
}

export function assertVoter<P>(
  { definition, voters }: Election<P>,
  { publicKey }: Credential,
  choices: readonly Choice[],
): void {
  if (choices.length !== definition.questions.length) refuseBallot("choice");
  if (!voters.has(bytesToKey(publicKey))) refuseBallot("credential");
}

function makeAnswer<P>(
  election: Election<P>,
  { publicKey }: Credential,
  { question, position }: { readonly question: Question; readonly position: number },
  choice: Choice,
  random?: RandomBytes,
): { readonly encryptions: readonly Encryption<P>[]; readonly bytes: Uint8Array } {
  const { group, key } = election;
  const values = choiceToValues(question, choice);
  const encryptions = values.map((value) => encrypt(group, key, value, random));
  const ciphertexts = encryptions.map(({ ciphertext }) => ciphertext);
  const proof = proveStatement(
    answerTag(election, publicKey, position),
    answerStatement(election, question, ciphertexts),
    answerWitness(election, question, encryptions),
    random === undefined ? {} : { random },
  );
  const encoded = ciphertexts.map((ciphertext) => encodeCiphertext(group, ciphertext));
  return { encryptions, bytes: concatBytes(...encoded, proof) };
}

/** Nothing is proven until the claims are checked. */
export interface BodyReading<P> {
  readonly body: Uint8Array;
  readonly tracker: Uint8Array;
  readonly credential: Uint8Array;
  readonly ciphertexts: readonly Ciphertext<P>[];
  /** Every element of every ciphertext, as a key of maps. */
  readonly components: readonly string[];
  readonly claims: readonly Claim<P>[];
}

/** @throws {ThresholdError} `threshold/ballot`: `election`, `credential`; the codes of decoding. */
export function readBody<P>(election: Election<P>, body: Uint8Array): BodyReading<P> {
  const { group, definition, fingerprint } = election;
  const reader = new ByteReader(body);
  if (!equalBytes(reader.fixed(fingerprint.length), fingerprint)) refuseBallot("election");
  const credential = reader.fixed(group.elementBytes);
  if (!election.voters.has(bytesToKey(credential))) refuseBallot("credential");
  const ciphertexts: Ciphertext<P>[] = [];
  const components: string[] = [];
  const claims = definition.questions.map((question, position) => {
    const answer = Array.from({ length: ciphertextsOf(question) }, () => {
      const bytes = reader.fixed(ciphertextBytes(group));
      components.push(bytesToKey(bytes.subarray(0, group.elementBytes)));
      components.push(bytesToKey(bytes.subarray(group.elementBytes)));
      return decodeCiphertext(group, bytes);
    });
    ciphertexts.push(...answer);
    const statement = answerStatement(election, question, answer);
    const proof = reader.fixed(answerProofBytes(election, question));
    return claimStatement(answerTag(election, credential, position), statement, proof);
  });
  reader.end();
  return { body, tracker: trackerOf(body), credential, ciphertexts, components, claims };
}

/** As {@link readBody}, with the signature. @throws as it. */
export function readBallot<P>(election: Election<P>, ballot: Uint8Array): BodyReading<P> {
  const { group, voters, box } = election;
  const width = ballotSignatureBytes(group);
  const bodyEnd = Math.max(0, ballot.length - width * (box === undefined ? 1 : 2));
  const reading = readBody(election, ballot.slice(0, bodyEnd));
  const voter = voters.get(bytesToKey(reading.credential));
  if (voter === undefined) refuseBallot("credential");
  const { tracker } = reading;
  const claims = [...reading.claims];
  if (box !== undefined) {
    const signature = ballot.subarray(bodyEnd, bodyEnd + width);
    claims.push(claimBallotSignature(group, box, tracker, signature, "box"));
  }
  const signature = ballot.subarray(Math.max(bodyEnd, ballot.length - width));
  claims.push(claimBallotSignature(group, voter.point, tracker, signature));
  return { ...reading, claims };
}

/** Only the ciphertexts, of a body that was verified before. */
export function readCiphertexts<P>(election: Election<P>, body: Uint8Array): Ciphertext<P>[] {
  const { group, definition, fingerprint } = election;
  const reader = new ByteReader(body);
  reader.fixed(fingerprint.length + group.elementBytes);
  return definition.questions.flatMap((question) => {
    const answer = Array.from({ length: ciphertextsOf(question) }, () =>
      decodeCiphertext(group, reader.fixed(ciphertextBytes(group))),
    );
    reader.fixed(answerProofBytes(election, question));
    return answer;
  });
}

export function encodeOpening<P>(
  { group }: Election<P>,
  encryptions: readonly Encryption<P>[],
): Uint8Array {
  return concatBytes(
    ...encryptions.flatMap(({ message, randomness }) => [
      Uint8Array.of(Number(message)),
      group.encodeScalar(randomness),
    ]),
  );
}

/**
 * Checks a challenged ballot: it verifies, and the opening gives its ciphertexts. Whoever asked
 * compares tracker and choices with what the machine was told and showed before.
 *
 * @throws {ThresholdError} `threshold/ballot` with `opening`, `threshold/proof`, and as
 * {@link readBody}.
 */
export function verifyOpening<P>(
  election: Election<P>,
  { body, opening }: OpenedBallot,
): { readonly reading: BodyReading<P>; readonly choices: readonly Choice[] } {
  const reading = readBody(election, body);
  checkClaims(election.group, reading.claims);
  return { reading, choices: openCiphertexts(election, reading.ciphertexts, opening) };
}

/**
 * What is in the ciphertexts of a whole ballot, which must be allowed.
 * @throws {ThresholdError} `threshold/ballot` with `opening`.
 */
export function openCiphertexts<P>(
  { group, key, definition }: Election<P>,
  ciphertexts: readonly Ciphertext<P>[],
  opening: Uint8Array,
): Choice[] {
  assertLength(opening, ciphertexts.length * (1 + group.scalarBytes), "opening");
  const reader = new ByteReader(opening);
  const values = ciphertexts.map((ciphertext) => {
    const message = reader.unsignedBig(1);
    const { ciphertext: made } = encryptWith(group, key, message, reader.scalar(group));
    const isSame =
      group.equal(made.commitment, ciphertext.commitment) &&
      group.equal(made.handle, ciphertext.handle);
    if (!isSame) refuseBallot("opening");
    return message;
  });
  let start = 0;
  return definition.questions.map((question) => {
    const own = values.slice(start, start + ciphertextsOf(question));
    start += own.length;
    return valuesToChoice(question, own);
  });
}
