/** Gas of records that Secret's keeper reads and writes where this one does not, on its table of prices. */
import { describe, expect, it } from "vitest";
import {
  chargeAdminProof,
  chargeContractKeyRead,
  chargeContractKeyWrite,
  chargeRandom,
} from "../src/gas.ts";
import { contractKeyRecordKey, privateStoreName } from "../src/keys.ts";
import { setUp } from "./harness.ts";

const chain = setUp();
const contract = new Uint8Array(20).fill(7);

function gasOf(charge: (context: ReturnType<typeof chain.context>) => void): bigint {
  const context = chain.context();
  const before = context.gasMeter.consumed;
  charge(context);
  return context.gasMeter.consumed - before;
}

function keepKeys(bytes: number): void {
  chain
    .context()
    .freeKvStore(privateStoreName)
    .set(contractKeyRecordKey(contract), new Uint8Array(bytes));
}

describe("gas before a call of a contract", () => {
  it("counts the block's random: 100 and a byte each of 9 and 32", () => {
    expect(gasOf(chargeRandom)).toBe(141n);
  });

  it("counts the contract's key as the network stores it, before and after a migration", () => {
    keepKeys(132);
    expect(gasOf((context) => chargeContractKeyRead(context, contract))).toBe(100n + 21n + 66n);
    keepKeys(166);
    expect(gasOf((context) => chargeContractKeyRead(context, contract))).toBe(100n + 21n + 166n);
  });

  it("counts writing it: 200 and five for each byte", () => {
    const written = (kind: "instantiate" | "migrate") =>
      gasOf((context) => chargeContractKeyWrite(context, kind));
    expect(written("instantiate")).toBe(200n + 5n * (21n + 66n));
    expect(written("migrate")).toBe(200n + 5n * (21n + 166n));
  });

  it("counts the proof of the admin in the contract's record", () => {
    expect(gasOf((context) => chargeAdminProof(context, "read"))).toBe(34n);
    expect(gasOf((context) => chargeAdminProof(context, "write"))).toBe(170n);
  });
});
