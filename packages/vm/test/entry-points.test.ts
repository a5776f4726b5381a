/** Every entry point of the v1 interface, called by the contract that has them all. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine.ts";
import type { EntryPoint } from "../src/types.ts";
import { call, memoryStorage, outcome, text } from "./contracts.ts";

const url = new URL("../../../contracts/artifacts/host_interface.wasm", import.meta.url);
const wasm = new Uint8Array(readFileSync(url));
const engine = createEngine({ cacheBytesMax: 1e8 });
const CODE_HASH = new Uint8Array(32).fill(7);

function enter(
  entryPoint: EntryPoint,
  messages: readonly object[],
  storage = memoryStorage(),
): { readonly text: string; readonly entries: ReadonlyMap<string, Uint8Array> } {
  const args = [{ is: "the environment" }, ...messages].map((json) => text(JSON.stringify(json)));
  const result = engine.call(CODE_HASH, () => wasm, call({ entryPoint, args, storage }));
  return { text: outcome(result), entries: storage.entries };
}

const NOTHING = '{"Ok":{"messages":[],"attributes":[],"events":[],"data":"W10="}}';

describe("a contract with all entry points", () => {
  it("needs what it uses of the network, and says so", () => {
    const analysis = engine.analyze(CODE_HASH, () => wasm);
    expect(analysis).toMatchObject({ abi: "v1", requiredFeatures: ["random"] });
  });

  it.each(["instantiate", "execute"] as const)("is told by %s who calls", (entryPoint) => {
    const answer = enter(entryPoint, [{ sender: "somebody" }, {}]);
    expect(answer.text).toBe(NOTHING);
    const info = new TextDecoder().decode(answer.entries.get(`info:${entryPoint}`));
    expect(info).toBe('{"sender":"somebody"}');
  });

  it.each([
    "reply",
    "sudo",
    "ibc_channel_open",
    "ibc_channel_connect",
    "ibc_channel_close",
    "ibc_packet_receive",
    "ibc_packet_ack",
    "ibc_packet_timeout",
  ] as const)("gets the network's message through %s and follows what was prepared", (name) => {
    const storage = memoryStorage();
    const script = { attributes: '[{"key":"by","value":"script"}]' };
    enter("execute", [{}, { prepare: [{ entry_point: name, script }] }], storage);
    const answer = enter(name, [{ from: "the network" }], storage);
    expect(answer.text).toContain('"value":"script"');
    const decode = (key: string) => new TextDecoder().decode(answer.entries.get(key));
    expect(decode(`msg:${name}`)).toBe('{"from":"the network"}');
    expect(decode(`env:${name}`)).toBe('{"is":"the environment"}');
  });

  it("answers a migration and a query", () => {
    expect(enter("migrate", [{}]).text).toBe(NOTHING);
    expect(enter("query", [{}], memoryStorage(new Map(), true)).text).toBe('{"Ok":"W10="}');
  });
});
