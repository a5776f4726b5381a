/** Blocks as protobuf messages, in CometBFT's form and in the SDK's. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { consensusAddress, decodeMessage } from "@tacit/encoding";
import type { BlockSchema as SdkBlockSchema } from "@tacit/encoding/proto/cosmos/base/tendermint/v1beta1/types";
import type { BlockSchema } from "@tacit/encoding/proto/tendermint/types/block";
import { EvidenceSchema } from "@tacit/encoding/proto/tendermint/types/evidence";
import type {
  BlockIDSchema,
  CommitSchema,
  HeaderSchema,
} from "@tacit/encoding/proto/tendermint/types/types";
import type { Block, BlockId, Commit, Header } from "@tacit/light";

export function blockIdInit(id: BlockId): MessageInitShape<typeof BlockIDSchema> {
  return {
    hash: id.hash,
    partSetHeader: { total: id.parts.total, hash: id.parts.hash },
  };
}

const timeInit = (time: Header["time"]) => ({ seconds: time.seconds, nanos: time.nanos });

/** What both forms of a header share. */
function headerFields(header: Header) {
  return {
    version: { block: header.version.block, app: header.version.app },
    chainId: header.chainId,
    height: header.height,
    time: timeInit(header.time),
    lastBlockId: blockIdInit(header.lastBlockId),
    lastCommitHash: header.lastCommitHash,
    dataHash: header.dataHash,
    validatorsHash: header.validatorsHash,
    nextValidatorsHash: header.nextValidatorsHash,
    consensusHash: header.consensusHash,
    appHash: header.appHash,
    lastResultsHash: header.lastResultsHash,
    evidenceHash: header.evidenceHash,
  };
}

export function headerInit(header: Header): MessageInitShape<typeof HeaderSchema> {
  return { ...headerFields(header), proposerAddress: header.proposerAddress };
}

export function commitInit(commit: Commit): MessageInitShape<typeof CommitSchema> {
  return {
    height: commit.height,
    round: commit.round,
    blockId: blockIdInit(commit.blockId),
    signatures: commit.signatures.map((signature) => ({
      blockIdFlag: signature.blockIdFlag,
      validatorAddress: signature.validatorAddress,
      timestamp: timeInit(signature.timestamp),
      signature: signature.signature,
    })),
  };
}

function bodyFields(block: Block) {
  return {
    data: { txs: [...block.txs] },
    evidence: { evidence: block.evidence.map((bytes) => decodeMessage(EvidenceSchema, bytes)) },
    lastCommit: commitInit(block.lastCommit),
  };
}

export function blockInit(block: Block): MessageInitShape<typeof BlockSchema> {
  return { header: headerInit(block.header), ...bodyFields(block) };
}

/** The same with the proposer as bech32. */
export function sdkBlockInit(block: Block): MessageInitShape<typeof SdkBlockSchema> {
  const { proposerAddress } = block.header;
  return {
    header: {
      ...headerFields(block.header),
      proposerAddress: proposerAddress.length === 0 ? "" : consensusAddress(proposerAddress),
    },
    ...bodyFields(block),
  };
}
