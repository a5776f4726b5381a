/**
 * Results of transactions and blocks as ABCI's protobuf messages, by hand: a block of a thousand
 * transactions has tens of thousands of attributes, and a reflective codec shows there.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type {
  AbciEvent,
  ConsensusParams,
  EventAttribute,
  ExecTxResult,
  ValidatorUpdate,
} from "@tacit/sdk";
import { plain } from "./bytes.ts";

/** What FinalizeBlock answered, without the results of its transactions. */
export interface BlockOutcome {
  readonly events: readonly AbciEvent[];
  readonly validatorUpdates: readonly ValidatorUpdate[];
  readonly consensusParamUpdates: ConsensusParams | undefined;
  readonly appHash: Uint8Array;
}

/** tendermint.abci.ExecTxResult. */
export function encodeExecTxResult(result: ExecTxResult): Uint8Array {
  const writer = new BinaryWriter();
  if (result.code !== 0) writer.tag(1, WireType.Varint).uint32(result.code);
  writeBytes(writer, 2, result.data);
  writeText(writer, 3, result.log);
  writeText(writer, 4, result.info);
  writeInt64(writer, 5, result.gasWanted);
  writeInt64(writer, 6, result.gasUsed);
  for (const event of result.events) writeEvent(writer, 7, event);
  writeText(writer, 8, result.codespace);
  return writer.finish();
}

export function decodeExecTxResult(bytes: Uint8Array): ExecTxResult {
  const result = {
    code: 0,
    data: new Uint8Array(0),
    log: "",
    info: "",
    gasWanted: 0n,
    gasUsed: 0n,
    events: [] as AbciEvent[],
    codespace: "",
  };
  readFields(bytes, (field, reader) => {
    if (field === 1) result.code = reader.uint32();
    else if (field === 2) result.data = Uint8Array.from(reader.bytes());
    else if (field === 3) result.log = reader.string();
    else if (field === 4) result.info = reader.string();
    else if (field === 5) result.gasWanted = BigInt(reader.int64());
    else if (field === 6) result.gasUsed = BigInt(reader.int64());
    else if (field === 7) result.events.push(decodeEvent(reader.bytes()));
    else if (field === 8) result.codespace = reader.string();
    else return false;
    return true;
  });
  return result;
}

/** tendermint.abci.ResponseFinalizeBlock without `tx_results`. */
export function encodeBlockOutcome(outcome: BlockOutcome): Uint8Array {
  const writer = new BinaryWriter();
  for (const event of outcome.events) writeEvent(writer, 1, event);
  for (const update of outcome.validatorUpdates) writeValidatorUpdate(writer, 3, update);
  if (outcome.consensusParamUpdates !== undefined) {
    writeBytes(writer, 4, encodeConsensusParams(outcome.consensusParamUpdates));
  }
  writeBytes(writer, 5, outcome.appHash);
  return writer.finish();
}

export function decodeBlockOutcome(bytes: Uint8Array): BlockOutcome {
  const events: AbciEvent[] = [];
  const validatorUpdates: ValidatorUpdate[] = [];
  let consensusParamUpdates: ConsensusParams | undefined;
  let appHash: Uint8Array = new Uint8Array(0);
  readFields(bytes, (field, reader) => {
    if (field === 1) events.push(decodeEvent(reader.bytes()));
    else if (field === 3) validatorUpdates.push(decodeValidatorUpdate(reader.bytes()));
    else if (field === 4) consensusParamUpdates = decodeConsensusParams(reader.bytes());
    else if (field === 5) appHash = Uint8Array.from(reader.bytes());
    else return false;
    return true;
  });
  return { events, validatorUpdates, consensusParamUpdates, appHash };
}

function writeEvent(writer: BinaryWriter, field: number, event: AbciEvent): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  writeText(writer, 1, event.type);
  for (const { key, value, index } of event.attributes) {
    writer.tag(2, WireType.LengthDelimited).fork();
    writeText(writer, 1, key);
    writeText(writer, 2, value);
    if (index) writer.tag(3, WireType.Varint).bool(true);
    writer.join();
  }
  writer.join();
}

function decodeEvent(bytes: Uint8Array): AbciEvent {
  let type = "";
  const attributes: EventAttribute[] = [];
  readFields(bytes, (field, reader) => {
    if (field === 1) type = reader.string();
    else if (field === 2) attributes.push(decodeAttribute(reader.bytes()));
    else return false;
    return true;
  });
  return { type, attributes };
}

function decodeAttribute(bytes: Uint8Array): EventAttribute {
  let key = "";
  let value = "";
  let index = false;
  readFields(bytes, (field, reader) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = reader.string();
    else if (field === 3) index = reader.bool();
    else return false;
    return true;
  });
  return { key, value, index };
}

