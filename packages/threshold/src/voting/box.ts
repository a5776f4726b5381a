/**
 * Ballots without a receipt: a box, run in an enclave or by another party, re-randomises what a
 * voter offers and the proofs with it, so that nobody can show what is in the published ballot, the
 * voter included (Hirt 2010, with diverted proofs). The box learns no vote and cannot change one.
 *
 * 1. voter → box, offer: fingerprint(32) ‖ credential(32) ‖ for each question its ciphertexts and
 *    the first move of their proof
 * 2. box → voter: a challenge(32) for each question
 * 3. voter → box: the answers' scalars
 * 4. box → voter, reply: the new ballot's body ‖ the box's signature ‖ a proof of re-encryption
 *
 * Nobody else may see these, nor anything that shows to others that they were sent.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes } from "../bytes.ts";
import {
  addCiphertexts,
  type Ciphertext,
  ciphertextBytes,
  decodeCiphertext,
  type Encryption,
  encodeCiphertext,
  encrypt,
  subtractCiphertexts,
} from "../elgamal/ciphertext.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import { ByteReader } from "../protocol/codec.ts";
import { RelationBuilder } from "../sigma/builder.ts";
import { checkClaims } from "../sigma/claims.ts";
import {
  commitStatement,
  type Opening,
  proveStatement,
  type Statement,
  statementProofBytes,
  verifyStatement,
} from "../sigma/compose.ts";
import { type DivertedProof, divertStatement } from "../sigma/divert.ts";
import { protocolTag } from "../sigma/narg.ts";
import {
  answerProofBytes,
  answerProofCounts,
  answerStatement,
  answerTag,
  answerWitness,
  type Choice,
  choiceToValues,
  moveAnswerScalars,
} from "./answer.ts";
import {
  assertVoter,
  encodeOpening,
  openCiphertexts,
  readBody,
  refuseBallot,
  trackerOf,
} from "./ballot.ts";
import {
  ballotSignatureBytes,
  type Credential,
  claimBallotSignature,
  knowsSecret,
  signBallot,
} from "./credential.ts";
import { bytesToKey, ciphertextsOf, type Election, type Question } from "./election.ts";

/** A voter's side. It lives in memory alone: an answer to two challenges would tell the vote. */
export interface BallotOffer {
  readonly bytes: Uint8Array;
  /** For the box; once. @throws `threshold/ballot` with `challenged` or `cast`, `threshold/length`. */
  answer(challenges: Uint8Array): Uint8Array;
  /**
   * Checks that the box's ballot holds the same choices, and signs it for the board.
   * @throws {ThresholdError} `threshold/ballot` with `election`, `credential` or `challenged`,
   * `threshold/proof`, the codes of decoding.
   */
  cast(reply: Uint8Array): { readonly ballot: Uint8Array; readonly tracker: Uint8Array };
  /** Benaloh's challenge: see {@link verifyOfferOpening}. @throws `threshold/ballot` with `cast`. */
  challenge(): Uint8Array;
}

/** @throws {ThresholdError} `threshold/ballot` with `choice`, `credential` or `box`. */
export function offerBallot<P>(
  election: Election<P>,
  credential: Credential,
  choices: readonly Choice[],
  random?: RandomBytes,
): BallotOffer {
  if (election.box === undefined) refuseBallot("box");
  assertVoter(election, credential, choices);
  const { group, definition } = election;
  const answers = definition.questions.map((question, i) =>
    offerAnswer(election, question, choices[i] as Choice, random),
  );
  const parts = answers.map(({ bytes }) => bytes);
  const bytes = concatBytes(election.fingerprint, credential.publicKey, ...parts);
  let state: "open" | "answered" | "challenged" = "open";
  return {
    bytes,
    answer(challenges) {
      if (state !== "open") refuseBallot(state === "answered" ? "cast" : "challenged");
      const reader = new ByteReader(challenges);
      const given = answers.map(() => reader.scalar(group));
      reader.end();
      state = "answered";
      const scalars = answers.flatMap(({ opening }, i) => opening.respond(given[i] as Scalar));
      return concatBytes(...scalars.map((scalar) => group.encodeScalar(scalar)));
    },
    cast(reply) {
      if (state === "challenged") refuseBallot("challenged");
      const ballot = acceptReply(election, credential, bytes, reply);
      return { ballot, tracker: trackerOf(ballot.subarray(0, bodyBytes(election))) };
    },
    challenge() {
      if (state === "answered") refuseBallot("cast");
      state = "challenged";
      return encodeOpening(
        election,
        answers.flatMap(({ encryptions }) => encryptions),
      );
    },
  };
}

