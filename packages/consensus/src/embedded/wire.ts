/** Headers, commits and blocks as CometBFT's protobuf, and their hashes. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { concat, sha256 } from "@tacit/crypto";
import type {
  Block,
  BlockId,
  Commit,
  CommitSignature,
  Header,
  Timestamp,
  ValidatorSet,
} from "@tacit/light";
import type { ConsensusParams, ExecTxResult } from "@tacit/sdk";

type Fill = (writer: BinaryWriter) => void;

function message(fill: Fill): Uint8Array {
  const writer = new BinaryWriter();
  fill(writer);
  return writer.finish();
}
function sub(writer: BinaryWriter, field: number, value: Uint8Array): void {
  writer.tag(field, WireType.LengthDelimited).bytes(value);
}
function bytes(writer: BinaryWriter, field: number, value: Uint8Array): void {
  if (value.length > 0) sub(writer, field, value);
}
function int(writer: BinaryWriter, field: number, value: bigint): void {
  if (value !== 0n) writer.tag(field, WireType.Varint).int64(value);
}

export function encodeTimestamp(time: Timestamp): Uint8Array {
  return message((w) => {
    int(w, 1, time.seconds);
    int(w, 2, BigInt(time.nanos));
  });
}
export function encodeBlockId(id: BlockId): Uint8Array {
  return message((w) => {
    bytes(w, 1, id.hash);
    sub(
      w,
      2,
      message((p) => {
        int(p, 1, BigInt(id.parts.total));
        bytes(p, 2, id.parts.hash);
      }),
    );
  });
}
function encodeVersion(version: Header["version"]): Uint8Array {
  return message((w) => {
    int(w, 1, version.block);
    int(w, 2, version.app);
  });
}
export function encodeHeader(h: Header): Uint8Array {
  return message((w) => {
    sub(w, 1, encodeVersion(h.version));
    bytes(w, 2, Buffer.from(h.chainId));
    int(w, 3, h.height);
    sub(w, 4, encodeTimestamp(h.time));
    sub(w, 5, encodeBlockId(h.lastBlockId));
    bytes(w, 6, h.lastCommitHash);
    bytes(w, 7, h.dataHash);
    bytes(w, 8, h.validatorsHash);
    bytes(w, 9, h.nextValidatorsHash);
    bytes(w, 10, h.consensusHash);
    bytes(w, 11, h.appHash);
    bytes(w, 12, h.lastResultsHash);
    bytes(w, 13, h.evidenceHash);
    bytes(w, 14, h.proposerAddress);
  });
}
function encodeSignature(s: CommitSignature): Uint8Array {
  return message((w) => {
    int(w, 1, BigInt(s.blockIdFlag));
    bytes(w, 2, s.validatorAddress);
    sub(w, 3, encodeTimestamp(s.timestamp));
    bytes(w, 4, s.signature);
  });
}
export function encodeCommit(c: Commit): Uint8Array {
  return message((w) => {
    int(w, 1, c.height);
    int(w, 2, BigInt(c.round));
    sub(w, 3, encodeBlockId(c.blockId));
    for (const s of c.signatures) sub(w, 4, encodeSignature(s));
  });
}
export function encodeBlock(b: Block): Uint8Array {
  return message((w) => {
    sub(w, 1, encodeHeader(b.header));
    sub(
      w,
      2,
      message((d) => {
        for (const tx of b.txs) sub(d, 1, tx);
      }),
    );
    sub(
      w,
      3,
      message((d) => {
        for (const e of b.evidence) sub(d, 1, e);
      }),
    );
    sub(w, 4, encodeCommit(b.lastCommit));
  });
}

type Read = (field: number, r: BinaryReader) => void;
function read(data: Uint8Array, f: Read): void {
  const reader = new BinaryReader(data);
  while (reader.pos < reader.len) {
    const [field] = reader.tag();
    f(field, reader);
  }
}
const copy = (r: BinaryReader) => Uint8Array.from(r.bytes());
const EMPTY = new Uint8Array(0);

export function decodeTimestamp(data: Uint8Array): Timestamp {
  let seconds = 0n;
  let nanos = 0;
  read(data, (f, r) => {
    if (f === 1) seconds = BigInt(r.int64());
    else nanos = Number(r.int64());
  });
  return { seconds, nanos };
}
export function decodeBlockId(data: Uint8Array): BlockId {
  let hash: Uint8Array = EMPTY;
  let total = 0;
  let partsHash: Uint8Array = EMPTY;
  read(data, (f, r) => {
    if (f === 1) hash = copy(r);
    else
      read(r.bytes(), (g, p) => {
        if (g === 1) total = p.uint32();
        else partsHash = copy(p);
      });
  });
  return { hash, parts: { total, hash: partsHash } };
}
export function decodeHeader(data: Uint8Array): Header {
  const h = {
    version: { block: 0n, app: 0n },
    chainId: "",
    height: 0n,
    time: { seconds: 0n, nanos: 0 } as Timestamp,
    lastBlockId: { hash: EMPTY, parts: { total: 0, hash: EMPTY } } as BlockId,
    lastCommitHash: EMPTY as Uint8Array,
    dataHash: EMPTY as Uint8Array,
    validatorsHash: EMPTY as Uint8Array,
    nextValidatorsHash: EMPTY as Uint8Array,
    consensusHash: EMPTY as Uint8Array,
    appHash: EMPTY as Uint8Array,
    lastResultsHash: EMPTY as Uint8Array,
    evidenceHash: EMPTY as Uint8Array,
    proposerAddress: EMPTY as Uint8Array,
  };
  read(data, (f, r) => {
    if (f === 1)
      read(r.bytes(), (g, v) => {
        if (g === 1) h.version.block = BigInt(v.uint64());
        else h.version.app = BigInt(v.uint64());
      });
    else if (f === 2) h.chainId = r.string();
    else if (f === 3) h.height = BigInt(r.int64());
    else if (f === 4) h.time = decodeTimestamp(r.bytes());
    else if (f === 5) h.lastBlockId = decodeBlockId(r.bytes());
    else if (f === 6) h.lastCommitHash = copy(r);
    else if (f === 7) h.dataHash = copy(r);
    else if (f === 8) h.validatorsHash = copy(r);
    else if (f === 9) h.nextValidatorsHash = copy(r);
    else if (f === 10) h.consensusHash = copy(r);
    else if (f === 11) h.appHash = copy(r);
    else if (f === 12) h.lastResultsHash = copy(r);
    else if (f === 13) h.evidenceHash = copy(r);
    else h.proposerAddress = copy(r);
  });
  return h;
}
function decodeSignature(data: Uint8Array): CommitSignature {
  const s = {
    blockIdFlag: 1 as CommitSignature["blockIdFlag"],
    validatorAddress: EMPTY as Uint8Array,
    timestamp: { seconds: 0n, nanos: 0 } as Timestamp,
    signature: EMPTY as Uint8Array,
  };
  read(data, (f, r) => {
    if (f === 1) s.blockIdFlag = r.int32() as CommitSignature["blockIdFlag"];
    else if (f === 2) s.validatorAddress = copy(r);
    else if (f === 3) s.timestamp = decodeTimestamp(r.bytes());
    else s.signature = copy(r);
  });
  return s;
}
export function decodeCommit(data: Uint8Array): Commit {
  const signatures: CommitSignature[] = [];
  const c = {
    height: 0n,
    round: 0,
    blockId: { hash: EMPTY, parts: { total: 0, hash: EMPTY } } as BlockId,
  };
  read(data, (f, r) => {
    if (f === 1) c.height = BigInt(r.int64());
    else if (f === 2) c.round = r.int32();
    else if (f === 3) c.blockId = decodeBlockId(r.bytes());
    else signatures.push(decodeSignature(r.bytes()));
  });
  return { ...c, signatures };
}

/** RFC 6962 root. */
export function merkleRoot(items: readonly Uint8Array[]): Uint8Array {
  if (items.length === 0) return sha256(EMPTY);
  if (items.length === 1) return sha256(concat(Uint8Array.of(0), items[0]!));
  let k = 1;
  while (k * 2 < items.length) k *= 2;
  return sha256(
    concat(Uint8Array.of(1), merkleRoot(items.slice(0, k)), merkleRoot(items.slice(k))),
  );
}
const wrapBytes = (v: Uint8Array) => message((w) => bytes(w, 1, v));

