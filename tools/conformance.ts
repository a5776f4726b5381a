/**
 * Live conversations with other implementations, which `npm test` replays from recordings: ZF's
 * Rust crates sign with our FROST. Needs Rust; the first run compiles for some minutes.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import {
  createPeerSession,
  PEER_SUITES,
  type PeerSuite,
  type PeerTranscript,
} from "../packages/threshold/test/frost-peer.ts";

const USAGE = `usage: npm run conformance -- [--rounds N] [--seed N] [--record]

Signs together with ZF's Rust crates (conformance/frost-peer), every suite, and has both sides
combine and refuse.

  --rounds N   signatures per suite (default 3)
  --seed N     of the first key that the crates deal (default 1)
  --record     writes vectors/frost-zf/transcripts.json

example: npm run conformance -- --rounds 20`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    record: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const root = join(import.meta.dirname, "..");

if (values.help) console.log(USAGE);
else await run(Number(values.rounds), Number(values.seed));

async function run(rounds: number, seed: number): Promise<void> {
  const manifest = join(root, "conformance/frost-peer/Cargo.toml");
  const built = spawnSync(
    "cargo",
    ["build", "--release", "--locked", "--manifest-path", manifest],
    {
      stdio: "inherit",
    },
  );
  if (built.error !== undefined) throw built.error;
  if (built.status !== 0) throw new RangeError("the peer does not compile");
  const transcripts: PeerTranscript[] = [];
  for (const suite of Object.keys(PEER_SUITES) as PeerSuite[]) {
    for (let i = 0; i < rounds; i++) transcripts.push(await converse(suite, seed + i));
    await beRefused(suite, seed);
    console.log(
      `${suite}: ${rounds} signatures, equal on both sides; a wrong share refused by both`,
    );
  }
  if (!values.record) return;
  const path = join(root, "vectors/frost-zf/transcripts.json");
  writeFileSync(path, `${JSON.stringify(transcripts, null, 1)}\n`);
}

/** The peer's next line, without its first word. */
type Listen = (word: string) => Promise<string[]>;

function startPeer(
  suite: PeerSuite,
  seed: number,
): {
  peer: ChildProcessWithoutNullStreams;
  listen: Listen;
  say: (line: string) => void;
} {
  const binary = join(root, "conformance/frost-peer/target/release/frost-peer");
  const peer = spawn(binary, [suite, String(seed)]);
  peer.stderr.pipe(process.stderr);
  const lines = createInterface(peer.stdout)[Symbol.asyncIterator]();
  const listen: Listen = async (word) => {
    const { value, done } = await lines.next();
    const [first, ...rest] = done === true ? ["nothing"] : value.split(" ");
    if (first !== word) throw new RangeError(`${suite}: the peer said ${first}, not ${word}`);
    return rest;
  };
  return { peer, listen, say: (line) => peer.stdin.write(`${line}\n`) };
}

/** Up to both sides having the other's share. */
async function begin(suite: PeerSuite, seed: number) {
  const { peer, listen, say } = startPeer(suite, seed);
  const [publicKey, ...rest] = (await listen("key")) as [string, ...string[]];
  const commitments = await listen("commit");
  const { scalarBytes, order, encodeScalar } = PEER_SUITES[suite].group;
  const draw = () => {
    const wide = BigInt(`0x${randomBytes(scalarBytes + 16).toString("hex")}`);
    return Buffer.from(encodeScalar(wide % order)).toString("hex");
  };
  const asked = {
    suite,
    publicKey,
    shares: rest.slice(0, 3),
    publicShares: rest.slice(3),
    message: randomBytes(32).toString("hex"),
    commitments,
    nonces: [draw(), draw()],
  };
  const session = createPeerSession(asked);
  say(["sign", asked.message, ...session.ownCommitments].join(" "));
  const [theirShare] = (await listen("share")) as [string];
  const ownShare = session.ownShare();
  return { peer, listen, say, asked, session, theirShare, ownShare };
}

async function converse(suite: PeerSuite, seed: number): Promise<PeerTranscript> {
  const { peer, listen, say, asked, session, theirShare, ownShare } = await begin(suite, seed);
  say(`combine ${ownShare}`);
  const [theirs] = await listen("signature");
  const signature = session.combine(theirShare, ownShare);
  if (signature !== theirs)
    throw new RangeError(`${suite}: two signatures\n${signature}\n${theirs}`);
  peer.stdin.end();
  const { ownCommitments } = session;
  return { ...asked, ownCommitments, theirShare, ownShare, signature };
}

/** Their share in the place of ours is refused by them, and ours in the place of theirs by us. */
async function beRefused(suite: PeerSuite, seed: number): Promise<void> {
  const { peer, listen, say, session, theirShare, ownShare } = await begin(suite, seed);
  say(`combine ${theirShare}`);
  await listen("refused");
  let isRefused = false;
  try {
    session.combine(ownShare, ownShare);
  } catch {
    isRefused = true;
  }
  if (!isRefused) throw new RangeError(`${suite}: we took a wrong share`);
  peer.stdin.end();
}
