/** The public data of an election: a tar archive of data and of events that form a chain. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { equalBytes, utf8 } from "../../bytes.ts";
import { refuse } from "../refuse.ts";

const blockBytes = 512;
const entriesMax = 1_000_000;
const archiveBytesMax = 1024 * 1024 * 1024;

/** One file of the archive, in its order. */
export interface ArchiveEntry {
  readonly kind: "data" | "event";
  /** SHA-256 of the text, lower-case hex: the file's name. */
  readonly hash: string;
  readonly text: string;
}

/**
 * Reads an old-style tar archive, as `.bel` files are.
 *
 * @throws {ThresholdError} `threshold/record` for anything that is not one: other file names, hashes
 * that do not fit, files behind the end.
 */
export function readArchive(bytes: Uint8Array): readonly ArchiveEntry[] {
  if (bytes.length > archiveBytesMax) refuse("archive is too large");
  const entries: ArchiveEntry[] = [];
  let at = 0;
  let isFirst = true;
  while (at + blockBytes <= bytes.length) {
    const header = bytes.subarray(at, at + blockBytes);
    if (header.every((byte) => byte === 0)) break;
    const { name, sizeBytes } = readHeader(header);
    const start = at + blockBytes;
    if (start + sizeBytes > bytes.length) refuse("archive ends inside of a file");
    const content = bytes.subarray(start, start + sizeBytes);
    if (isFirst) checkStart(name, content);
    else entries.push(readEntry(name, content));
    if (entries.length > entriesMax) refuse("archive has too many files");
    isFirst = false;
    at = start + Math.ceil(sizeBytes / blockBytes) * blockBytes;
  }
  if (isFirst) refuse("archive is empty");
  if (bytes.subarray(at).some((byte) => byte !== 0)) refuse("archive goes on behind its end");
  return entries;
}

function readHeader(header: Uint8Array): { name: string; sizeBytes: number } {
  const text = (from: number, to: number) => {
    const field = header.subarray(from, to);
    const end = field.indexOf(0);
    return String.fromCharCode(...field.subarray(0, end < 0 ? field.length : end));
  };
  const isFile = header[156] === 0 || header[156] === 0x30;
  const size = text(124, 136).trim();
  if (!isFile || !/^[0-7]{1,11}$/.test(size)) refuse("archive has something that is no file");
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (Number.parseInt(text(148, 156).trim(), 8) !== sum) refuse("archive has a wrong checksum");
  return { name: text(0, 100), sizeBytes: Number.parseInt(size, 8) };
}

function checkStart(name: string, content: Uint8Array): void {
  const header = /^\{"version":1,"timestamp":"?[0-9]{1,15}"?\}$/;
  const isKnown = name === "BELENIOS" && header.test(new TextDecoder().decode(content));
  if (!isKnown) refuse("archive does not begin with a header of version 1");
}

function readEntry(name: string, content: Uint8Array): ArchiveEntry {
  const [, hash = "", kind] = /^([0-9a-f]{64})\.(data|event)\.json$/.exec(name) ?? [];
  if (hash !== bytesToHex(sha256(content))) refuse("a file's name is not its hash");
  const text = new TextDecoder().decode(content);
  if (!equalBytes(utf8(text), content)) refuse("a file is no text");
  return { kind: kind as ArchiveEntry["kind"], hash, text };
}