export function headerHash(h: Header): Uint8Array {
  return merkleRoot([
    encodeVersion(h.version),
    wrapBytes(Buffer.from(h.chainId)),
    message((w) => int(w, 1, h.height)),
    encodeTimestamp(h.time),
    encodeBlockId(h.lastBlockId),
    wrapBytes(h.lastCommitHash),
    wrapBytes(h.dataHash),
    wrapBytes(h.validatorsHash),
    wrapBytes(h.nextValidatorsHash),
    wrapBytes(h.consensusHash),
    wrapBytes(h.appHash),
    wrapBytes(h.lastResultsHash),
    wrapBytes(h.evidenceHash),
    wrapBytes(h.proposerAddress),
  ]);
}
export const commitHash = (c: Commit) => merkleRoot(c.signatures.map(encodeSignature));
export const dataHash = (txs: readonly Uint8Array[]) => merkleRoot(txs.map(sha256));
export const evidenceHash = (evidence: readonly Uint8Array[]) => merkleRoot(evidence);
export function validatorSetHash(set: ValidatorSet): Uint8Array {
  return merkleRoot(
    set.validators.map((v) =>
      message((w) => {
        sub(
          w,
          1,
          message((k) => bytes(k, 1, v.publicKey)),
        );
        int(w, 2, v.power);
      }),
    ),
  );
}
export function consensusParamsHash(p: ConsensusParams): Uint8Array {
  return sha256(
    message((w) => {
      int(w, 1, p.block.maxBytes);
      int(w, 2, p.block.maxGas);
    }),
  );
}
export function resultsHash(results: readonly ExecTxResult[]): Uint8Array {
  return merkleRoot(
    results.map((r) =>
      message((w) => {
        if (r.code !== 0) w.tag(1, WireType.Varint).uint32(r.code);
        bytes(w, 2, r.data);
        int(w, 5, r.gasWanted);
        int(w, 6, r.gasUsed);
      }),
    ),
  );
}
const PART_BYTES = 65_536;
export function partSetHeader(block: Uint8Array): { total: number; hash: Uint8Array } {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < block.length; at += PART_BYTES)
    parts.push(block.subarray(at, at + PART_BYTES));
  return { total: parts.length, hash: merkleRoot(parts) };
}
export function voteSignBytes(
  chainId: string,
  vote: { height: bigint; round: number; blockId: BlockId; timestamp: Timestamp },
): Uint8Array {
  const canonical = message((w) => {
    int(w, 1, 2n);
    if (vote.height !== 0n) w.tag(2, WireType.Bit64).sfixed64(vote.height);
    if (vote.round !== 0) w.tag(3, WireType.Bit64).sfixed64(BigInt(vote.round));
    if (vote.blockId.hash.length > 0) sub(w, 4, encodeBlockId(vote.blockId));
    sub(w, 5, encodeTimestamp(vote.timestamp));
    bytes(w, 6, Buffer.from(chainId));
  });
  return message((w) => w.bytes(canonical));
}
