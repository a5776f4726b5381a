/** Hashes of results and parameters that headers carry (CometBFT v0.38). */
import { idToBytes, sha256Id } from "./ids.ts";
import { merkleLeaf, merkleRoot } from "./merkle.ts";
import { ProtoWriter } from "./protobuf.ts";

/** The fields of ExecTxResult that every node computes alike. */
export interface DeterministicResult {
  readonly code: number;
  readonly data: Uint8Array;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
}

/** RFC 6962 root over code, data, gas wanted and gas used of each result; 32 bytes. */
export function resultsHash(results: readonly DeterministicResult[]): Uint8Array {
  return idToBytes(merkleRoot(results.map((result) => merkleLeaf(encodeResult(result)))));
}

/** sha256 of HashedParams{block_max_bytes, block_max_gas}; 32 bytes. */
export function consensusParamsHash(block: {
  readonly maxBytes: bigint;
  readonly maxGas: bigint;
}): Uint8Array {
  const hashed = new ProtoWriter(32).int(1, block.maxBytes).int(2, block.maxGas).finish();
  return idToBytes(sha256Id(hashed));
}

function encodeResult({ code, data, gasWanted, gasUsed }: DeterministicResult): Uint8Array {
  return new ProtoWriter(32 + data.length)
    .uint(1, code)
    .bytes(2, data)
    .int(5, gasWanted)
    .int(6, gasUsed)
    .finish();
}
