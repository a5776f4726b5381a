/** ZF's Rust crates sign with our FROST: they are holder 1, we are holder 2. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  createPeerSession,
  PEER_SUITES,
  type PeerSuite,
  type PeerTranscript,
} from "../packages/threshold/test/frost-peer.ts";
import { type Checks, hasCommand, type Part, type PartOptions, type Readiness } from "./part.ts";

const crate = join(import.meta.dirname, "frost-peer");
const recording = join(import.meta.dirname, "../vectors/frost-zf/transcripts.json");

export const frostPart: Part = {
  name: "frost",
  about: "ZF's Rust crates sign with us, every suite (needs Rust)",
  prepare,
  run,
};

function prepare(): Readiness {
  if (!hasCommand("cargo")) return { missing: "no cargo on this machine" };
  if (cargo("fetch") !== 0) return { missing: "the crates cannot be fetched" };
  if (cargo("build", "--offline") !== 0) throw new RangeError("the peer does not compile");
  return "ready";
}

function cargo(...command: string[]): number | null {
  const manifest = join(crate, "Cargo.toml");
  const target = join(crate, "target");
  const { status } = spawnSync("cargo", [...command, "--locked", "--manifest-path", manifest], {
    stdio: "inherit",
    env: { ...process.env, CARGO_TARGET_DIR: target, CARGO_NET_RETRY: "5" },
  });
  return status;
}

async function run(checks: Checks, { rounds, seed, isRecording }: PartOptions): Promise<void> {
  const transcripts: (PeerTranscript | undefined)[] = [];
  for (const suite of Object.keys(PEER_SUITES) as PeerSuite[]) {
    for (let i = 0; i < rounds; i++) {
      const own = seed + i;
      const claim = `${suite}, seed ${own}: both combine the same signature`;
      const talk = (exchange: Exchange) => converse(suite, exchange);
      transcripts.push(await checks.check(claim, () => withPeer(suite, own, talk)));
    }
    await checks.check(`${suite}: both refuse a wrong share`, () =>
      withPeer(suite, seed, (exchange) => beRefused(suite, exchange)),
    );
  }
  if (!isRecording) return;
  if (transcripts.includes(undefined)) throw new RangeError("nothing is recorded of a failed run");
  writeFileSync(recording, `${JSON.stringify(transcripts, null, 1)}\n`);
}

/** Longer than any conversation; then the peer is stopped, and its silence is an error. */
const CONVERSATION_MS = 60_000;

interface Exchange {
  /** The peer's next line, without its first word. */
  readonly listen: (word: string) => Promise<string[]>;
  readonly say: (line: string) => void;
}

async function withPeer<T>(
  suite: PeerSuite,
  seed: number,
  talk: (exchange: Exchange) => Promise<T>,
): Promise<T> {
  const binary = join(crate, "target/debug/frost-peer");
  const peer = spawn(binary, [suite, String(seed)], { timeout: CONVERSATION_MS });
  peer.stderr.pipe(process.stderr);
  const lines = createInterface(peer.stdout)[Symbol.asyncIterator]();
  const listen = async (word: string) => {
    const { value, done } = await lines.next();
    const [first, ...rest] = done === true ? ["nothing"] : value.split(" ");
    if (first !== word) throw new RangeError(`${suite}: the peer said ${first}, not ${word}`);
    return rest;
  };
  try {
    return await talk({ listen, say: (line) => peer.stdin.write(`${line}\n`) });
  } finally {
    peer.kill();
  }
}

/** Up to both sides having the other's share. */
async function begin(suite: PeerSuite, { listen, say }: Exchange) {
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
  return { asked, session, theirShare, ownShare };
}

async function converse(suite: PeerSuite, exchange: Exchange): Promise<PeerTranscript> {
  const { asked, session, theirShare, ownShare } = await begin(suite, exchange);
  exchange.say(`combine ${ownShare}`);
  const [theirs] = await exchange.listen("signature");
  const signature = session.combine(theirShare, ownShare);
  if (signature !== theirs)
    throw new RangeError(`${suite}: two signatures\n${signature}\n${theirs}`);
  const { ownCommitments } = session;
  return { ...asked, ownCommitments, theirShare, ownShare, signature };
}

/** Their share in the place of ours is refused by them, and ours in the place of theirs by us. */
async function beRefused(suite: PeerSuite, exchange: Exchange): Promise<void> {
  const { session, theirShare, ownShare } = await begin(suite, exchange);
  exchange.say(`combine ${theirShare}`);
  await exchange.listen("refused");
  let code: unknown;
  try {
    session.combine(ownShare, ownShare);
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  if (code !== "threshold/bad_share") throw new RangeError(`${suite}: we said ${code}`);
}
