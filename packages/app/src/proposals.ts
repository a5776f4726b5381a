/** Which transactions go into a block. */
import type { ConsensusParams, PrepareProposalRequest, TxDecoder } from "@tacit/sdk";

/**
 * The transactions in their order, until bytes or gas of a block are used up: first come, first
 * served. Those that do not parse are left out.
 */
export function prepareTxs(
  request: PrepareProposalRequest,
  params: ConsensusParams | undefined,
  decode: TxDecoder,
): readonly Uint8Array[] {
  const maxGas = params?.block.maxGas ?? -1n;
  const txs: Uint8Array[] = [];
  let bytes = 0n;
  let gas = 0n;
  for (const tx of request.txs) {
    bytes += BigInt(bytesInBlock(tx));
    if (request.maxTxBytes >= 0n && bytes > request.maxTxBytes) break;
    if (maxGas > 0n) {
      const wanted = gasWanted(tx, decode);
      if (wanted === undefined) continue;
      gas += wanted;
      if (gas > maxGas) break;
    }
    txs.push(tx);
  }
  return txs;
}

/** A transaction's bytes in the block's protobuf form: tag, length, content. */
function bytesInBlock(tx: Uint8Array): number {
  let bytes = tx.length + 2;
  for (let rest = tx.length; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

function gasWanted(tx: Uint8Array, decode: TxDecoder): bigint | undefined {
  try {
    return decode(tx).fee?.gasLimit ?? 0n;
  } catch {
    return undefined;
  }
}
