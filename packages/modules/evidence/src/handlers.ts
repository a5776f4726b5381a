/** Handler of MsgSubmitEvidence. */

import { sha256 } from "@tacit/crypto";
import { decodeMessage } from "@tacit/encoding";
import {
  type Equivocation,
  EquivocationSchema,
} from "@tacit/encoding/proto/cosmos/evidence/v1beta1/evidence";
import {
  type MsgSubmitEvidence,
  MsgSubmitEvidenceResponseSchema,
  MsgSubmitEvidenceSchema,
} from "@tacit/encoding/proto/cosmos/evidence/v1beta1/tx";
import {
  type AddressCodec,
  type Context,
  type MessageRouter,
  messageRoute,
  PanicError,
  sdkErrors,
} from "@tacit/sdk";
import { evidenceErrors } from "./errors.ts";
import { getEvidence } from "./store.ts";

export function registerMessages(messages: MessageRouter, addresses: AddressCodec): void {
  messages.register(
    messageRoute({
      schema: MsgSubmitEvidenceSchema,
      response: MsgSubmitEvidenceResponseSchema,
      signers: (message) => [addresses.toBytes(message.submitter)],
      handle: (context, message) => submit(addresses, context, message),
    }),
  );
}

/** Ends in a refusal always: there is no handler for any kind of evidence. */
function submit(addresses: AddressCodec, context: Context, message: MsgSubmitEvidence): never {
  try {
    addresses.toBytes(message.submitter);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid submitter address: ${(error as Error).message}`);
  }
  const { evidence } = message;
  if (evidence === undefined || evidence.typeUrl !== `/${EquivocationSchema.typeName}`) {
    throw evidenceErrors.invalidEvidence.wrap("missing evidence");
  }
  assertEquivocation(decodeMessage(EquivocationSchema, evidence.value));
  const hash = sha256(evidence.value);
  if (getEvidence(context, hash) !== undefined) {
    const text = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    throw evidenceErrors.exists.wrap(text.toUpperCase());
  }
  throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
}

/** @throws {SdkError} `evidence/3` */
function assertEquivocation(equivocation: Equivocation): void {
  const { time, height, power, consensusAddress } = equivocation;
  const fail = (text: string) =>
    evidenceErrors.invalidEvidence.wrap(`failed basic validation: ${text}`);
  if ((time?.seconds ?? 0n) <= 0n) throw fail("invalid equivocation time");
  if (height < 1n) throw fail(`invalid equivocation height: ${height}`);
  if (power < 1n) throw fail(`invalid equivocation validator power: ${power}`);
  if (consensusAddress === "") {
    throw fail(`invalid equivocation validator consensus address: ${consensusAddress}`);
  }
}
