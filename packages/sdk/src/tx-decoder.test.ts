import { encodeMessage, ProtocolError } from "@tacit/encoding";
import { MsgSendResponseSchema, MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAddressCodec } from "./address-codec.ts";
import { SdkError } from "./errors.ts";
import { MessageRouter, messageRoute } from "./router.ts";
import { createTxDecoder } from "./tx-decoder.ts";
import { TypeRegistry } from "./types.ts";

const addresses = createAddressCodec("secret");
const from = addresses.toText(new Uint8Array(20).fill(1));
const to = addresses.toText(new Uint8Array(20).fill(2));
const payer = addresses.toText(new Uint8Array(20).fill(3));

function decoder() {
  const messages = new MessageRouter();
  messages.register(
    messageRoute({
      schema: MsgSendSchema,
      response: MsgSendResponseSchema,
      signers: ({ fromAddress }) => [addresses.toBytes(fromAddress)],
      handle: () => ({}),
    }),
  );
  const types = new TypeRegistry();
  types.register(PubKeySchema, MsgSendSchema);
  return createTxDecoder({ messages, types, addressToBytes: addresses.toBytes });
}

const decode = decoder();

interface Parts {
  readonly body?: Uint8Array;
  readonly authInfo?: Uint8Array;
  readonly feePayer?: string;
}

const body = encodeMessage(TxBodySchema, {
  messages: [
    {
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: encodeMessage(MsgSendSchema, {
        fromAddress: from,
        toAddress: to,
        amount: [{ denom: "uscrt", amount: "5" }],
      }),
    },
  ],
  memo: "hello",
  timeoutHeight: 1n << 40n,
});

function authInfo(feePayer = ""): Uint8Array {
  return encodeMessage(AuthInfoSchema, {
    signerInfos: [
      {
        publicKey: {
          typeUrl: "/cosmos.crypto.secp256k1.PubKey",
          value: encodeMessage(PubKeySchema, { key: new Uint8Array(33).fill(2) }),
        },
        modeInfo: { sum: { case: "single", value: { mode: 1 } } },
        sequence: 300n,
      },
    ],
    fee: { amount: [{ denom: "uscrt", amount: "2500" }], gasLimit: 200_000n, payer: feePayer },
  });
}

function txWith(parts: Parts = {}): Uint8Array {
  return encodeMessage(TxRawSchema, {
    bodyBytes: parts.body ?? body,
    authInfoBytes: parts.authInfo ?? authInfo(parts.feePayer),
    signatures: [new Uint8Array(64).fill(9)],
  });
}

const append = (bytes: Uint8Array, ...more: number[]) => Uint8Array.of(...bytes, ...more);

function codeOf(bytes: Uint8Array): string | undefined {
  try {
    decode(bytes);
    return undefined;
  } catch (error) {
    return (error as ProtocolError<{ readonly code: string }>).code;
  }
}

describe("decoding a transaction", () => {
  it("reads everything a signer signs", () => {
    const tx = decode(txWith());
    expect(tx.memo).toBe("hello");
    expect(tx.timeoutHeight).toBe(1n << 40n);
    expect(tx.fee).toEqual({
      amount: [{ denom: "uscrt", amount: 2500n }],
      gasLimit: 200_000n,
      payer: "",
      granter: "",
    });
    expect(tx.signerInfos[0]).toMatchObject({
      sequence: 300n,
      modeInfo: { kind: "single", mode: 1 },
    });
    expect(tx.signers).toEqual([addresses.toBytes(from)]);
    expect(tx.feePayer).toEqual(addresses.toBytes(from));
  });

  it("adds a named fee payer to the signers", () => {
    const tx = decode(txWith({ feePayer: payer }));
    expect(tx.signers).toEqual([from, payer].map(addresses.toBytes));
    expect(tx.feePayer).toEqual(addresses.toBytes(payer));
  });

  it("says who signs only when asked: a bad address does not make bytes undecodable", () => {
    const tx = decode(txWith({ feePayer: "nobody" }));
    expect(() => tx.signers).toThrow(ProtocolError);
  });

  it("refuses TxRaw whose fields are out of order or unknown", () => {
    const { bodyBytes, authInfoBytes } = decode(txWith());
    const swapped = encodeMessage(TxRawSchema, { authInfoBytes });
    const first = encodeMessage(TxRawSchema, { bodyBytes });
    expect(codeOf(append(swapped, ...first))).toBe("sdk/2");
    expect(codeOf(append(txWith(), 0x22, 0x00))).toBe("sdk/2");
  });

  it("refuses a length that could be shorter", () => {
    expect(codeOf(Uint8Array.of(0x0a, 0x80, 0x00))).toBe("sdk/2");
  });

  it("refuses unknown fields of body, auth info and messages", () => {
    expect(codeOf(txWith({ body: append(body, 0x22, 0x00) }))).toBe("sdk/2");
    expect(codeOf(txWith({ authInfo: append(authInfo(), 0x22, 0x00) }))).toBe("sdk/2");
  });

  it("lets a body have unknown fields that are not critical, and says so", () => {
    const field = 1024 + 5;
    const tag = [((field << 3) & 0x7f) | 0x80, (field << 3) >> 7];
    const tx = decode(txWith({ body: append(body, ...tag, 0x01) }));
    expect(tx.hasUnknownNonCritical).toBe(true);
  });

  it("refuses amounts that Go would read in another base", () => {
    for (const amount of ["0x10", "010", "1_0", "+5"]) {
      const info = encodeMessage(AuthInfoSchema, { fee: { amount: [{ denom: "uscrt", amount }] } });
      expect(codeOf(txWith({ authInfo: info }))).toBe("sdk/2");
    }
  });

  it("never throws anything untyped, whatever a transaction is turned into", () => {
    const valid = txWith();
    const change = fc.record({
      at: fc.nat(valid.length - 1),
      byte: fc.nat(255),
      kind: fc.constantFrom("replace", "insert", "remove", "cut"),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let bytes = [...valid];
        for (const { at, byte, kind } of changes) {
          if (kind === "replace") bytes[at] = byte;
          else if (kind === "insert") bytes.splice(at, 0, byte);
          else if (kind === "remove") bytes.splice(at, 1);
          else bytes = bytes.slice(0, at);
        }
        try {
          const tx = decode(Uint8Array.from(bytes));
          void tx.signers;
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it("never throws anything untyped on arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SdkError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
