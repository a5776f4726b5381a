/** `cosmos.base.tendermint.v1beta1.Service`: blocks, validators and the node, for REST clients. */
import { consensusAddress, encodeMessage } from "@tacit/encoding";
import { Service } from "@tacit/encoding/proto/cosmos/base/tendermint/v1beta1/query";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import type { Application } from "@tacit/sdk";
import type { ChainData, StoredBlock } from "../chain-data.ts";
import { VALIDATORS_PER_PAGE_DEFAULT } from "../limits.ts";
import { abciErrorOf } from "./abci-error.ts";
import { blockIdInit, blockInit, sdkBlockInit } from "./block-messages.ts";
import { localMethods, type ServiceMethod } from "./method.ts";
import { abciStatusOf } from "./query-methods.ts";
import { codes, StatusError, toStatusError } from "./status.ts";

/** What `node_info` says of the program. */
export interface VersionInfo {
  readonly name: string;
  readonly appName: string;
  readonly version: string;
  readonly gitCommit: string;
  /** The SDK whose wire formats are spoken; relayers want to read it. */
  readonly cosmosSdkVersion: string;
  /** CometBFT's version, by which clients choose their dialect. */
  readonly cometBftVersion: string;
}

export interface CometBftServiceOptions {
  readonly application: Pick<Application, "query">;
  readonly chain: ChainData;
  readonly version: VersionInfo;
}

/** P2P protocol and block protocol of CometBFT v0.38. */
const PROTOCOL = { p2p: 8n, block: 11n };
/** Channels of a full node; some clients refuse an empty list. */
const CHANNELS = Uint8Array.of(0x40, 0x20, 0x21, 0x22, 0x23, 0x30, 0x38, 0x60, 0x61, 0x00);

/** The gateway asks them by way of ABCI, which adds to the text of a failure. */
export function cometBftServiceMethods(options: CometBftServiceOptions): ServiceMethod[] {
  const { chain } = options;
  const methods = localMethods(
    Service,
    {
      getNodeInfo: () => nodeInfo(options),
      getSyncing: () => ({ syncing: chain.status().catchingUp }),
      getLatestBlock: () => blockAnswer(storedBlock(chain, chain.status().latestHeight)),
      getBlockByHeight: ({ height }) => blockAnswer(storedBlock(chain, height)),
      getLatestValidatorSet: ({ pagination }) =>
        validatorsAnswer(chain, chain.status().latestHeight, pagination),
      getValidatorSetByHeight: ({ height, pagination }) =>
        validatorsAnswer(chain, height, pagination),
      aBCIQuery: (request, { client }) => abciQuery(options, request, client),
    },
    () => chain.status().latestHeight,
  );
  return methods.map((method) => ({
    ...method,
    call: async (request, context) => {
      try {
        return await method.call(request, context);
      } catch (error) {
        if (context.isGateway !== true) throw error;
        throw abciStatusOf(abciErrorOf(toStatusError(error)));
      }
    },
  }));
}

function nodeInfo({ chain, version }: CometBftServiceOptions) {
  const status = chain.status();
  return {
    defaultNodeInfo: {
      protocolVersion: { ...PROTOCOL, app: status.latestBlock?.version.app ?? 0n },
      defaultNodeId: status.nodeId,
      listenAddr: status.listenAddress,
      network: status.chainId,
      version: version.cometBftVersion,
      channels: CHANNELS,
      moniker: status.moniker,
      other: { txIndex: "on", rpcAddress: status.listenAddress },
    },
    applicationVersion: {
      name: version.name,
      appName: version.appName,
      version: version.version,
      gitCommit: version.gitCommit,
      cosmosSdkVersion: version.cosmosSdkVersion,
    },
  };
}

function checkHeight(chain: ChainData, height: bigint): void {
  if (height > chain.status().latestHeight) {
    throw new StatusError(
      codes.invalidArgument,
      "requested block height is bigger then the chain length",
    );
  }
  if (height < 1n) throw new StatusError(codes.invalidArgument, "height must be greater than 0");
}

function storedBlock(chain: ChainData, height: bigint): StoredBlock {
  checkHeight(chain, height);
  const stored = chain.block(height);
  if (stored === undefined) {
    const lowest = chain.status().earliestHeight;
    throw new StatusError(
      codes.unknown,
      `height ${height} is not available, lowest height is ${lowest}`,
    );
  }
  return stored;
}

function blockAnswer(stored: StoredBlock) {
  return {
    blockId: blockIdInit(stored.blockId),
    block: blockInit(stored.block),
    sdkBlock: sdkBlockInit(stored.block),
  };
}

interface PageRequest {
  readonly key: Uint8Array;
  readonly offset: bigint;
  readonly limit: bigint;
}

function validatorsAnswer(chain: ChainData, height: bigint, page: PageRequest | undefined) {
  checkHeight(chain, height);
  const set = chain.validators(height);
  if (set === undefined) {
    throw new StatusError(codes.unknown, `could not find validator set for height #${height}`);
  }
  const offset = page?.offset ?? 0n;
  const limit = page?.limit || VALIDATORS_PER_PAGE_DEFAULT;
  const chosen = set.validators.slice(Number(offset), Number(offset + limit));
  return {
    blockHeight: height,
    validators: chosen.map((validator) => ({
      address: consensusAddress(validator.address),
      pubKey: {
        typeUrl: "/cosmos.crypto.ed25519.PubKey",
        value: encodeMessage(PubKeySchema, { key: validator.publicKey }),
      },
      votingPower: validator.power,
      proposerPriority: validator.proposerPriority,
    })),
    pagination: { total: BigInt(set.validators.length) },
  };
}

/** Only what is no service method: those have addresses of their own. */
const ALLOWED_PATH = /^\/?(app|store|p2p|custom)(\/|$)/;

async function abciQuery(
  { application }: CometBftServiceOptions,
  request: { readonly path: string; readonly data: Uint8Array; height: bigint; prove: boolean },
  client: string | undefined,
) {
  if (request.path === "") throw new StatusError(codes.invalidArgument, "empty query path");
  if (!ALLOWED_PATH.test(request.path)) {
    throw new StatusError(
      codes.invalidArgument,
      `unsupported ABCI query path: ${request.path.slice(0, 256)}`,
    );
  }
  const { path, data, height, prove } = request;
  const {
    grpcStatus: _status,
    gasUsed: _gas,
    proofOps,
    ...answer
  } = await application.query({
    path,
    data,
    height,
    prove,
    client,
  });
  return {
    ...answer,
    ...(proofOps === undefined ? {} : { proofOps: { ops: proofOps.map((op) => ({ ...op })) } }),
  };
}