function offerAnswer<P>(
  election: Election<P>,
  question: Question,
  choice: Choice,
  random?: RandomBytes,
): {
  readonly encryptions: readonly Encryption<P>[];
  readonly opening: Opening<P>;
  readonly bytes: Uint8Array;
} {
  const { group, key } = election;
  const values = choiceToValues(question, choice);
  const encryptions = values.map((value) => encrypt(group, key, value, random));
  const ciphertexts = encryptions.map(({ ciphertext }) => ciphertext);
  const statement = answerStatement(election, question, ciphertexts);
  const witness = answerWitness(election, question, encryptions);
  const opening = commitStatement(statement, witness, random);
  const encoded = ciphertexts.map((ciphertext) => encodeCiphertext(group, ciphertext));
  return {
    encryptions,
    opening,
    bytes: concatBytes(...encoded, ...group.encodeAll(opening.commitments)),
  };
}

/** @returns the ballot: body, the box's signature, the voter's. */
function acceptReply<P>(
  election: Election<P>,
  credential: Credential,
  offer: Uint8Array,
  reply: Uint8Array,
): Uint8Array {
  const { group, box } = election;
  if (box === undefined) refuseBallot("box");
  const reader = new ByteReader(reply);
  const body = reader.fixed(bodyBytes(election));
  const signature = reader.fixed(ballotSignatureBytes(group));
  const reading = readBody(election, body);
  if (!equalBytes(reading.credential, credential.publicKey)) refuseBallot("credential");
  const { tracker } = reading;
  const claim = claimBallotSignature(group, box, tracker, signature, "box");
  checkClaims(group, [...reading.claims, claim]);
  const before = readOffer(election, offer).answers.flatMap(({ ciphertexts }) => ciphertexts);
  const statement = sameChoices(election, credential.publicKey, before, reading.ciphertexts);
  const proof = reader.fixed(statementProofBytes(statement));
  reader.end();
  verifyStatement(reencryptionTag(election, offer, tracker), statement, proof);
  return concatBytes(body, signature, signBallot(group, credential, tracker));
}

/**
 * The new ciphertexts hold what the old ones held, or the prover has the voter's secret. So the
 * voter is convinced, and nobody else: the voter can make this proof about any ballot.
 */
function sameChoices<P>(
  { group, key }: Election<P>,
  credential: Uint8Array,
  before: readonly Ciphertext<P>[],
  after: readonly Ciphertext<P>[],
): Statement<P> {
  const builder = new RelationBuilder(group);
  after.forEach((ciphertext, i) => {
    const zero = subtractCiphertexts(group, ciphertext, before[i] as Ciphertext<P>);
    const delta = builder.secret();
    builder.equation([[zero.commitment, 1n]], [[delta, key.commitmentBase]]);
    builder.equation([[zero.handle, 1n]], [[delta, key.handleBase]]);
  });
  return {
    kind: "any",
    of: [
      { kind: "relation", relation: builder.build() },
      { kind: "relation", relation: knowsSecret(group, group.decode(credential)) },
    ],
  };
}

function reencryptionTag<P>(
  { group, fingerprint }: Election<P>,
  offer: Uint8Array,
  tracker: Uint8Array,
): Uint8Array {
  const binding = concatBytes(fingerprint, sha256(offer), tracker);
  return protocolTag("voting-reencryption/v1", group.name, binding);
}

/** The proof that {@link BallotOffer.cast} wants, made by the voter, of whatever ballot. */
export function simulateReencryption<P>(
  election: Election<P>,
  credential: Credential,
  offer: Uint8Array,
  body: Uint8Array,
  random?: RandomBytes,
): Uint8Array {
  const reading = readBody(election, body);
  const before = readOffer(election, offer).answers.flatMap(({ ciphertexts }) => ciphertexts);
  return proveStatement(
    reencryptionTag(election, offer, reading.tracker),
    sameChoices(election, credential.publicKey, before, reading.ciphertexts),
    { kind: "any", index: 1, witness: { kind: "relation", scalars: [credential.secret] } },
    random === undefined ? {} : { random },
  );
}

/** A box's side of one offer. */
export interface BoxedBallot {
  /** For the voter. */
  readonly challenges: Uint8Array;
  /**
   * Of the voter's answer; the reply, whose ballot verifies.
   * @throws {ThresholdError} `threshold/proof` if the offer is none that the questions allow, or
   * its sender does not know what is in it; `threshold/length`, `threshold/scalar`.
   */
  finish(answer: Uint8Array): Uint8Array;
}

/**
 * @param box the secret whose public key the election has.
 * @throws {ThresholdError} `threshold/ballot` with `box`, `election` or `credential`; the codes of
 * decoding.
 */
