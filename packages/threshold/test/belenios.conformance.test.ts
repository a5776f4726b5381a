/** Two elections made with belenios-tool 2.0, and what becomes of them when somebody changes them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ThresholdError } from "../src/errors.ts";
import { readArchive } from "../src/voting/belenios/archive.ts";
import { verifyBelenios } from "../src/voting/belenios/index.ts";
import { archiveChanges, archiveOf, changeArchive } from "./belenios-archive.ts";
import { listFiles } from "./vectors.ts";

const directory = join(import.meta.dirname, "../../../vectors/belenios-2.0");

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

describe("elections of belenios-tool 2.0", () => {
  const files = ["basic.bel", "threshold.bel"] as const;
  const archives = files.map((name) => ({ name, path: join(directory, name) }));

  it("have no file that this test does not know", () => {
    expect(listFiles(directory)).toEqual(["README.md", ...files]);
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

  const archive = readFileSync(archives[0]?.path ?? "");
  const entries = readArchive(archive);

  it("verify after being written again, so that the changes below are what is found", () => {
    expect(whatIsWrong(archiveOf(entries))).toBe("nothing");
  });

  it.each(archiveChanges)("do not after a change of $what", ({ find, edit, refusal }) => {
    expect(whatIsWrong(changeArchive(archive, find, edit))).toBe(refusal);
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
        changeArchive(
          archive,
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
    const bytes = new Uint8Array(archive);
    expect(whatIsWrong(bytes.subarray(0, 2_000))).toBe("archive ends inside of a file");
    const flipped = Buffer.from(bytes);
    flipped[1_600]! ^= 1;
    expect(whatIsWrong(flipped)).toBe("a file's name is not its hash");
    expect(whatIsWrong(new Uint8Array())).toBe("archive is empty");
    expect(whatIsWrong(new Uint8Array(4_096).fill(7))).not.toBe("nothing");
  });

  it("do not with fields that the format does not have", () => {
    const more = (text: string) => text.replace('{"version"', '{"more":1,"version"');
    expect(whatIsWrong(changeArchive(archive, (text) => text.includes('"questions"'), more))).toBe(
      "an object has an unknown field",
    );
  });
});
