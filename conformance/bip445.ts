/** The vectors of BIP-445's authors, valid and invalid, wherever they are; without them our own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordBip445 } from "../packages/threshold/test/bip445-recorder.ts";
import { listBip445, walkBip445File } from "../packages/threshold/test/bip445-walker.ts";
import type { Checks, Part, PartOptions } from "./part.ts";

const recordings = join(import.meta.dirname, "../vectors/bip445");

export const bip445Part: Part = {
  name: "bip445",
  about: "BIP-445 by vectors, valid and invalid (--vectors: bip-frost-signing's, python/vectors)",
  prepare: () => "ready",
  run,
};

async function run(checks: Checks, { isRecording, vectors }: PartOptions): Promise<void> {
  if (isRecording) record();
  const directory = vectors ?? recordings;
  for (const file of listBip445(directory)) {
    await checks.check(`${file}: every case comes out as it says`, () =>
      walkBip445File(directory, file),
    );
  }
}

function record(): void {
  mkdirSync(recordings, { recursive: true });
  for (const [file, document] of Object.entries(recordBip445())) {
    writeFileSync(join(recordings, file), `${JSON.stringify(document, null, 1)}\n`);
  }
}
