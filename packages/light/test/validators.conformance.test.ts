import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sortValidators, validatorAddress, validatorSetHash } from "../src/index.ts";

interface Block {
  readonly height: number;
  readonly next_validators_hash: string;
  readonly decided_last_commit: { votes: { address: string; power: string }[] };
  readonly expect: {
    validator_updates: {
      pub_key: { Sum: { value: { ed25519: string } } };
      power?: string;
    }[];
  };
}

const file = join(import.meta.dirname, "../../../vectors/sdk-golden/blocks.jsonl");
const blocks = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Block);

it("hashes every validator set of the recorded chain as its headers do", () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();
  const keys = blocks.flatMap((block) => block.expect.validator_updates);
  const first = keys
    .map((update) => Buffer.from(update.pub_key.Sum.value.ed25519, "base64"))
    .find(
      (key) => hex(validatorAddress(key)) === blocks[1]!.decided_last_commit.votes[0]!.address,
    )!;
  const powers = new Map([[first.toString("base64"), 500_000n]]);
  const hashNow = () =>
    hex(
      validatorSetHash(
        sortValidators(
          [...powers].map(([key, power]) => {
            const publicKey = Buffer.from(key, "base64");
            return { publicKey, power, address: validatorAddress(publicKey) };
          }),
        ),
      ),
    );
  let changes = 0;
  for (const block of blocks) {
    expect(hashNow(), `height ${block.height}`).toBe(block.next_validators_hash);
    for (const update of block.expect.validator_updates) {
      changes += 1;
      const key = update.pub_key.Sum.value.ed25519;
      if (update.power === undefined) powers.delete(key);
      else powers.set(key, BigInt(update.power));
    }
  }
  expect(changes).toBe(9);
});