export function receiveOffer<P>(
  election: Election<P>,
  box: Credential,
  offer: Uint8Array,
  random?: RandomBytes,
): BoxedBallot {
  const { group, definition } = election;
  if (election.box === undefined || !equalBytes(definition.box as Uint8Array, box.publicKey)) {
    refuseBallot("box");
  }
  const { credential, answers } = readOffer(election, offer);
  const diverted = answers.map((answer, i) =>
    divertAnswer(election, credential, { ...answer, position: i }, random),
  );
  return {
    challenges: concatBytes(...diverted.map(({ proof }) => group.encodeScalar(proof.challenge))),
    finish(answer) {
      const reader = new ByteReader(answer);
      const parts = diverted.map(({ finish, scalars }) =>
        finish(Array.from({ length: scalars }, () => reader.scalar(group))),
      );
      reader.end();
      const body = concatBytes(election.fingerprint, credential, ...parts);
      const reading = readBody(election, body);
      checkClaims(group, reading.claims);
      const before = answers.flatMap(({ ciphertexts }) => ciphertexts);
      const scalars = diverted.flatMap(({ deltas }) => deltas);
      const proof = proveStatement(
        reencryptionTag(election, offer, reading.tracker),
        sameChoices(election, credential, before, reading.ciphertexts),
        { kind: "any", index: 0, witness: { kind: "relation", scalars } },
        random === undefined ? {} : { random },
      );
      return concatBytes(body, signBallot(group, box, reading.tracker, "box"), proof);
    },
  };
}

interface OfferedAnswer<P> {
  readonly question: Question;
  readonly ciphertexts: readonly Ciphertext<P>[];
  readonly commitments: readonly P[];
}

function divertAnswer<P>(
  election: Election<P>,
  credential: Uint8Array,
  {
    question,
    position,
    ciphertexts,
    commitments,
  }: OfferedAnswer<P> & { readonly position: number },
  random?: RandomBytes,
): {
  readonly deltas: readonly Scalar[];
  readonly scalars: number;
  readonly proof: DivertedProof;
  readonly finish: (scalars: readonly Scalar[]) => Uint8Array;
} {
  const { group, key } = election;
  const zeros = ciphertexts.map(() => encrypt(group, key, 0n, random));
  const deltas = zeros.map(({ randomness }) => randomness);
  const moved = ciphertexts.map((own, i) =>
    addCiphertexts(group, own, (zeros[i] as Encryption<P>).ciphertext),
  );
  const tag = answerTag(election, credential, position);
  const statement = answerStatement(election, question, moved);
  const proof = divertStatement(tag, statement, commitments, random);
  const { challenge } = proof;
  const encoded = moved.map((ciphertext) => encodeCiphertext(group, ciphertext));
  return {
    deltas,
    scalars: answerProofCounts(question).scalars,
    proof,
    finish: (scalars) => {
      const answer = moveAnswerScalars(election, question, { scalars, challenge }, deltas);
      return concatBytes(...encoded, proof.finish(answer));
    },
  };
}

function readOffer<P>(
  election: Election<P>,
  offer: Uint8Array,
): { readonly credential: Uint8Array; readonly answers: readonly OfferedAnswer<P>[] } {
  const { group, fingerprint, definition, voters } = election;
  const reader = new ByteReader(offer);
  if (!equalBytes(reader.fixed(fingerprint.length), fingerprint)) refuseBallot("election");
  const credential = reader.fixed(group.elementBytes);
  if (!voters.has(bytesToKey(credential))) refuseBallot("credential");
  const answers = definition.questions.map((question) => ({
    question,
    ciphertexts: Array.from({ length: ciphertextsOf(question) }, () =>
      decodeCiphertext(group, reader.fixed(ciphertextBytes(group))),
    ),
    commitments: Array.from({ length: answerProofCounts(question).elements }, () =>
      group.decode(reader.fixed(group.elementBytes)),
    ),
  }));
  reader.end();
  return { credential, answers };
}

/**
 * Checks an offer that was opened instead of answered. Whoever asked compares the choices with what
 * the machine was told, and the offer with what the machine had shown before.
 *
 * @throws {ThresholdError} `threshold/ballot` with `opening`, and as {@link receiveOffer}.
 */
export function verifyOfferOpening<P>(
  election: Election<P>,
  offer: Uint8Array,
  opening: Uint8Array,
): readonly Choice[] {
  const { answers } = readOffer(election, offer);
  const ciphertexts = answers.flatMap((answer) => answer.ciphertexts);
  return openCiphertexts(election, ciphertexts, opening);
}

function bodyBytes<P>(election: Election<P>): number {
  const { group, definition, fingerprint } = election;
  return definition.questions.reduce(
    (sum, question) =>
      sum + ciphertextsOf(question) * ciphertextBytes(group) + answerProofBytes(election, question),
    fingerprint.length + group.elementBytes,
  );
}
