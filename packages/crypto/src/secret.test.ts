import { inspect } from "node:util";
import { serialize } from "node:v8";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { Ed25519PrivateKey } from "./ed25519.ts";
import { Secret } from "./secret.ts";
import { X25519PrivateKey } from "./x25519.ts";

const bytes = new Uint8Array(32).fill(0xab);
const secrets = {
  Secret: new Secret(bytes, "test key"),
  X25519PrivateKey: new X25519PrivateKey(bytes),
  Ed25519PrivateKey: new Ed25519PrivateKey(bytes),
};

/** Everything that could be a rendering of 0xab bytes. */
const RENDERING = /abab|ABAB|171,\s*171|q6ur/;

describe.each(Object.entries(secrets))("%s", (_name, secret) => {
  it("shows nothing of itself in any printed form", () => {
    const printed = [
      String(secret),
      `${secret}`,
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ nested: [secret] }, { showHidden: true, depth: 9 }),
      Object.values(secret).map(String).join(),
    ].join("\n");
    expect(printed).not.toMatch(RENDERING);
    expect(String(secret)).toMatch(/^\[secret /);
  });

  it("cannot be written as JSON, cloned, posted or serialised", () => {
    const refused = expect.objectContaining({ code: "crypto/secret_serialised" });
    expect(() => JSON.stringify({ secret })).toThrow(refused);
    expect(() => structuredClone(secret)).toThrow(/could not be cloned/);
    expect(() => structuredClone({ nested: [secret] })).toThrow(/could not be cloned/);
    expect(() => serialize(secret)).toThrow(/could not be cloned/);
    const { port1, port2 } = new MessageChannel();
    expect(() => port1.postMessage(secret)).toThrow(/could not be cloned/);
    port1.close();
    port2.close();
  });
});

describe("Secret", () => {
  it("keeps a copy, so that its maker can wipe the original", () => {
    const original = new Uint8Array(4).fill(7);
    const secret = new Secret(original, "copy");
    original.fill(0);
    expect([...secret.reveal()]).toEqual([7, 7, 7, 7]);
  });

  it("refuses to be used after it was wiped", () => {
    const secret = new Secret(new Uint8Array(4).fill(7), "wiped");
    const inside = secret.reveal();
    secret.wipe();
    expect([...inside]).toEqual([0, 0, 0, 0]);
    expect(() => secret.reveal()).toThrow(expect.objectContaining({ code: "crypto/secret_wiped" }));
  });
});
