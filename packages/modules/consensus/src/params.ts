/** Consensus parameters as values and as their protobuf message. */

import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ConsensusParamsSchema,
  ConsensusParams as WireParams,
} from "@tacit/encoding/proto/tendermint/types/params";
import type { ConsensusParams } from "@tacit/sdk";
import { invalidParams } from "./errors.ts";
import { BLOCK_BYTES_MAX, PUB_KEY_TYPES } from "./limits.ts";

const nsPerSecond = 1_000_000_000n;

/** Every part is written, even an empty one, as CometBFT hands them over. */
export function paramsToWire(
  params: ConsensusParams,
): MessageInitShape<typeof ConsensusParamsSchema> {
  const { block, evidence, validator, version, abci } = params;
  return {
    block: { maxBytes: block.maxBytes, maxGas: block.maxGas },
    evidence: {
      maxAgeNumBlocks: evidence.maxAgeNumBlocks,
      maxAgeDuration: {
        seconds: evidence.maxAgeDurationNs / nsPerSecond,
        nanos: Number(evidence.maxAgeDurationNs % nsPerSecond),
      },
      maxBytes: evidence.maxBytes,
    },
    validator: { pubKeyTypes: [...validator.pubKeyTypes] },
    version: { app: version.app },
    abci: { voteExtensionsEnableHeight: abci.voteExtensionsEnableHeight },
  };
}

/** Absent parts read as empty ones. */
export function paramsFromWire(wire: WireParams): ConsensusParams {
  const age = wire.evidence?.maxAgeDuration;
  return {
    block: { maxBytes: wire.block?.maxBytes ?? 0n, maxGas: wire.block?.maxGas ?? 0n },
    evidence: {
      maxAgeNumBlocks: wire.evidence?.maxAgeNumBlocks ?? 0n,
      maxAgeDurationNs: (age?.seconds ?? 0n) * nsPerSecond + BigInt(age?.nanos ?? 0),
      maxBytes: wire.evidence?.maxBytes ?? 0n,
    },
    validator: { pubKeyTypes: wire.validator?.pubKeyTypes ?? [] },
    version: { app: wire.version?.app ?? 0n },
    abci: { voteExtensionsEnableHeight: wire.abci?.voteExtensionsEnableHeight ?? 0n },
  };
}

/** @throws {PlainError} with CometBFT's sentence for the first value out of bounds. */
export function validateParams(params: ConsensusParams): void {
  const { block, validator, abci } = params;
  if (block.maxBytes === 0n) throw invalidParams("block.MaxBytes cannot be 0");
  if (block.maxBytes < -1n) {
    throw invalidParams(`block.MaxBytes must be -1 or greater than 0. Got ${block.maxBytes}`);
  }
  if (block.maxBytes > BLOCK_BYTES_MAX) {
    throw invalidParams(`block.MaxBytes is too big. ${block.maxBytes} > ${BLOCK_BYTES_MAX}`);
  }
  if (block.maxGas < -1n) {
    throw invalidParams(`block.MaxGas must be greater or equal to -1. Got ${block.maxGas}`);
  }
  validateEvidence(params);
  if (abci.voteExtensionsEnableHeight < 0n) {
    throw invalidParams(
      `ABCI.VoteExtensionsEnableHeight cannot be negative. Got: ${abci.voteExtensionsEnableHeight}`,
    );
  }
  if (validator.pubKeyTypes.length === 0) {
    throw invalidParams("len(Validator.PubKeyTypes) must be greater than 0");
  }
  for (const [index, type] of validator.pubKeyTypes.entries()) {
    if (PUB_KEY_TYPES.has(type)) continue;
    throw invalidParams(
      `params.Validator.PubKeyTypes[${index}], ${type}, is an unknown pubkey type`,
    );
  }
}

function validateEvidence({ block, evidence }: ConsensusParams): void {
  if (evidence.maxAgeNumBlocks <= 0n) {
    throw invalidParams(
      `evidence.MaxAgeNumBlocks must be greater than 0. Got ${evidence.maxAgeNumBlocks}`,
    );
  }
  if (evidence.maxAgeDurationNs <= 0n) {
    throw invalidParams(
      `evidence.MaxAgeDuration must be grater than 0 if provided, Got ${evidence.maxAgeDurationNs}ns`,
    );
  }
  const bytesMax = block.maxBytes === -1n ? BLOCK_BYTES_MAX : block.maxBytes;
  if (evidence.maxBytes > bytesMax) {
    throw invalidParams(
      `evidence.MaxBytesEvidence is greater than upper bound, ${evidence.maxBytes} > ${bytesMax}`,
    );
  }
  if (evidence.maxBytes < 0n) {
    throw invalidParams(`evidence.MaxBytes must be non negative. Got: ${evidence.maxBytes}`);
  }
}
