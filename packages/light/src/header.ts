/** CometBFT v0.38 headers: protobuf (types.proto `Header`) and hash (types/block.go). */
import { malformed } from "./errors.ts";
import { idToBytes } from "./ids.ts";
import { ADDRESS_LENGTH, APP_HASH_BYTES_MAX, CHAIN_ID_BYTES_MAX, HASH_LENGTH } from "./limits.ts";
import { merkleLeaf, merkleRoot } from "./merkle.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";
import type { BlockId, Header, Timestamp } from "./types.ts";

const NANOS_PER_SECOND = 1_000_000_000;
const NO_BYTES = new Uint8Array(0);

/** Go's zero time, year 1: the time of an absent signature. */
export const ZERO_TIME: Timestamp = { seconds: -62_135_596_800n, nanos: 0 };

export const NO_BLOCK_ID: BlockId = { hash: NO_BYTES, parts: { total: 0, hash: NO_BYTES } };

export function encodeTimestamp({ seconds, nanos }: Timestamp): Uint8Array {
  return new ProtoWriter(24).int(1, seconds).uint(2, nanos).finish();
}

export function decodeTimestamp(bytes: Uint8Array): Timestamp {
  const reader = new ProtoReader(bytes, "timestamp");
  let seconds = 0n;
  let nanos = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) seconds = reader.int64();
    else if (field === 2) nanos = reader.int32();
    else reader.unknown();
  }
  if (nanos >= NANOS_PER_SECOND) throw malformed("timestamp, nanos");
  return { seconds, nanos };
}

/** Nanoseconds since the epoch. */
export function timestampToNanos({ seconds, nanos }: Timestamp): bigint {
  return seconds * BigInt(NANOS_PER_SECOND) + BigInt(nanos);
}

export function nanosToTimestamp(timeNs: bigint): Timestamp {
  const perSecond = BigInt(NANOS_PER_SECOND);
  const nanos = ((timeNs % perSecond) + perSecond) % perSecond;
  return { seconds: (timeNs - nanos) / perSecond, nanos: Number(nanos) };
}

/** The parts header is written even if empty, as gogoproto's `nullable = false` does. */
export function encodeBlockId({ hash, parts }: BlockId): Uint8Array {
  const partsBytes = new ProtoWriter(48).uint(1, parts.total).bytes(2, parts.hash).finish();
  return new ProtoWriter(96).bytes(1, hash).message(2, partsBytes).finish();
}

export function decodeBlockId(bytes: Uint8Array): BlockId {
  const reader = new ProtoReader(bytes, "block id");
  let { hash, parts } = NO_BLOCK_ID;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) hash = reader.bytes(HASH_LENGTH);
    else if (field === 2) parts = decodeParts(reader.view());
    else reader.unknown();
  }
  return { hash, parts };
}

export function encodeHeader(header: Header): Uint8Array {
  return new ProtoWriter(640)
    .message(1, encodeVersion(header.version))
    .text(2, header.chainId)
    .int(3, header.height)
    .message(4, encodeTimestamp(header.time))
    .message(5, encodeBlockId(header.lastBlockId))
    .bytes(6, header.lastCommitHash)
    .bytes(7, header.dataHash)
    .bytes(8, header.validatorsHash)
    .bytes(9, header.nextValidatorsHash)
    .bytes(10, header.consensusHash)
    .bytes(11, header.appHash)
    .bytes(12, header.lastResultsHash)
    .bytes(13, header.evidenceHash)
    .bytes(14, header.proposerAddress)
    .finish();
}

const HASH_FIELDS = {
  6: "lastCommitHash",
  7: "dataHash",
  8: "validatorsHash",
  9: "nextValidatorsHash",
  10: "consensusHash",
  11: "appHash",
  12: "lastResultsHash",
  13: "evidenceHash",
  14: "proposerAddress",
} as const;

type HashField = (typeof HASH_FIELDS)[keyof typeof HASH_FIELDS];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** @throws {LightError} `light/malformed`. */
export function decodeHeader(bytes: Uint8Array): Header {
  const reader = new ProtoReader(bytes, "header");
  const header: Mutable<Header> = {
    version: { block: 0n, app: 0n },
    chainId: "",
    height: 0n,
    time: { seconds: 0n, nanos: 0 },
    lastBlockId: NO_BLOCK_ID,
    lastCommitHash: NO_BYTES,
    dataHash: NO_BYTES,
    validatorsHash: NO_BYTES,
    nextValidatorsHash: NO_BYTES,
    consensusHash: NO_BYTES,
    appHash: NO_BYTES,
    lastResultsHash: NO_BYTES,
    evidenceHash: NO_BYTES,
    proposerAddress: NO_BYTES,
  };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) header.version = decodeVersion(reader.view());
    else if (field === 2) header.chainId = reader.text(CHAIN_ID_BYTES_MAX);
    else if (field === 3) header.height = reader.int64();
    else if (field === 4) header.time = decodeTimestamp(reader.view());
    else if (field === 5) header.lastBlockId = decodeBlockId(reader.view());
    else readHash(header, field, reader);
  }
  return header;
}

/** RFC 6962 root over the 14 fields, each in its own protobuf wrapping; 32 bytes. */
export function headerHash(header: Header): Uint8Array {
  return idToBytes(merkleRoot(headerFields(header).map(merkleLeaf)));
}

function headerFields(header: Header): Uint8Array[] {
  const wrapped = (bytes: Uint8Array) => new ProtoWriter(40).bytes(1, bytes).finish();
  return [
    encodeVersion(header.version),
    new ProtoWriter().text(1, header.chainId).finish(),
    new ProtoWriter(16).int(1, header.height).finish(),
    encodeTimestamp(header.time),
    encodeBlockId(header.lastBlockId),
    wrapped(header.lastCommitHash),
    wrapped(header.dataHash),
    wrapped(header.validatorsHash),
    wrapped(header.nextValidatorsHash),
    wrapped(header.consensusHash),
    wrapped(header.appHash),
    wrapped(header.lastResultsHash),
    wrapped(header.evidenceHash),
    wrapped(header.proposerAddress),
  ];
}

function readHash(header: Mutable<Header>, field: number, reader: ProtoReader): void {
  const name: HashField | undefined = HASH_FIELDS[field as keyof typeof HASH_FIELDS];
  if (name === undefined) reader.unknown();
  const bytes = reader.bytes(APP_HASH_BYTES_MAX);
  const expected = name === "proposerAddress" ? ADDRESS_LENGTH : HASH_LENGTH;
  if (name !== "appHash" && bytes.length !== expected) throw malformed(`header, ${name}`);
  header[name] = bytes;
}

function encodeVersion(version: Header["version"]): Uint8Array {
  return new ProtoWriter(24).uint(1, version.block).uint(2, version.app).finish();
}

function decodeVersion(bytes: Uint8Array): Header["version"] {
  const reader = new ProtoReader(bytes, "header version");
  const version = { block: 0n, app: 0n };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) version.block = reader.uint64();
    else if (field === 2) version.app = reader.uint64();
    else reader.unknown();
  }
  return version;
}

function decodeParts(bytes: Uint8Array): BlockId["parts"] {
  const reader = new ProtoReader(bytes, "part set header");
  const parts: Mutable<BlockId["parts"]> = { total: 0, hash: NO_BYTES };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) parts.total = reader.uint32();
    else if (field === 2) parts.hash = reader.bytes(HASH_LENGTH);
    else reader.unknown();
  }
  return parts;
}
