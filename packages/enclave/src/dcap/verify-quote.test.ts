import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Attestation,
  makeAttestation,
  PCK_SERIAL,
  QUOTE_TIME_SECONDS,
} from "../../test/quotes.ts";
import { contractCryptoAt } from "../contract-crypto.ts";
import { QUOTE_STATUS, verifyQuote } from "./verify-quote.ts";

const refused = { error: 1 };
let good: Attestation;

beforeAll(async () => {
  good = await makeAttestation();
});

const verify = ({ quote, collateral, rootCa }: Attestation, seconds: number = QUOTE_TIME_SECONDS) =>
  verifyQuote(quote, collateral, seconds, rootCa);

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

describe("an attestation quote", () => {
  it("is good when root, platform, quoting enclave and collateral agree", () => {
    expect(verify(good)).toEqual({ ok: QUOTE_STATUS.ok });
  });

  it("is good with another number where the code must harden itself", async () => {
    const attestation = await makeAttestation({ tcbStatus: "SWHardeningNeeded" });
    expect(verify(attestation)).toEqual({ ok: 0xa007 });
  });

  it("is refused for platforms that need more than that", async () => {
    for (const tcbStatus of ["ConfigurationNeeded", "OutOfDate", "Revoked", "Unheard"]) {
      expect(verify(await makeAttestation({ tcbStatus }))).toEqual(refused);
    }
  });

  it("is judged at the time it is asked for: neither before nor after its collateral's", () => {
    const month = 31 * 86_400;
    expect(verify(good, QUOTE_TIME_SECONDS - month)).toEqual(refused);
    expect(verify(good, QUOTE_TIME_SECONDS + month)).toEqual(refused);
    expect(verify(good, QUOTE_TIME_SECONDS + 86_400)).toEqual({ ok: 0 });
  });

  it("is refused under Intel's root, which does not know this authority", () => {
    const seconds = BigInt(QUOTE_TIME_SECONDS) * 1_000_000_000n;
    const { dcapQuoteVerify } = contractCryptoAt(seconds);
    expect(dcapQuoteVerify!(good.quote, good.collateral)).toEqual(refused);
  });

  it("is refused with any byte of header or report changed", () => {
    for (const at of [0, 4, 40, 48, 112, 240, 368, 431]) {
      expect(verify({ ...good, quote: changed(good.quote, at) })).toEqual(refused);
    }
  });

  it("is refused with the quote, collateral or root of another", async () => {
    const other = await makeAttestation();
    expect(verify({ ...good, quote: other.quote })).toEqual(refused);
    expect(verify({ ...good, collateral: other.collateral })).toEqual(refused);
    expect(verify({ ...good, rootCa: other.rootCa })).toEqual(refused);
  });
});

describe("revocation", () => {
  it("of the platform's certificate refuses its quotes", async () => {
    expect(verify(await makeAttestation({ revoked: [PCK_SERIAL] }))).toEqual(refused);
    expect(verify(await makeAttestation({ revoked: ["01"] }))).toEqual({ ok: 0 });
  });

  it("cannot be avoided with a list of one's own, an old one or none", async () => {
    expect(verify(await makeAttestation({ forgesCrl: true }))).toEqual(refused);
    const crlUntil = new Date((QUOTE_TIME_SECONDS - 3_600) * 1000);
    expect(verify(await makeAttestation({ crlUntil }))).toEqual(refused);
    const cut = Buffer.from(good.collateral);
    const sizes = Array.from({ length: 7 }, (_, index) => cut.readUInt32LE(4 + 4 * index));
    const crlAt = 32 + sizes[0]! + sizes[1]!;
    cut.writeUInt32LE(0, 12);
    const without = Buffer.concat([cut.subarray(0, crlAt), cut.subarray(crlAt + sizes[2]!)]);
    expect(verify({ ...good, collateral: without })).toEqual(refused);
  });
});

describe("bytes that are no quote or no collateral", () => {
  it("are refused, cut off anywhere", () => {
    const cuts = fc.integer({ min: 0, max: good.collateral.length - 1 });
    fc.assert(
      fc.property(cuts, (end) => {
        const collateral = good.collateral.subarray(0, end);
        expect(verify({ ...good, collateral })).toEqual(refused);
      }),
      { numRuns: 40 },
    );
    for (const end of [0, 1, 48, 431, 432, 436, 600, 1_100]) {
      expect(verify({ ...good, quote: good.quote.subarray(0, end) })).toEqual(refused);
    }
  });

  it("are refused or as good as before with any byte changed, and never throw", () => {
    const places = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(places, fc.boolean(), (place, inQuote) => {
        const part = inQuote ? good.quote : good.collateral;
        const bytes = changed(part, place % part.length);
        const attestation = inQuote ? { ...good, quote: bytes } : { ...good, collateral: bytes };
        expect([{ ok: 0 }, refused]).toContainEqual(verify(attestation));
      }),
      { numRuns: 60 },
    );
  });

  it("are refused when they nest deeper than any parser goes", () => {
    const json = Buffer.from(`{"tcbInfo":${"[".repeat(100_000)}${"]".repeat(100_000)}}`);
    const header = Buffer.alloc(32);
    header.writeUInt32LE(json.length, 20);
    const collateral = Buffer.concat([header, json]);
    expect(verify({ ...good, collateral })).toEqual(refused);
  });
});
