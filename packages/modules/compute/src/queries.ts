/** The query service (privacy protocol section 11.3). */
import { toHex } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { CodeInfo, ContractInfo } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import {
  type AddressCodec,
  type Context,
  createGasMeter,
  grpcError,
  PlainError,
  type QueryImplementation,
  sdkErrors,
} from "@tacit/sdk";
import type { ContractCalls } from "./contract-calls.ts";
import {
  codes,
  contractsOfCode,
  getAddressByLabel,
  getCodeInfo,
  getContractInfo,
  getHistory,
} from "./contracts.ts";
import { computeErrors } from "./errors.ts";
import type { CodeStore } from "./expected.ts";
import { getAuthorizedAdmin, getAuthorizedMigration } from "./governance.ts";
import { QUERY_GAS_LIMIT } from "./limits.ts";
import type { BlockRecords } from "./node-sync/block-records.ts";
import { nodeSyncQueries } from "./node-sync/queries.ts";
import { getParams } from "./params.ts";

export interface QueryServices {
  readonly addresses: AddressCodec;
  readonly calls: ContractCalls;
  readonly codes: CodeStore;
  readonly records: BlockRecords;
  readonly queryGas: bigint | undefined;
}

export const queryService = Query;

export function createQueries(services: QueryServices): QueryImplementation<typeof Query> {
  const { addresses, calls } = services;
  return {
    ...nodeSyncQueries(services),
    contractInfo: (context, { contractAddress }) => ({
      contractAddress,
      contractInfo: shownInfo(knownContract(context, addresses.toBytes(contractAddress))),
    }),
    contractsByCodeId: (context, { codeId }) => contractsByCode(addresses, context, codeId),
    querySecretContract: (context, { contractAddress, query }) => {
      const contract = addresses.toBytes(contractAddress);
      const meter = createGasMeter(services.queryGas ?? QUERY_GAS_LIMIT);
      try {
        const limited = context.withGasMeter(meter);
        return { data: calls.query(limited, { contract, message: query, depth: 1 }) };
      } finally {
        context.gasMeter.consume(meter.consumed, "smart query");
      }
    },
    code: (context, { codeId }) => codeWithWasm(services, context, codeId),
    codes: (context) => ({
      codeInfos: [...codes(context)].map(([codeId, info]) => shownCode(addresses, codeId, info)),
    }),
    codeHashByContractAddress: (context, { contractAddress }) => {
      const { codeId } = knownContract(context, addresses.toBytes(contractAddress));
      return { codeHash: codeHashOf(context, codeId) };
    },
    codeHashByCodeId: (context, { codeId }) => ({ codeHash: codeHashOf(context, codeId) }),
    labelByAddress: (context, { contractAddress }) => ({
      label: knownContract(context, addresses.toBytes(contractAddress)).label,
    }),
    addressByLabel: (context, { label }) => {
      const address = getAddressByLabel(context, label);
      if (address === undefined) throw sdkErrors.unknownAddress.wrap(label);
      return { contractAddress: addresses.toText(address) };
    },
    contractHistory: (context, { contractAddress }) => ({
      entries: getHistory(context, addresses.toBytes(contractAddress)),
    }),
    params: (context) => ({ params: getParams(context) }),
    authorizedMigration: (context, { contractAddress }) => {
      checkAddress(addresses, contractAddress);
      const newCodeId = getAuthorizedMigration(context, contractAddress);
      if (newCodeId === undefined) throw noAuthorization("migration");
      return { newCodeId };
    },
    authorizedAdminUpdate: (context, { contractAddress }) => {
      checkAddress(addresses, contractAddress);
      const newAdmin = getAuthorizedAdmin(context, contractAddress);
      if (newAdmin === undefined) throw noAuthorization("admin update");
      return { newAdmin };
    },
  };
}

/** @throws {SdkError} `compute/9` */
function knownContract(context: Context, address: Uint8Array): ContractInfo {
  const info = getContractInfo(context, address);
  if (info === undefined) throw computeErrors.notFound.make();
  return info;
}

/** The enclave's proof of the admin is nobody else's business. */
function shownInfo(info: ContractInfo): ContractInfo {
  return { ...info, adminProof: new Uint8Array() };
}

/** In the order of creation, which itself is not shown. */
function contractsByCode(addresses: AddressCodec, context: Context, codeId: bigint) {
  if (codeId === 0n) throw computeErrors.invalid.wrap("code id");
  const found: { readonly contractAddress: string; readonly contractInfo: ContractInfo }[] = [];
  for (const [address, info] of contractsOfCode(context, codeId)) {
    found.push({ contractAddress: addresses.toText(address), contractInfo: shownInfo(info) });
  }
  if (found.length === 0) throw computeErrors.notFound.make();
  found.sort((a, b) => compareCreation(a.contractInfo, b.contractInfo));
  return {
    contractInfos: found.map(({ contractAddress, contractInfo }) => ({
      contractAddress,
      contractInfo: { ...contractInfo, created: undefined },
    })),
  };
}

function compareCreation(a: ContractInfo, b: ContractInfo): number {
  const heights = Number((a.created?.blockHeight ?? 0n) - (b.created?.blockHeight ?? 0n));
  return heights || Number((a.created?.txIndex ?? 0n) - (b.created?.txIndex ?? 0n));
}

function codeWithWasm({ addresses, codes: store }: QueryServices, context: Context, id: bigint) {
  if (id === 0n) throw computeErrors.invalid.wrap("code id");
  const info = getCodeInfo(context, id);
  if (info === undefined) throw computeErrors.notFound.make();
  const wasm = store.get(info.codeHash);
  if (wasm === undefined) throw grpcError.internal("loading wasm code");
  return { codeInfo: shownCode(addresses, id, info), wasm };
}

function shownCode(addresses: AddressCodec, codeId: bigint, info: CodeInfo) {
  return {
    codeId,
    creator: addresses.toText(info.creator),
    codeHash: toHex(info.codeHash),
    source: info.source,
    builder: info.builder,
  };
}

function codeHashOf(context: Context, codeId: bigint): string {
  const info = getCodeInfo(context, codeId);
  if (info === undefined) throw new PlainError(`failed to get code info for code id ${codeId}`);
  return toHex(info.codeHash);
}

function checkAddress(addresses: AddressCodec, text: string): void {
  if (text === "") throw grpcError.invalidArgument("contract address cannot be empty");
  try {
    addresses.toBytes(text);
  } catch {
    throw grpcError.invalidArgument("invalid contract address");
  }
}

function noAuthorization(what: string) {
  return grpcError.notFound(`no authorized ${what} found for the given contract address`);
}
