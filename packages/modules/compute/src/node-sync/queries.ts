/** Queries by which nodes without an enclave follow the network (privacy protocol section 11.3). */
import { equalBytes, fromHex, ProtocolError } from "@tacit/encoding";
import type {
  Query,
  QueryEcallRecordResponse,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { BlockRecord } from "@tacit/encoding/proto/tacit/compute/v1/record";
import { type Context, grpcError, type QueryImplementation } from "@tacit/sdk";
import type { ContractCalls } from "../contract-calls.ts";
import type { CodeStore } from "../expected.ts";
import { BEGINNINGS_RANGE_MAX } from "../limits.ts";
import { compileGas, getParams } from "../params.ts";
import type { BlockRecords } from "./block-records.ts";
import { tracesOf } from "./trace.ts";

/** Bytes of a beginning. */
const BEGINNING_GAS = 100n;
const HASH_BYTES = 32;

interface NodeSyncServices {
  readonly calls: ContractCalls;
  readonly codes: CodeStore;
  readonly records: BlockRecords;
}

type NodeSyncQueries = Pick<
  QueryImplementation<typeof Query>,
  | "ecallRecord"
  | "ecallRecords"
  | "networkPubkey"
  | "encryptedSeed"
  | "blockTraces"
  | "machineIDProof"
  | "analyzeCode"
  | "blockCreateResults"
>;

export function nodeSyncQueries({ calls, codes, records }: NodeSyncServices): NodeSyncQueries {
  return {
    ecallRecord: (context, { height }) => {
      assertPast(context, height, "ecall record");
      const found = records.beginningOf(height);
      if (found === undefined)
        throw grpcError.notFound("no ecall record found for the given height");
      return found;
    },
    ecallRecords: (context, { startHeight, endHeight }) => ({
      records: beginnings(records, context, { startHeight, endHeight }),
    }),
    networkPubkey: (context, { height, iSeed }) => {
      const isKnown = height >= 0n && height <= context.height;
      const keys = isKnown ? calls.publicKeys(context)[iSeed] : undefined;
      if (keys === undefined) {
        throw grpcError.notFound(`No network pubkey recorded for height ${height} seed ${iSeed}`);
      }
      return { nodePubkey: keys.seedExchange, ioPubkey: keys.io };
    },
    encryptedSeed: (context, request) => seedOf(records, context, request),
    blockTraces: (context, { height }) => {
      assertPast(context, height, "block traces");
      return { traces: tracesOf(keptRecord(records, context, height)) };
    },
    machineIDProof: (_context, { height, machineId }) => {
      assertPositive(height);
      if (machineId === "") throw grpcError.invalidArgument("machine_id is required");
      // A simulated enclave tells no machines apart, so it has approved none.
      throw grpcError.notFound(`no machine ID proof found for height ${height}`);
    },
    analyzeCode: (context, { codeHash }) => {
      if (codeHash.length === 0) throw grpcError.invalidArgument("code hash is required");
      return analyze({ calls, codes }, context, codeHash);
    },
    blockCreateResults: (context, { height }) => {
      assertPast(context, height, "block create results");
      return { results: keptRecord(records, context, height).creates };
    },
  };
}

/** Nobody follows the block under way: its height is that of the state which the query reads. */
function assertPast(context: Context, height: bigint, what: string): void {
  assertPositive(height);
  if (height < context.height) return;
  throw grpcError.failedPrecondition(
    `cannot query ${what} for height ${height}: must be less than current height ${context.height}`,
  );
}

function assertPositive(height: bigint): void {
  if (height <= 0n) throw grpcError.invalidArgument("height must be positive");
}

/** Those that are remembered, by height. */
function beginnings(
  records: BlockRecords,
  context: Context,
  { startHeight, endHeight }: { readonly startHeight: bigint; readonly endHeight: bigint },
): QueryEcallRecordResponse[] {
  if (startHeight <= 0n) throw grpcError.invalidArgument("start_height must be positive");
  if (endHeight < startHeight) {
    throw grpcError.invalidArgument("end_height must be >= start_height");
  }
  if (endHeight - startHeight > BEGINNINGS_RANGE_MAX) {
    throw grpcError.invalidArgument(
      `range too large, max ${BEGINNINGS_RANGE_MAX} blocks per request`,
    );
  }
  assertPast(context, startHeight, "ecall records");
  const last = endHeight < context.height ? endHeight : context.height - 1n;
  const found: QueryEcallRecordResponse[] = [];
  for (let height = startHeight; height <= last; height += 1n) {
    context.gasMeter.consume(BEGINNING_GAS, "ecall record");
    const beginning = records.beginningOf(height);
    if (beginning !== undefined) found.push(beginning);
  }
  return found;
}

/** The network answers with nothing for a block it has forgotten; here that is not found. */
function keptRecord(records: BlockRecords, context: Context, height: bigint): BlockRecord {
  const record = records.recordOf(height, chargeTo(context));
  if (record === undefined) throw grpcError.notFound(`no record is kept of block ${height}`);
  if (record.isTooLarge) {
    throw grpcError.notFound(`the record of block ${height} was too large to be kept`);
  }
  return record;
}

/** Always an error: whoever asked to be let in was refused, and the reason is the answer. */
function seedOf(
  records: BlockRecords,
  context: Context,
  { certHash, height }: { readonly certHash: string; readonly height: bigint },
): never {
  if (certHash === "") throw grpcError.invalidArgument("cert_hash is required");
  const hash = bytesOfHex(certHash);
  const refused = records.recordOf(height, chargeTo(context))?.refusedNodes ?? [];
  const found = refused.find(({ certificateHash }) => equalBytes(certificateHash, hash));
  if (found !== undefined) throw grpcError.failedPrecondition(found.reason);
  throw grpcError.notFound("no encrypted seed found for the given certificate hash");
}

/** Gas of a query counts in its client's share of the node's time: one for each byte. */
function chargeTo(context: Context): (sizeBytes: number) => void {
  return (sizeBytes) => context.gasMeter.consume(BigInt(sizeBytes), "block record");
}

function bytesOfHex(text: string): Uint8Array {
  try {
    return fromHex(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw grpcError.invalidArgument("invalid cert_hash: must be hex encoded");
  }
}

function analyze(
  { calls, codes }: Pick<NodeSyncServices, "calls" | "codes">,
  context: Context,
  codeHash: Uint8Array,
) {
  const code = codeHash.length === HASH_BYTES ? codes.get(codeHash) : undefined;
  if (code === undefined) {
    throw grpcError.internal("failed to analyze code: no code has this hash");
  }
  context.gasMeter.consume(compileGas(getParams(context), code.length), "analyze code");
  const { hasIbcEntryPoints, requiredFeatures } = calls.checkCode(context, code);
  return { hasIbcEntryPoints, requiredFeatures: requiredFeatures.join(",") };
}
