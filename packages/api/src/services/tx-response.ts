/** Transactions and their results as `cosmos.base.abci.v1beta1.TxResponse`. */

import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampText, toHex } from "@tacit/encoding";
import type { TxResponseSchema } from "@tacit/encoding/proto/cosmos/base/abci/v1beta1/abci";
import type { AbciEvent, CheckTxResponse } from "@tacit/sdk";
import type { ChainData, IndexedTx } from "../chain-data.ts";

export type TxResponseInit = MessageInitShape<typeof TxResponseSchema>;

export const upperHex = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

export function eventsInit(events: readonly AbciEvent[]) {
  return events.map((event) => ({
    type: event.type,
    attributes: event.attributes.map(({ key, value, index }) => ({ key, value, index })),
  }));
}

/** A transaction that is in a block. */
export function txResponse(tx: IndexedTx, chain: Pick<ChainData, "block">): TxResponseInit {
  const { result } = tx;
  const time = chain.block(tx.height)?.block.header.time;
  return {
    height: tx.height,
    txhash: upperHex(tx.hash),
    codespace: result.codespace,
    code: result.code,
    data: upperHex(result.data),
    // On success the log is empty since SDK 0.50; clients rely on it.
    rawLog: result.log,
    info: result.info,
    gasWanted: result.gasWanted,
    gasUsed: result.gasUsed,
    // TxRaw and Tx differ in type only: the bytes of one are the bytes of the other.
    tx: { typeUrl: "/cosmos.tx.v1beta1.Tx", value: tx.tx },
    timestamp: time === undefined ? "" : timestampText({ seconds: time.seconds, nanos: 0 }),
    events: eventsInit(result.events),
  };
}

/** What the mempool said of a transaction. */
export function checkResponse(hash: Uint8Array, check: CheckTxResponse): TxResponseInit {
  return {
    txhash: upperHex(hash),
    codespace: check.codespace,
    code: check.code,
    data: upperHex(check.data),
    rawLog: check.log,
  };
}
