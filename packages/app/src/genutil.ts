/** Transactions in genesis: they make the first validators before the first block. */
import { encodeMessage, fromClientJson } from "@tacit/encoding";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
  TxSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import {
  type Context,
  type JsonValue,
  type Module,
  PlainError,
  type TxOutcome,
  type TypeResolver,
  type ValidatorUpdate,
} from "@tacit/sdk";

export interface GenutilCollaborators {
  readonly types: TypeResolver;
  /** Runs a transaction on genesis state. */
  deliver(context: Context, tx: Uint8Array): TxOutcome;
  /** Bonds who may be bonded, once the transactions ran. */
  validators(context: Context): readonly ValidatorUpdate[];
}

export function createGenutilModule(collaborators: GenutilCollaborators): Module {
  return {
    name: "genutil",
    defaultGenesis: () => ({ gen_txs: [] }),
    initGenesis: (context, state) => {
      const txs = genesisTxs(state);
      if (txs.length === 0) return undefined;
      for (const tx of txs) deliver(context, tx, collaborators);
      return collaborators.validators(context);
    },
    exportGenesis: () => ({ gen_txs: [] }),
  };
}

function genesisTxs(state: JsonValue): readonly JsonValue[] {
  const txs = (state as { readonly gen_txs?: JsonValue } | null)?.gen_txs ?? [];
  if (!Array.isArray(txs)) throw new PlainError("genutil genesis: gen_txs is not a list");
  return txs;
}

function deliver(
  context: Context,
  json: JsonValue,
  { types, ...collaborators }: GenutilCollaborators,
) {
  const outcome = collaborators.deliver(context, encodeTx(json, types));
  if (outcome.error === undefined) return;
  const { message } = outcome.error as Error;
  throw new PlainError(`genesis transaction failed: ${message}`, { cause: outcome.error });
}

/** A transaction in the JSON of clients as TxRaw bytes. @throws {EncodingError}, {PlainError}. */
export function encodeTx(json: JsonValue, types: TypeResolver): Uint8Array {
  const { body, authInfo, signatures } = fromClientJson(TxSchema, json, { types });
  if (body === undefined || authInfo === undefined) {
    throw new PlainError("genesis transaction without body or auth info");
  }
  return encodeMessage(TxRawSchema, {
    bodyBytes: encodeMessage(TxBodySchema, body),
    authInfoBytes: encodeMessage(AuthInfoSchema, authInfo),
    signatures,
  });
}
