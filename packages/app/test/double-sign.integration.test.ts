import { fromHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { createRecordedChain } from "./recorded-chain.ts";
import { goldenRecording } from "./recording.ts";

const whole = goldenRecording();
const recording = { ...whole, blocks: whole.blocks.slice(0, 14) };
const { blocks } = recording;
/** The second validator of the recorded chain, which block 10 made. */
const address = fromHex("BCE00F304FCA261D53F689C98B43B8B61A17804E");

describe("a validator that signs twice", () => {
  const chain = createRecordedChain(recording);
  const responses = blocks.map(({ request }) => {
    const isProven = request.height >= 13n;
    const proof = {
      type: "duplicate_vote" as const,
      validator: { address, power: 20n },
      height: 12n,
      time: blocks[11]!.request.time,
      totalVotingPower: 500_060n,
    };
    const response = chain.machine.finalizeBlock({
      ...request,
      misbehavior: isProven ? [proof] : [],
    });
    chain.machine.commit();
    return response;
  });
  const slashes = (index: number) =>
    responses[index]!.events.filter(({ type }) => type === "slash").map(({ attributes }) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, value])),
    );

  it("loses a twentieth of its stake, is jailed and leaves the active set", () => {
    expect(slashes(12)).toMatchObject([
      { reason: "double_sign", power: "20", burned_coins: "1000000" },
      { jailed: expect.any(String) },
    ]);
    expect(responses[12]!.validatorUpdates.map(({ power }) => power)).toEqual([0n]);
  });

  it("is punished once for it", () => {
    expect(slashes(13)).toEqual([]);
  });
});
