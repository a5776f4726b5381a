import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPeerSession, PEER_SUITES, type PeerTranscript } from "./frost-peer.ts";
import { codeOf } from "./vectors.ts";

const FIELDS = [
  ...["suite", "publicKey", "shares", "publicShares", "message", "commitments", "nonces"],
  ...["ownCommitments", "theirShare", "ownShare", "signature"],
];
const path = join(import.meta.dirname, "../../../vectors/frost-zf/transcripts.json");
const transcripts = JSON.parse(readFileSync(path, "utf8")) as PeerTranscript[];

describe("recorded conversations with ZF's crates", () => {
  it("cover every suite, and have no field that is not compared", () => {
    expect(new Set(transcripts.map(({ suite }) => suite))).toEqual(
      new Set(Object.keys(PEER_SUITES)),
    );
    for (const item of transcripts) expect(Object.keys(item)).toEqual(FIELDS);
  });

  it.each(transcripts.map((item, i) => [item.suite, i, item] as const))(
    "%s, %i: our share and the signature are what both sides made",
    (_, __, item) => {
      const session = createPeerSession(item);
      expect(session.ownCommitments).toEqual(item.ownCommitments);
      expect(session.ownShare()).toBe(item.ownShare);
      expect(session.combine(item.theirShare, item.ownShare)).toBe(item.signature);
      const changed = { ...item, message: `${item.message}00` };
      const other = createPeerSession(changed);
      expect(codeOf(() => other.combine(item.theirShare, item.ownShare))).toBe(
        "threshold/bad_share",
      );
    },
  );
});
