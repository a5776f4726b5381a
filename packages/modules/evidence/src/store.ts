/** Evidence that was acted upon. */
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { sha256 } from "@tacit/crypto";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type Equivocation,
  EquivocationSchema,
} from "@tacit/encoding/proto/cosmos/evidence/v1beta1/evidence";
import type { Context } from "@tacit/sdk";
import { evidenceKey, evidenceRange, evidenceStoreName } from "./keys.ts";

export function setEquivocation(context: Context, equivocation: Equivocation): void {
  const value = encodeMessage(EquivocationSchema, equivocation);
  setEvidence(context, { typeUrl: `/${EquivocationSchema.typeName}`, value });
}

export function setEvidence(
  context: Context,
  evidence: { readonly typeUrl: string; readonly value: Uint8Array },
): void {
  const key = evidenceKey(sha256(evidence.value));
  context.kvStore(evidenceStoreName).set(key, encodeMessage(AnySchema, evidence));
}

export function getEvidence(context: Context, hash: Uint8Array): Any | undefined {
  const bytes = context.kvStore(evidenceStoreName).get(evidenceKey(hash));
  return bytes === undefined ? undefined : decodeMessage(AnySchema, bytes);
}

/** By ascending hash. */
export function allEvidence(context: Context): readonly Any[] {
  const pairs = context.kvStore(evidenceStoreName).iterator(...evidenceRange);
  return Array.from(pairs, ([, value]) => decodeMessage(AnySchema, value));
}
