import { encodeMessage } from "@tacit/encoding";
import {
  MsgExecuteContractResponseSchema,
  MsgUpdateAdminResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { utf8Bytes, utf8Text } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeReplyEnvelope, encodeReplyEnvelope } from "./reply-envelope.ts";

const respond = (data: Uint8Array) => ({
  typeUrl: "/secret.compute.v1beta1.MsgExecuteContractResponse",
  value: encodeMessage(MsgExecuteContractResponseSchema, { data }),
});
const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });

describe("the envelope of an answer that somebody waits for", () => {
  it("comes back out of the response it went into", () => {
    fc.assert(
      fc.property(bytes, bytes, fc.option(bytes, { nil: undefined }), (a, b, data) => {
        const envelope = { proof: { enclaveSignature: a, messageId: b }, data };
        expect(decodeReplyEnvelope(respond(encodeReplyEnvelope(envelope)))).toEqual(envelope);
      }),
    );
  });

  it("is the JSON that the network puts there", () => {
    const proof = { enclaveSignature: Uint8Array.of(1), messageId: Uint8Array.of(2) };
    expect(utf8Text(encodeReplyEnvelope({ proof, data: Uint8Array.of(3) }))).toBe(
      '{"internal_reply_enclave_sig":"AQ==","internal_msg_id":"Ag==","data":"Aw=="}',
    );
  });

  it("is missed where a callee made none", () => {
    const missing = expect.objectContaining({ code: "undefined/1" });
    expect(() => decodeReplyEnvelope(undefined)).toThrow(missing);
    expect(() => decodeReplyEnvelope(respond(utf8Bytes("plain")))).toThrow(missing);
    expect(() => decodeReplyEnvelope(respond(utf8Bytes('{"internal_msg_id":"Ag=="}')))).toThrow(
      missing,
    );
    const admin = {
      typeUrl: "/secret.compute.v1beta1.MsgUpdateAdminResponse",
      value: encodeMessage(MsgUpdateAdminResponseSchema, {}),
    };
    expect(() => decodeReplyEnvelope(admin)).toThrow(missing);
  });
});
