/** Archives of Belenios, changed in one place and made to fit again. */
import { createHash } from "node:crypto";
import { type ArchiveEntry, readArchive } from "../src/voting/belenios/archive.ts";

/** Of every file; belenios-tool takes no archive whose files have another than its header. */
export const TIMESTAMP = 1_795_224_147;

/** A whole archive again, every name and reference made to fit what was changed. */
export function archiveOf(
  entries: readonly (Pick<ArchiveEntry, "kind" | "text"> & { readonly hash?: string })[],
): Uint8Array {
  const renamed = new Map<string, string>();
  const files = [{ name: "BELENIOS", text: `{"version":1,"timestamp":"${TIMESTAMP}"}` }];
  for (const { kind, text, hash } of entries) {
    const linked = text.replaceAll(/[0-9a-f]{64}/g, (old) => renamed.get(old) ?? old);
    const name = createHash("sha256").update(linked).digest("hex");
    if (hash !== undefined) renamed.set(hash, name);
    files.push({ name: `${name}.${kind}.json`, text: linked });
  }
  return new Uint8Array(Buffer.concat(files.map(tarFile)));
}

function tarFile({ name, text }: { name: string; text: string }): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\x000000000\x000000000\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(`${TIMESTAMP.toString(8).padStart(11, "0")}\0`, 136);
  header.write("        0", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** The archive with every text that is found edited. */
export function changeArchive(
  archive: Uint8Array,
  find: (text: string) => boolean,
  edit: (text: string) => string,
): Uint8Array {
  const entries = readArchive(archive);
  return archiveOf(
    entries.map((entry) => (find(entry.text) ? { ...entry, text: edit(entry.text) } : entry)),
  );
}

/** The last digit of the number that the pattern ends with, moved by one. */
function bump(pattern: RegExp): (text: string) => string {
  return (text) =>
    text.replace(pattern, (all) =>
      all.replace(/[0-9](?="?\D*$)/, (digit) => `${(Number(digit) + 1) % 10}`),
    );
}

export interface ArchiveChange {
  readonly what: string;
  readonly find: (text: string) => boolean;
  readonly edit: (text: string) => string;
  /** What `verifyBelenios` says. */
  readonly refusal: string;
  /** Whether belenios-tool 2.0 takes it: it adds the ballots itself and does not read the sums. */
  readonly isUnreadByTool?: boolean;
}

const has = (part: string) => (text: string) => text.includes(part);
const isBallot = has('"election_hash"');

/** Each makes of a valid archive one that is not. */
export const archiveChanges: readonly ArchiveChange[] = [
  {
    what: "a trustee's proof",
    find: has('"Single"'),
    edit: bump(/"response":"[0-9]+"/),
    refusal: "a trustee does not prove to know its key",
  },
  {
    what: "a trustee's key",
    find: has('"Single"'),
    edit: bump(/"public_key":"[0-9]+"/),
    refusal: "a trustee's key is no element",
  },
  {
    what: "the election's text",
    find: has('"questions"'),
    edit: (text) => text.replace(/"name":"/, '"name":"x'),
    refusal: "a ballot is for another election",
  },
  {
    what: "a choice",
    find: isBallot,
    edit: bump(/"beta":"[0-9]+"/),
    refusal: "a ciphertext is no pair of elements",
  },
  {
    what: "a choice's proof",
    find: isBallot,
    edit: bump(/"individual_proofs":\[\[\{"challenge":"[0-9]+"/),
    refusal: "a choice is not shown to be 0 or 1",
  },
  {
    what: "a signature",
    find: isBallot,
    edit: bump(/"response":"[0-9]+"\}\}\}$/),
    refusal: "a ballot's signature is wrong",
  },
  {
    what: "the published tally",
    isUnreadByTool: true,
    find: (text) => text.startsWith('[[{"alpha"'),
    edit: bump(/"alpha":"[0-9]+"/),
    refusal: "a ciphertext is no pair of elements",
  },
  {
    what: "how many were tallied",
    isUnreadByTool: true,
    find: has('"num_tallied"'),
    edit: bump(/"num_tallied":[0-9]+/),
    refusal: "the tally counts other ballots",
  },
  {
    what: "a trustee's factor",
    find: has('"decryption_factors"'),
    edit: bump(/"[0-9]{9,}"/),
    refusal: "a factor is no element",
  },
  {
    what: "a decryption's proof",
    find: has('"decryption_proofs"'),
    edit: bump(/"challenge":"[0-9]+"/),
    refusal: "a decryption is not shown to be right",
  },
  {
    what: "the result",
    find: has('"result"'),
    edit: bump(/\[\[[0-9]/),
    refusal: "the result is not what the tally holds",
  },
];
