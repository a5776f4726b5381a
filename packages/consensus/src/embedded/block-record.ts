/** A block without its transactions, as stored: they have a table of their own. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  type BlockId,
  type Commit,
  decodeBlockId,
  decodeCommit,
  decodeHeader,
  encodeBlockId,
  encodeCommit,
  encodeHeader,
  type Header,
} from "@tacit/light";
import { ConsensusError } from "../errors.ts";

export interface BlockRecord {
  readonly header: Header;
  readonly evidence: readonly Uint8Array[];
  readonly lastCommit: Commit;
  readonly blockId: BlockId;
  /** Bytes of the block's protobuf form. */
  readonly sizeBytes: number;
}

/** Protobuf: header 1, evidence 3 (repeated), last commit 4 as in Block; block id 5, size 6. */
export function encodeBlockRecord(record: BlockRecord): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).bytes(encodeHeader(record.header));
  for (const item of record.evidence) writer.tag(3, WireType.LengthDelimited).bytes(item);
  writer.tag(4, WireType.LengthDelimited).bytes(encodeCommit(record.lastCommit));
  writer.tag(5, WireType.LengthDelimited).bytes(encodeBlockId(record.blockId));
  writer.tag(6, WireType.Varint).uint32(record.sizeBytes);
  return writer.finish();
}

export function decodeBlockRecord(bytes: Uint8Array): BlockRecord {
  let header: Header | undefined;
  let lastCommit: Commit | undefined;
  let blockId: BlockId | undefined;
  let sizeBytes = 0;
  const evidence: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) header = decodeHeader(reader.bytes());
    else if (field === 3) evidence.push(Uint8Array.from(reader.bytes()));
    else if (field === 4) lastCommit = decodeCommit(reader.bytes());
    else if (field === 5) blockId = decodeBlockId(reader.bytes());
    else if (field === 6) sizeBytes = reader.uint32();
    else reader.skip(wireType, field);
  }
  if (header === undefined || lastCommit === undefined || blockId === undefined) {
    throw new ConsensusError({ code: "consensus/store_damaged", what: "block record" });
  }
  return { header, evidence, lastCommit, blockId, sizeBytes };
}
