/** Running a transaction to learn its gas and result; nothing of it stays. */
import { decodeMessage, encodeMessage, toClientJson } from "@tacit/encoding";
import {
  type GasInfo,
  type Result,
  SimulationResponseSchema,
} from "@tacit/encoding/proto/cosmos/base/abci/v1beta1/abci";
import {
  SimulateRequestSchema,
  SimulateResponseSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { TxSchema } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import {
  encodeTxMsgData,
  errorToAbci,
  grpcError,
  isFatal,
  PlainError,
  type TxOutcome,
  type TypeResolver,
  utf8Bytes,
} from "@tacit/sdk";

/** Runs TxRaw bytes on a branch of committed state. */
export type Simulate = (tx: Uint8Array) => TxOutcome;

/** `cosmos.tx.v1beta1.Service/Simulate`. @throws {GrpcError} */
export function simulateMethod(request: Uint8Array, simulate: Simulate): Uint8Array {
  const { tx, txBytes } = decodeMessage(SimulateRequestSchema, request);
  const bytes = txBytes.length === 0 && tx !== undefined ? encodeMessage(TxSchema, tx) : txBytes;
  if (bytes.length === 0) throw grpcError.invalidArgument("empty txBytes is not allowed");
  const outcome = simulate(bytes);
  if (outcome.error !== undefined) {
    if (isFatal(outcome.error)) throw outcome.error;
    const { log } = errorToAbci(outcome.error);
    throw grpcError.unknown(`${log} with gas used: '${outcome.gasUsed}'`);
  }
  return encodeMessage(SimulateResponseSchema, answerOf(outcome));
}

/** `/app/simulate`: the same as JSON. @throws whatever the transaction failed with. */
export function simulateJson(tx: Uint8Array, simulate: Simulate, types: TypeResolver): Uint8Array {
  const outcome = simulate(tx);
  if (outcome.error !== undefined) {
    throw new PlainError(`failed to simulate tx: ${errorToAbci(outcome.error).log}`);
  }
  const message = {
    $typeName: "cosmos.base.abci.v1beta1.SimulationResponse" as const,
    ...answerOf(outcome),
  };
  return utf8Bytes(JSON.stringify(toClientJson(SimulationResponseSchema, message, types)));
}

function answerOf(outcome: TxOutcome): { readonly gasInfo: GasInfo; readonly result: Result } {
  return {
    gasInfo: {
      $typeName: "cosmos.base.abci.v1beta1.GasInfo",
      gasWanted: outcome.gasWanted,
      gasUsed: outcome.gasUsed,
    },
    result: {
      $typeName: "cosmos.base.abci.v1beta1.Result",
      data: encodeTxMsgData(outcome.responses),
      log: "",
      events: outcome.events.map(({ type, attributes }) => ({
        $typeName: "tendermint.abci.Event",
        type,
        attributes: attributes.map(({ key, value }) => ({
          $typeName: "tendermint.abci.EventAttribute",
          key,
          value,
          index: false,
        })),
      })),
      msgResponses: outcome.responses.map((response) => ({
        $typeName: "google.protobuf.Any",
        ...response,
      })),
    },
  };
}