/** tendermint.crypto.PublicKey has `ed25519` as field 1 and `secp256k1` as field 2. */
function writeValidatorUpdate(writer: BinaryWriter, field: number, update: ValidatorUpdate): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).fork();
  writeBytes(writer, update.keyType === "ed25519" ? 1 : 2, update.publicKey);
  writer.join();
  writeInt64(writer, 2, update.power);
  writer.join();
}

function decodeValidatorUpdate(bytes: Uint8Array): ValidatorUpdate {
  let keyType: ValidatorUpdate["keyType"] = "ed25519";
  let publicKey: Uint8Array = new Uint8Array(0);
  let power = 0n;
  readFields(bytes, (field, reader) => {
    if (field === 2) {
      power = BigInt(reader.int64());
      return true;
    }
    if (field !== 1) return false;
    readFields(reader.bytes(), (kind, key) => {
      if (kind !== 1 && kind !== 2) return false;
      keyType = kind === 1 ? "ed25519" : "secp256k1";
      publicKey = Uint8Array.from(key.bytes());
      return true;
    });
    return true;
  });
  return { keyType, publicKey, power };
}

const NANOS_PER_SECOND = 1_000_000_000n;

/** tendermint.types.ConsensusParams, every section present. */
export function encodeConsensusParams(params: ConsensusParams): Uint8Array {
  const { block, evidence, validator, version, abci } = params;
  const writer = new BinaryWriter();
  const section = (field: number, write: () => void) => {
    writer.tag(field, WireType.LengthDelimited).fork();
    write();
    writer.join();
  };
  section(1, () => {
    writeInt64(writer, 1, block.maxBytes);
    writeInt64(writer, 2, block.maxGas);
  });
  section(2, () => {
    writeInt64(writer, 1, evidence.maxAgeNumBlocks);
    section(2, () => {
      writeInt64(writer, 1, evidence.maxAgeDurationNs / NANOS_PER_SECOND);
      writeInt64(writer, 2, evidence.maxAgeDurationNs % NANOS_PER_SECOND);
    });
    writeInt64(writer, 3, evidence.maxBytes);
  });
  section(3, () => {
    for (const type of validator.pubKeyTypes) writer.tag(1, WireType.LengthDelimited).string(type);
  });
  section(4, () => writeInt64(writer, 1, version.app));
  section(5, () => writeInt64(writer, 1, abci.voteExtensionsEnableHeight));
  return writer.finish();
}

export function decodeConsensusParams(bytes: Uint8Array): ConsensusParams {
  const sections = new Map<number, Uint8Array>();
  readFields(bytes, (field, reader) => {
    sections.set(field, reader.bytes());
    return true;
  });
  const ages = { seconds: 0n, nanos: 0n };
  const keyTypes: string[] = [];
  const numbers = (field: number): Map<number, bigint> => {
    const found = new Map<number, bigint>();
    readFields(sections.get(field) ?? new Uint8Array(0), (number, reader, wireType) => {
      if (wireType !== WireType.Varint) return false;
      found.set(number, BigInt(reader.int64()));
      return true;
    });
    return found;
  };
  readFields(sections.get(2) ?? new Uint8Array(0), (field, reader) => {
    if (field !== 2) return false;
    readFields(reader.bytes(), (part, duration) => {
      if (part === 1) ages.seconds = BigInt(duration.int64());
      else ages.nanos = BigInt(duration.int64());
      return true;
    });
    return true;
  });
  readFields(sections.get(3) ?? new Uint8Array(0), (_, reader) => {
    keyTypes.push(reader.string());
    return true;
  });
  const [block, evidence, version, abci] = [1, 2, 4, 5].map(numbers);
  return {
    block: { maxBytes: block?.get(1) ?? 0n, maxGas: block?.get(2) ?? 0n },
    evidence: {
      maxAgeNumBlocks: evidence?.get(1) ?? 0n,
      maxAgeDurationNs: ages.seconds * NANOS_PER_SECOND + ages.nanos,
      maxBytes: evidence?.get(3) ?? 0n,
    },
    validator: { pubKeyTypes: keyTypes },
    version: { app: version?.get(1) ?? 0n },
    abci: { voteExtensionsEnableHeight: abci?.get(1) ?? 0n },
  };
}

function writeBytes(writer: BinaryWriter, field: number, value: Uint8Array): void {
  if (value.length > 0) writer.tag(field, WireType.LengthDelimited).bytes(value);
}

function writeText(writer: BinaryWriter, field: number, value: string): void {
  if (value !== "") writer.tag(field, WireType.LengthDelimited).string(value);
}

function writeInt64(writer: BinaryWriter, field: number, value: bigint): void {
  if (value !== 0n) writer.tag(field, WireType.Varint).int64(value);
}

/** Calls `read` for each field; what it does not read (returns false) is skipped. */
function readFields(
  bytes: Uint8Array,
  read: (field: number, reader: BinaryReader, wireType: WireType) => boolean,
): void {
  const reader = new BinaryReader(plain(bytes));
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!read(field, reader, wireType)) reader.skip(wireType, field);
  }
}
