/** Elections in a group of Belenios that this package makes; belenios-tool's part is in `npm run conformance`. */
import { describe, expect, it } from "vitest";
import type { ThresholdError } from "../src/errors.ts";
import { verifyBelenios } from "../src/voting/belenios/index.ts";
import {
  BeleniosBoard,
  beleniosTrustee,
  type Choice,
  defineBelenios,
  generateBeleniosKey,
  makeBeleniosBallot,
} from "../src/voting/belenios-prover/index.ts";
import { codeOf } from "./vectors.ts";

const groupName = "BELENIOS-2048";
const trustees = [0, 1].map(() => generateBeleniosKey(groupName));
const voters = [1n, 10n, 100n].map((weight) => ({ ...generateBeleniosKey(groupName), weight }));
const definition = {
  uuid: "TacitBe1enios2",
  name: "Élection",
  description: "",
  groupName,
  trustees: trustees.map((trustee) => beleniosTrustee(groupName, trustee)),
  questions: [
    { text: "Who?", options: ["Ada", "Emmy"], min: 0, max: 1, blank: false },
    { text: "Which?", options: ["1", "2", "3"], min: 1, max: 2, blank: true },
  ],
  voters,
};
const setup = defineBelenios(definition);
const ballotOf = (voter: number, choices: readonly Choice[]) =>
  makeBeleniosBallot(setup.election, voters[voter]!, choices);

/** What is wrong, in the words of `threshold/record` and the reasons of `threshold/ballot`. */
function refusalOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    const { failure } = error as ThresholdError;
    if (failure.code === "threshold/record") return failure.what;
    return failure.code === "threshold/ballot" ? failure.reason : failure.code;
  }
}

describe("an election in Belenios's group", () => {
  it("verifies, and its result is a count of the last ballots with their weights", () => {
    const board = new BeleniosBoard(setup, 1_795_224_147);
    board.append(ballotOf(0, [[0], [0]]));
    board.append(ballotOf(1, [[1], [0, 2]]));
    board.append(ballotOf(2, [[], "blank"]));
    board.append(ballotOf(0, [[], [1, 2]]));
    board.close();
    for (const trustee of trustees) board.decrypt(trustee);
    const { result, archive } = board.finish();
    expect(result).toEqual([
      [0, 10],
      [100, 10, 1, 11],
    ]);
    const verified = verifyBelenios(archive);
    expect(verified.result).toEqual(result);
    expect({ tallied: verified.tallied, weight: verified.totalWeight }).toEqual({
      tallied: 3,
      weight: 111n,
    });
  });

  it("takes no choice that its questions do not allow", () => {
    const wrong: Choice[][] = [
      [[0, 1], [0]],
      ["blank", [0]],
      [[2], [0]],
      [[0], []],
      [[0], [0, 1, 2]],
      [[0], [2, 0]],
      [[0]],
    ];
    for (const choices of wrong) expect(refusalOf(() => ballotOf(0, choices))).toBe("choice");
  });

  it("takes no ballot that is not of a voter, of another election, changed, or too late", () => {
    const board = new BeleniosBoard(setup, 0);
    const stranger = makeBeleniosBallot(setup.election, generateBeleniosKey(groupName), [[], [0]]);
    expect(refusalOf(() => board.append(stranger))).toBe(
      "a ballot's credential is not on the list",
    );
    const other = defineBelenios({ ...definition, name: "Other" });
    const foreign = makeBeleniosBallot(other.election, voters[0]!, [[], [0]]);
    expect(refusalOf(() => board.append(foreign))).toBe("a ballot is for another election");
    const ballot = ballotOf(0, [[0], [0]]);
    const stolen = ballot.replace(`${voters[0]!.publicKey}`, `${voters[1]!.publicKey}`);
    expect(refusalOf(() => board.append(stolen))).toBe("a choice is not shown to be 0 or 1");
    board.close();
    expect(refusalOf(() => board.append(ballot))).toBe("a ballot after the end");
    expect(refusalOf(() => board.close())).toBe("the ballots end at the wrong time");
  });

  it("is decrypted by all of its trustees, in their order, once each", () => {
    const board = new BeleniosBoard(setup, 0);
    const [first, second] = trustees as [(typeof trustees)[0], (typeof trustees)[0]];
    expect(refusalOf(() => board.decrypt(first))).toBe("a decryption by nobody");
    board.close();
    expect(refusalOf(() => board.decrypt(second))).toBe("a decryption by nobody");
    board.decrypt(first);
    expect(refusalOf(() => board.finish())).toBe("too few trustees have decrypted");
    expect(refusalOf(() => board.decrypt(first))).toBe("a decryption by nobody");
    board.decrypt(second);
    expect(board.finish().result).toEqual([
      [0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it("is not defined with other groups, ids, limits or trustees who prove nothing", () => {
    expect(codeOf(() => generateBeleniosKey("Ed25519"))).toBe("threshold/record");
    const wrong = [
      { ...definition, uuid: "short" },
      { ...definition, voters: [...voters, voters[0]!] },
      { ...definition, questions: [{ ...definition.questions[0]!, max: 3 }] },
    ];
    for (const one of wrong) expect(codeOf(() => defineBelenios(one))).toBe("threshold/record");
    const lie = JSON.parse(definition.trustees[0]!) as { public_key: string };
    const { publicKey } = generateBeleniosKey(groupName);
    const liar = JSON.stringify({ ...lie, public_key: `${publicKey}` });
    const lying = defineBelenios({ ...definition, trustees: [liar] });
    expect(refusalOf(() => new BeleniosBoard(lying, 0))).toBe(
      "a trustee does not prove to know its key",
    );
  });

  it("draws the same ballot from the same randomness, and another from other", () => {
    const randomOf = (seed: number) => {
      let count = seed;
      return (length: number) =>
        Uint8Array.from({ length }, () => (count = (count * 31 + 7) % 251));
    };
    const ballot = (seed: number) =>
      makeBeleniosBallot(setup.election, voters[0]!, [[0], "blank"], randomOf(seed));
    expect(ballot(1)).toBe(ballot(1));
    expect(ballot(1)).not.toBe(ballot(2));
    const board = new BeleniosBoard(setup, 0);
    expect(() => board.append(ballot(1))).not.toThrow();
  });
});
