/** Two elections made with belenios-tool 2.0, and what becomes of them when somebody changes them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ThresholdError } from "../src/errors.ts";
import { readArchive } from "../src/voting/belenios/archive.ts";
import { verifyBelenios } from "../src/voting/index.ts";
import { findVectors, listFiles } from "./vectors.ts";

const directory = findVectors("belenios-2.0");

/** Files beside the archive: secrets and messages of the trustees, which a verifier never sees. */
const knownFiles =
  /^(?:.*\.(?:privkey|pubkey|cert|key|dkey|vinput|voutput)|gc\.out|private_creds\.txt|public_keys\.jsons|certs\.jsons|polynomials\.jsons|threshold\.json|q\.json|votes\.txt)$/;

interface Entry {
  readonly kind: "data" | "event";
  readonly text: string;
}

/** A whole archive again, every name and reference made to fit what was changed. */
function archiveOf(entries: readonly (Entry & { readonly hash?: string })[]): Uint8Array {
  const renamed = new Map<string, string>();
  const files: { name: string; text: string }[] = [
    { name: "BELENIOS", text: '{"version":1,"timestamp":"1795224147"}' },
  ];
  for (const { kind, text, hash } of entries) {
    const linked = text.replaceAll(/[0-9a-f]{64}/g, (old) => renamed.get(old) ?? old);
    const name = createHash("sha256").update(linked).digest("hex");
    if (hash !== undefined) renamed.set(hash, name);
    files.push({ name: `${name}.${kind}.json`, text: linked });
  }
  return Buffer.concat([...files.map(tarFile), Buffer.alloc(1_024)]);
}

function tarFile({ name, text }: { name: string; text: string }): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        0", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function whatIsWrong(archive: Uint8Array): string {
  try {
    verifyBelenios(archive);
    return "nothing";
  } catch (error) {
    if (error instanceof ThresholdError && error.failure.code === "threshold/record") {
      return error.failure.what;
    }
    throw error;
  }
}

describe.runIf(directory !== undefined)("elections of belenios-tool 2.0", () => {
  if (directory === undefined) return;
  const archives = listFiles(directory)
    .filter((name) => name !== "SOURCE.txt")
    .map((name) => {
      const files = listFiles(join(directory, name));
      const [archive = "", ...others] = files.filter((file) => file.endsWith(".bel"));
      const unknown = files.filter((file) => file !== archive && !knownFiles.test(file));
      return { name, unknown: [...unknown, ...others], path: join(directory, name, archive) };
    });

  it("have no file that this test does not know", () => {
    expect(archives.map(({ name }) => name)).toEqual(["b2048-basic", "b2048-threshold"]);
    expect(archives.flatMap(({ unknown }) => unknown)).toEqual([]);
  });

  it.each(archives)("verify: $name", ({ path }) => {
    const { result, tallied, totalWeight, trackers } = verifyBelenios(readFileSync(path));
    expect({ result, tallied, totalWeight }).toEqual({
      result: [
        [3, 1],
        [2, 2, 1],
      ],
      tallied: 5,
      totalWeight: 5n,
    });
    expect(new Set(trackers).size).toBe(5);
  });

  const entries = readArchive(readFileSync(archives[0]?.path ?? ""));
  const change = (find: (text: string) => boolean, edit: (text: string) => string) =>
    archiveOf(
      entries.map((entry) => (find(entry.text) ? { ...entry, text: edit(entry.text) } : entry)),
    );
  /** The last digit of a number moved by one. */
  const bump = (text: string, pattern: RegExp) =>
    text.replace(pattern, (all) =>
      all.replace(/[0-9](?="?\D*$)/, (d) => `${(Number(d) + 1) % 10}`),
    );
  const has = (part: string) => (text: string) => text.includes(part);
  const isBallot = has('"election_hash"');

  it("verify after being written again, so that the changes below are what is found", () => {
    expect(whatIsWrong(archiveOf(entries))).toBe("nothing");
  });

  it.each([
    [
      "a trustee's proof",
      has('"Single"'),
      /"response":"[0-9]+"/,
      "a trustee does not prove to know its key",
    ],
    ["a trustee's key", has('"Single"'), /"public_key":"[0-9]+"/, "a trustee's key is no element"],
    ["the election's name", has('"questions"'), undefined, "a ballot is for another election"],
    ["a choice", isBallot, /"beta":"[0-9]+"/, "a ciphertext is no pair of elements"],
    [
      "a choice's proof",
      isBallot,
      /"individual_proofs":\[\[\{"challenge":"[0-9]+"/,
      "a choice is not shown to be 0 or 1",
    ],
    ["a signature", isBallot, /"response":"[0-9]+"\}\}\}$/, "a ballot's signature is wrong"],
    [
      "the published tally",
      (text: string) => text.startsWith('[[{"alpha"'),
      /"alpha":"[0-9]+"/,
      "a ciphertext is no pair of elements",
    ],
    [
      "how many were tallied",
      has('"num_tallied"'),
      /"num_tallied":[0-9]+/,
      "the tally counts other ballots",
    ],
    ["a trustee's factor", has('"decryption_factors"'), /"[0-9]{9,}"/, "a factor is no element"],
    [
      "a decryption's proof",
      has('"decryption_proofs"'),
      /"challenge":"[0-9]+"/,
      "a decryption is not shown to be right",
    ],
    ["the result", has('"result"'), /\[\[[0-9]/, "the result is not what the tally holds"],
  ] as const)("do not after a change of %s", (_, find, pattern, what) => {
    const edit = (text: string) =>
      pattern === undefined ? text.replace("Sample", "Simple") : bump(text, pattern);
    expect(whatIsWrong(change(find, edit))).toBe(what);
  });

  it("do not without a ballot, with a ballot of nobody, or with one behind the end", () => {
    const ballots = entries.filter(({ text }) => text.includes('"type":"Ballot"'));
    const gone = ballots[0]!;
    expect(whatIsWrong(archiveOf(entries.filter((entry) => entry !== gone)))).toBe(
      "an event does not follow the one before",
    );
    const credentials = entries.find(({ text }) => text.startsWith('["'))!;
    const fewer = JSON.stringify((JSON.parse(credentials.text) as string[]).slice(1));
    expect(
      whatIsWrong(
        change(
          (text) => text === credentials.text,
          () => fewer,
        ),
      ),
    ).toBe("a ballot's credential is not on the list");
    const late = entries.map((entry) => ({
      ...entry,
      text: entry.text.replace('"EncryptedTally"', '"Ballot"'),
    }));
    expect(whatIsWrong(archiveOf(late))).toBe("a ballot after the end");
  });

  it("do not with bytes that were cut, changed or added", () => {
    const bytes = readFileSync(archives[0]?.path ?? "");
    expect(whatIsWrong(bytes.subarray(0, 2_000))).toBe("archive ends inside of a file");
    const flipped = Buffer.from(bytes);
    flipped[1_600]! ^= 1;
    expect(whatIsWrong(flipped)).toBe("a file's name is not its hash");
    expect(whatIsWrong(new Uint8Array())).toBe("archive is empty");
    expect(whatIsWrong(new Uint8Array(4_096).fill(7))).not.toBe("nothing");
  });

  it("do not with fields that the format does not have", () => {
    const more = (text: string) => text.replace('{"version"', '{"more":1,"version"');
    expect(whatIsWrong(change(has('"questions"'), more))).toBe("an object has an unknown field");
  });
});
