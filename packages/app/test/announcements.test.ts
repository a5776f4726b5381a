/** The same blocks on a chain whose host and enclave look ahead, and on one where nobody does. */
import { Secret } from "@tacit/crypto";
import { createEnclave } from "@tacit/enclave";
import { connectInProcess } from "@tacit/enclave-channel";
import { type Msg, MsgSend } from "secretjs";
import { describe, expect, it } from "vitest";
import type { SealedFile } from "../src/enclave/session.ts";
import type { LocalUser } from "./local-chain.ts";
import { ProbeChain, write } from "./probe-chain.ts";

const FRAME_TYPE_AT = 4;
const ANNOUNCEMENT = 5;

function setUp(sealedFile: SealedFile, runsMeanwhile: boolean) {
  const announced: string[] = [];
  const sealingKey = new Secret(new Uint8Array(32).fill(7), "test");
  const enclave = connectInProcess(createEnclave({ sealingKey }).createEngine(), {
    runsMeanwhile,
    record: (_direction, frame) => {
      if (frame[FRAME_TYPE_AT] === ANNOUNCEMENT) announced.push(Buffer.from(frame).toString("hex"));
    },
  });
  return { chain: new ProbeChain({}, { enclave, sealedFile }), announced };
}

describe("looking ahead", () => {
  it("changes neither results nor state, and announces what calls a contract next", async () => {
    let sealed: Uint8Array | undefined;
    const sealedFile = { read: () => sealed, write: (bytes: Uint8Array) => (sealed = bytes) };
    const { chain, announced } = setUp(sealedFile, true);
    await chain.prepare();
    const { a, b } = chain.users;
    const sign = (user: LocalUser, message: Msg) => user.sign([message], 2_000_000);
    const send = new MsgSend({
      from_address: b.address,
      to_address: a.address,
      amount: [{ denom: "uscrt", amount: "5" }],
    });
    const calls = {
      first: await sign(a, chain.call([write("k", "1")])),
      second: await sign(a, chain.call([write("k", "2")], chain.second)),
      large: await sign(a, chain.call([write("k", "3".repeat(9_000))])),
      failing: await sign(a, chain.call([{ nonsense: {} }])),
      last: await sign(a, chain.call([write("k", "4")])),
    };
    const noTransaction = Uint8Array.of(1, 2, 3);
    const txs = [
      calls.first,
      calls.second,
      calls.large,
      calls.failing,
      await sign(b, send),
      calls.first,
      calls.last,
      noTransaction,
    ];
    const results = chain.block(...txs);
    expect(results.map(({ code }) => code === 0)).toEqual([
      ...[true, true, true, false],
      ...[true, false, true, false],
    ]);

    const twin = setUp(sealedFile, false);
    const twinResults = chain.made.slice(1).map((block) => twin.chain.block(...block.txs));
    expect(twinResults.at(-1)).toEqual(results);
    expect(twin.chain.made).toEqual(chain.made);

    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    const names = Object.entries(calls).filter(([, tx]) =>
      announced.some((frame) => frame.includes(hex(tx))),
    );
    expect(names.map(([name]) => name)).toEqual(["second", "failing"]);
    expect([announced.length, twin.announced.length]).toEqual([2, 0]);
  });
});
