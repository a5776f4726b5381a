import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANSWERS,
  HOST_ANSWERS,
  HOST_REQUESTS,
  NOTICES,
  REQUESTS,
  TX_NOTICE,
} from "../test/samples.ts";
import type { Codec } from "./codec.ts";
import { ChannelError } from "./errors.ts";
import { decodeFrame, decodePayload, encodeFrame } from "./frames.ts";
import { BYTES_MAX, LIST_ENTRIES_MAX } from "./limits.ts";
import { enclaveAnswer, enclaveCall, hostAnswer, hostRequest, txNotice } from "./messages.ts";

const CALLS = REQUESTS.map((request) => ({ notices: NOTICES, request }));
const SAMPLES: readonly (readonly [string, Codec<never>, readonly unknown[]])[] = [
  ["calls", enclaveCall as unknown as Codec<never>, CALLS],
  ["answers", enclaveAnswer as unknown as Codec<never>, ANSWERS],
  ["host requests", hostRequest as unknown as Codec<never>, HOST_REQUESTS],
  ["announcements", txNotice as unknown as Codec<never>, [TX_NOTICE]],
  ["host answers", hostAnswer as unknown as Codec<never>, HOST_ANSWERS],
];

const writing = ANSWERS.find(({ kind }) => kind === "call");

function payload(codec: Codec<never>, value: unknown): Uint8Array {
  return Uint8Array.from(decodeFrame(encodeFrame("call", codec, value as never)).payload);
}

it("what is kept of a frame does not keep the frame", () => {
  const key = new Uint8Array(100).fill(1);
  const value = new Uint8Array(100).fill(2);
  const answer = { ...writing, writes: [{ key, value }] };
  const bytes = payload(enclaveAnswer as unknown as Codec<never>, answer);
  const decoded = decodePayload(enclaveAnswer, bytes);
  const [write] = decoded.kind === "call" ? decoded.writes : [];
  expect(write).toEqual({ key, value });
  expect(write?.value?.buffer).not.toBe(bytes.buffer);
  expect(write?.key.buffer).toBe(bytes.buffer);
});

describe.each(SAMPLES)("the encoding of %s", (_name, codec, values) => {
  it("is the inverse of decoding, for every kind", () => {
    for (const value of values) expect(decodePayload(codec, payload(codec, value))).toEqual(value);
  });

  it("has one form for each value: whatever decodes encodes to the same bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...values),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
        (value, edits) => {
          const bytes = payload(codec, value);
          for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
          const decoded = decodeOrReject(codec, bytes);
          if (decoded !== undefined) {
            expect(Buffer.from(payload(codec, decoded)).equals(bytes)).toBe(true);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("refuses every truncation and every byte too many, by code", () => {
    for (const value of values) {
      const bytes = payload(codec, value);
      for (let length = 0; length < bytes.length; length++) {
        expect(decodeOrReject(codec, bytes.subarray(0, length))).toBeUndefined();
      }
      expect(decodeOrReject(codec, Uint8Array.of(...bytes, 0))).toBeUndefined();
    }
  });

  it("never throws anything untyped for arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeOrReject(codec, bytes);
      }),
    );
  });
});

/** Undefined for a typed refusal; every other error fails the test. */
function decodeOrReject(codec: Codec<never>, bytes: Uint8Array): unknown {
  try {
    return decodePayload(codec, bytes);
  } catch (error) {
    if (error instanceof ChannelError) return undefined;
    throw error;
  }
}

describe("bounds", () => {
  const tooLarge = expect.objectContaining({ code: "channel/too_large" });

  it("hold for what we send", () => {
    const code = new Uint8Array(BYTES_MAX + 1);
    const send = (request: (typeof REQUESTS)[number]) =>
      encodeFrame("call", enclaveCall, { notices: [], request });
    expect(() => send({ kind: "check_code", code })).toThrow(tooLarge);
    const notices = new Array(LIST_ENTRIES_MAX + 1).fill({ kind: "branch" });
    expect(() => encodeFrame("call", enclaveCall, { notices, request: { kind: "info" } })).toThrow(
      tooLarge,
    );
  });

  it("hold for announced lengths, before anything is allocated", () => {
    const announced = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
    expect(() => decodePayload(enclaveCall, announced)).toThrow(tooLarge);
    expect(() => decodeFrame(Uint8Array.of(...announced, 1))).toThrow(tooLarge);
  });
});
