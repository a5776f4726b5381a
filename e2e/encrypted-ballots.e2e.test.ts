/** Ballots encrypted by the threshold library, added by a contract, decrypted by holders of shares. */
import { dealShares, loadRistretto255, publicShare } from "@tacit/threshold";
import {
  combinePartials,
  partialDecrypt,
  verifyDecryption,
  verifyPartials,
} from "@tacit/threshold/decryption";
import {
  ciphertextBytes,
  DiscreteLogTable,
  decodeCiphertext,
  encodeKey,
  sharedKey,
} from "@tacit/threshold/elgamal";
import { encryptInput } from "@tacit/threshold/proofs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
  attribute,
  type Contract,
  execute,
  instantiate,
  upload,
} from "./support/secretjs.ts";

const group = await loadRistretto255("wasm");
const options = ["yes", "no", "later"];
const threshold = 2;
const secret = group.randomScalar();
const { shares, commitments } = dealShares(group, { secret, threshold, count: 3 });
const key = sharedKey(group, group.multiplyBase(secret));
const policy = { kind: "choice", options: options.length, min: 1, max: 1 } as const;
const session = new TextEncoder().encode("ballot");

const { home, remove } = temporaryHome();
let node: NodeProcess;
let voters: Actor[];
let poll: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home, ["--block-interval", "250"]);
  voters = ["a", "b", "c"].map((name) => actor(name, node));
  const [owner] = voters as [Actor];
  poll = await instantiate(owner, await upload(owner, artifact("ballots")), {
    question: "Tea?",
    options,
    key: Buffer.from(encodeKey(group, key)).toString("base64"),
    voters: voters.map(({ address }) => address),
  });
});

afterAll(async () => {
  await node?.stop();
  remove();
});

function ballotOf(voter: Actor, choice: number, sender = voter.address): string {
  const context = { contract: poll.contract_address, sender, session };
  const values = options.map((_, i) => BigInt(+(i === choice)));
  return Buffer.from(encryptInput(group, key, context, policy, values)).toString("base64");
}
const cast = (voter: Actor, ballot: string) =>
  execute(voter, poll, { cast: { ballot } }, { gas: 2_000_000 });

describe("a poll of encrypted ballots", () => {
  it("takes ballots, replaces a voter's earlier one, and refuses copied and spoilt ones", async () => {
    const [alice, bob, carol] = voters as [Actor, Actor, Actor];
    const first = ballotOf(alice, 0);
    const accepted = await cast(alice, first);
    expect(accepted.rawLog).toBe("");
    expect(attribute(accepted, "wasm", "ballots")).toBe("1");
    expect((await cast(bob, first)).rawLog).toContain("the proof does not verify");
    const spoilt = Buffer.from(ballotOf(bob, 1), "base64");
    spoilt[spoilt.length - 1] = (spoilt[spoilt.length - 1] as number) ^ 1;
    expect((await cast(bob, spoilt.toString("base64"))).rawLog).toContain(
      "the proof does not verify",
    );
    for (const [voter, choice] of [
      [bob, 1],
      [carol, 0],
      [bob, 2],
    ] as const) {
      expect((await cast(voter, ballotOf(voter, choice))).rawLog).toBe("");
    }
  });

  it("shows the sum once it is closed, which the holders decrypt and anybody can check", async () => {
    const [alice, bob] = voters as [Actor, Actor];
    expect(JSON.stringify(await ask(alice, poll, { sum: {} }))).toContain("the poll is open");
    expect((await execute(bob, poll, { close: {} })).rawLog).toContain("only the owner");
    expect((await execute(alice, poll, { close: {} })).rawLog).toBe("");
    expect((await cast(bob, ballotOf(bob, 1))).rawLog).toContain("the poll is closed");
    const answer = await ask<{ ballots: number; sum: string }>(bob, poll, { sum: {} });
    expect(answer.ballots).toBe(3);
    const bytes = Buffer.from(answer.sum, "base64");
    const width = ciphertextBytes(group);
    const ciphertexts = options.map((_, i) =>
      decodeCiphertext(group, bytes.subarray(i * width, (i + 1) * width)),
    );
    const request = {
      group,
      key,
      ciphertexts,
      id: new TextEncoder().encode(poll.contract_address),
    };
    const partials = shares.slice(1).map((share) => partialDecrypt(request, share));
    const publicShares = (index: number) => publicShare(group, commitments, index);
    expect(verifyPartials(request, publicShares, partials).bad).toEqual([]);
    const table = DiscreteLogTable.build(group, 4);
    const values = combinePartials(request, partials, threshold).map((element) =>
      table.solve(element, 3n),
    );
    expect(values).toEqual([2n, 0n, 1n]);
    verifyDecryption(request, publicShares, { partials, threshold, values });
  });
});
