import { inspect } from "node:util";
import { Secret, sha256 } from "@tacit/crypto";
import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { NETWORK } from "../test/chain.ts";
import { createKeyRing } from "./keys/key-ring.ts";
import { LocalVault } from "./vault.ts";

const key = new Secret(new Uint8Array(32).fill(1), "sealing key");
const newVault = (sealingKey = key) => new LocalVault(sealingKey, () => new Uint8Array(32));
const hash = (number: number) => sha256(Uint8Array.of(number));
/** A block that the host only names. */
const named = (number: number) => ({
  height: BigInt(number),
  blockHash: hash(number),
  header: new Uint8Array(0),
  commit: new Uint8Array(0),
  validators: undefined,
});
const failed = (code: string) => expect.objectContaining({ code });

function ioKey(vault: LocalVault): string {
  return toHex(createKeyRing(vault.open().seeds).ioPublicKey);
}

describe("the vault", () => {
  it("draws new seeds for a new network, and finds them again in its sealed state", () => {
    const first = newVault();
    const sealed = first.start(NETWORK, undefined);
    const second = newVault();
    second.start(NETWORK, sealed);
    expect(ioKey(second)).toBe(ioKey(first));
    const [genesis, current] = first.open().seeds;
    expect(toHex(genesis!.reveal())).not.toBe(toHex(current!.reveal()));
    const other = newVault();
    other.start(NETWORK, undefined);
    expect(ioKey(other)).not.toBe(ioKey(first));
  });

  it("is of no use before it has started", () => {
    expect(() => newVault().open()).toThrow(failed("enclave/not_started"));
    expect(() => newVault().beginBlock(named(1))).toThrow(failed("enclave/not_started"));
  });

  it("opens nothing that was changed, cut, or sealed under another key", () => {
    const sealed = newVault().start(NETWORK, undefined);
    const bad = failed("enclave/bad_sealed_state");
    const otherKey = new Secret(new Uint8Array(32).fill(2), "another");
    expect(() => newVault(otherKey).start(NETWORK, sealed)).toThrow(bad);
    for (let at = 0; at < sealed.length; at += 7) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 0x80;
      expect(() => newVault().start(NETWORK, changed)).toThrow(bad);
      expect(() => newVault().start(NETWORK, sealed.subarray(0, at))).toThrow(bad);
    }
  });

  it("never lets a later block be followed by an earlier one, in this life or the next", () => {
    const vault = newVault();
    vault.start(NETWORK, undefined);
    vault.beginBlock(named(5));
    const sealed = vault.beginBlock(named(6));
    const again = newVault();
    again.start(NETWORK, sealed);
    for (const each of [vault, again]) {
      expect(() => each.beginBlock(named(5))).toThrow(failed("enclave/height_rewound"));
      expect(() => each.beginBlock({ ...named(6), blockHash: hash(7) })).toThrow(
        failed("enclave/other_block"),
      );
      each.beginBlock(named(6));
      expect(each.heights()).toEqual({ last: 6n, first: 5n });
    }
  });

  it("runs for one set of network parameters", () => {
    const vault = newVault();
    const sealed = vault.start(NETWORK, undefined);
    const changes = [
      { chainId: "x" },
      { bech32Prefix: "x" },
      { hardened: false },
      { padding: "none" as const },
      { contractDebug: true },
      { kvGas: { ...NETWORK.kvGas, hasCost: 1n } },
    ];
    for (const change of changes) {
      const network = { ...NETWORK, ...change };
      expect(() => vault.start(network, undefined)).toThrow(failed("enclave/started"));
      expect(() => newVault().start(network, sealed)).toThrow(failed("enclave/other_network"));
    }
  });

  it("shows no seed when printed", () => {
    const vault = newVault();
    vault.start(NETWORK, undefined);
    const seeds = vault.open().seeds.map((seed) => toHex(seed.reveal()));
    const printed = inspect(vault, { depth: 9, showHidden: true }) + JSON.stringify(vault);
    for (const seed of seeds) expect(printed).not.toContain(seed.slice(0, 16));
  });
});
