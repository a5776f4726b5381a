/** Evidence of misbehaviour over RPC: sent, refused, and shown in blocks and events. */
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { encodeMessage, fromBase64, toHex } from "@tacit/encoding";
import { type Evidence, EvidenceSchema } from "@tacit/encoding/proto/tendermint/types/evidence";
import { validatorAddress } from "@tacit/light";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  attackBy,
  doubleVote,
  twoValidators,
  type Witness,
} from "../../../consensus/test/evidence.ts";
import { strangerKey, validatorKey } from "../../../consensus/test/node.ts";
import { call, get, type RpcNode, startRpcNode } from "../../test/rpc-node.ts";
import { evidenceFromJson } from "./evidence-from-json.ts";
import { evidenceToJson } from "./evidence-json.ts";

let node: RpcNode;
beforeEach(async () => {
  node = await startRpcNode({ genesis: twoValidators });
  await node.engine.produceBlock();
});
afterEach(() => node.stop());

function witness(): Witness {
  const { engine } = node;
  const { time } = engine.block(1n)!.block.header;
  return { chainId: engine.chainId, height: 1n, time, validators: engine.validators(1n)! };
}

const jsonOf = (evidence: Evidence) => evidenceToJson(encodeMessage(EvidenceSchema, evidence));
const send = (evidence: unknown) => call(node.url, "broadcast_evidence", { evidence });

describe("evidence in CometBFT's JSON", () => {
  it("names its kind, and has upper-case hex, base64 and integers as text", () => {
    const { value } = jsonOf(doubleVote(witness(), { key: strangerKey })) as {
      value: Record<string, unknown>;
    };
    expect(Object.keys(value)).toEqual([
      "vote_a",
      "vote_b",
      "TotalVotingPower",
      "ValidatorPower",
      "Timestamp",
    ]);
    expect(value).toMatchObject({ TotalVotingPower: "13", ValidatorPower: "3" });
    const address = toHex(validatorAddress(strangerKey.publicKey())).toUpperCase();
    expect(value.vote_b).toEqual({
      type: 2,
      height: "1",
      round: 0,
      block_id: {
        hash: "02".repeat(32),
        parts: { total: 1, hash: expect.stringMatching(/^[0-9A-F]{64}$/) },
      },
      timestamp: "2026-01-01T00:00:00Z",
      validator_address: address,
      validator_index: 0,
      signature: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
      extension: null,
      extension_signature: null,
    });
  });

  it("is read as it was written", () => {
    const header = node.engine.block(1n)!.block.header;
    const pieces = [
      doubleVote(witness(), { key: strangerKey, type: 1, round: 5 }),
      attackBy(validatorKey, { ...header, dataHash: new Uint8Array(32) }, witness()),
    ];
    for (const evidence of pieces) {
      const back = evidenceFromJson(JSON.parse(JSON.stringify(jsonOf(evidence))));
      expect(encodeMessage(EvidenceSchema, back)).toEqual(encodeMessage(EvidenceSchema, evidence));
    }
  });
});

describe("broadcast_evidence", () => {
  it("answers with the hash, and the next block and its event show the evidence", async () => {
    const evidence = doubleVote(witness(), { key: strangerKey });
    const socket = new WebSocket(`${node.webSocketUrl}/websocket`);
    const messages: string[] = [];
    const arrived = new Promise<void>((resolve) =>
      socket.on("message", (data) => {
        messages.push(String(data));
        if (messages.length === 2) resolve();
      }),
    );
    await new Promise((resolve) => socket.once("open", resolve));
    const subscription = { query: "tm.event='NewEvidence'" };
    socket.send(
      JSON.stringify({ jsonrpc: "2.0", id: 1, method: "subscribe", params: subscription }),
    );
    const { result } = await send(jsonOf(evidence));
    expect(fromBase64(result.hash)).toHaveLength(32);
    expect(await send(jsonOf(evidence))).toMatchObject({ result: { hash: result.hash } });
    await node.engine.produceBlock();
    const block = await call(node.url, "block", { height: "2" });
    expect(block.result.block.evidence).toEqual({ evidence: [jsonOf(evidence)] });
    await arrived;
    socket.close();
    expect(JSON.parse(messages[1]!).result.data).toEqual({
      type: "tendermint/event/NewEvidence",
      value: { height: "2", evidence: jsonOf(evidence) },
    });
    expect(node.app.requests.at(-1)?.misbehavior).toHaveLength(1);
    const client = await Comet38Client.connect(node.url);
    expect((await client.block(2)).block.evidence).toHaveLength(1);
    client.disconnect();
  });

  it("takes evidence from an address too", async () => {
    const text = JSON.stringify(jsonOf(doubleVote(witness(), { key: strangerKey })));
    const answer = await get(`${node.url}/broadcast_evidence?evidence=${encodeURIComponent(text)}`);
    expect(JSON.parse(answer.text).result.hash).toHaveLength(44);
  });

  it("says why evidence does not hold", async () => {
    const other = doubleVote({ ...witness(), chainId: "other" }, { key: strangerKey });
    expect(await send(jsonOf(other))).toMatchObject({
      error: {
        code: -32603,
        data: "failed to add evidence: a signature is not valid: that of vote A",
      },
    });
  });

  it.each([
    ["no type", {}, "evidence.type: expected a string"],
    ["another type", { type: "tendermint/Other", value: {} }, "evidence.type: unknown"],
    [
      "no value",
      { type: "tendermint/DuplicateVoteEvidence" },
      "evidence.value: expected an object",
    ],
    [
      "no time",
      { type: "tendermint/DuplicateVoteEvidence", value: {} },
      /: evidence\.value\.Timestamp: expected a string$/,
    ],
    [
      "a hash that is no text",
      {
        type: "tendermint/DuplicateVoteEvidence",
        value: { vote_a: { block_id: { hash: 7, parts: {} } } },
      },
      /: evidence\.value\.vote_a\.block_id\.hash: expected a string$/,
    ],
    [
      "a wrong time",
      { type: "tendermint/DuplicateVoteEvidence", value: { Timestamp: "today" } },
      /evidence\.value\.Timestamp: expected/,
    ],
    [
      "a wrong number",
      { type: "tendermint/DuplicateVoteEvidence", value: { TotalVotingPower: "9".repeat(19) } },
      "evidence.value.TotalVotingPower: expected a 64-bit integer",
    ],
  ])("refuses %s with its place", async (_what, evidence, expected) => {
    const { error } = await send(evidence);
    expect(error).toMatchObject({ code: -32602, message: "Invalid params" });
    expect(error.data.match(/evidence/g)).toHaveLength(1);
    if (typeof expected === "string") expect(error.data).toContain(expected);
    else expect(error.data).toMatch(expected);
  });

  it("never fails without a code, whatever is sent", async () => {
    const good = jsonOf(doubleVote(witness(), { key: strangerKey })) as { value: object };
    const fields = Object.keys(good.value);
    const spoiled = fc
      .record({ field: fc.constantFrom(...fields), value: fc.jsonValue() })
      .map(({ field, value }) => ({ ...good, value: { ...good.value, [field]: value } }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(spoiled, fc.jsonValue()), async (evidence) => {
        const answer = await send(evidence);
        expect([-32602, -32603]).toContain(answer.error?.code);
      }),
      { numRuns: 100 },
    );
  });
});
