/** Amino transactions against what the Cosmos SDK's own codec made of them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EncodingError, fromHex, toHex } from "@tacit/encoding";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aminoPrefix } from "../src/amino/names.ts";
import { decodeStdTx, encodeStdTx } from "../src/amino/std-tx.ts";
import { createNetworkTypes } from "../src/services/network.ts";

interface Vector {
  readonly name: string;
  readonly json: unknown;
  readonly binary: string;
}

const file = join(import.meta.dirname, "../../../vectors/amino-std-tx/std-tx.json");
const vectors = JSON.parse(readFileSync(file, "utf8")) as readonly Vector[];
const types = createNetworkTypes();

it("prefixes are those that every amino codec computes", () => {
  expect(toHex(aminoPrefix("tendermint/PubKeySecp256k1"))).toBe("eb5ae987");
  expect(toHex(aminoPrefix("tendermint/PubKeyMultisigThreshold"))).toBe("22c1f7e2");
});

describe.each(vectors)("$name", ({ json, binary }) => {
  it("is encoded byte for byte", () => {
    expect(toHex(encodeStdTx(JSON.stringify(json), types))).toBe(binary);
  });

  it("is decoded to the same JSON, and back to the same bytes", () => {
    const decoded = decodeStdTx(fromHex(binary), types);
    expect(JSON.parse(decoded)).toEqual(json);
    expect(toHex(encodeStdTx(decoded, types))).toBe(binary);
  });
});

describe("wrong input", () => {
  const bytes = vectors.map(({ binary }) => fromHex(binary));
  const typed = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
    }
  };

  it("is refused with a typed error, whatever the bytes", () => {
    const changed = fc
      .record({ base: fc.constantFrom(...bytes), at: fc.nat(), byte: fc.nat(255), end: fc.nat() })
      .map(({ base, at, byte, end }) => {
        const copy = Uint8Array.from(base);
        copy[at % copy.length] = byte;
        return end % 3 === 0 ? copy.subarray(0, end % copy.length) : copy;
      });
    fc.assert(
      fc.property(changed, (input) => typed(() => decodeStdTx(input, types))),
      { numRuns: 3_000 },
    );
  });

  it("is refused with a typed error, whatever the JSON", () => {
    const place = fc.constantFrom("msg", "fee", "signatures", "memo", "timeout_height");
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom({ type: "cosmos-sdk/MsgSend" }, [{}]));
    fc.assert(
      fc.property(place, value, (name, wrong) => {
        const tx = { type: "cosmos-sdk/StdTx", value: { [name]: wrong } };
        typed(() => encodeStdTx(JSON.stringify(tx), types));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["{", "encoding/json"],
    ['{"type":"cosmos-sdk/Other","value":{}}', "encoding/unrepresentable"],
    ['{"type":"cosmos-sdk/StdTx","value":{"msg":[{"type":"no/Such"}]}}', "encoding/json"],
    ['{"type":"cosmos-sdk/StdTx","value":{"fee":{"gas":"-1"}}}', "encoding/json"],
  ])("%s has the code %s", (json, code) => {
    expect(() => encodeStdTx(json, types)).toThrow(expect.objectContaining({ code }));
  });

  it("of executions in executions ends", () => {
    let message: unknown = { type: "cosmos-sdk/MsgExec", value: { grantee: "a", msgs: [] } };
    for (let depth = 0; depth < 200; depth++) {
      message = { type: "cosmos-sdk/MsgExec", value: { grantee: "a", msgs: [message] } };
    }
    const tx = JSON.stringify({ type: "cosmos-sdk/StdTx", value: { msg: [message] } });
    expect(() => encodeStdTx(tx, types)).toThrow(EncodingError);
  });
});
