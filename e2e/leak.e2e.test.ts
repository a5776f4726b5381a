/**
 * Nothing in the clear: a story full of secrets, told by unmodified secretjs to a node that says
 * and keeps all it can, and then a search of everything that somebody outside the enclave can get:
 * who watches the network, and who runs the node.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readTrace } from "@tacit/enclave-channel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devMnemonic, type KnownActor, knownActor } from "./support/leak/actors.ts";
import { askRpc, EventListener } from "./support/leak/ask-rpc.ts";
import { askGrpc, askRest, postRest } from "./support/leak/ask-services.ts";
import { echoContract } from "./support/leak/echo-contract.ts";
import {
  type Evidence,
  evidence,
  findSecrets,
  findText,
  kindsOf,
} from "./support/leak/evidence.ts";
import { open, SECRET_STEM } from "./support/leak/marked.ts";
import { type NetworkSecrets, networkSecrets } from "./support/leak/network-secrets.ts";
import { echoStory, openStory, refusedStory } from "./support/leak/outcast-story.ts";
import { ProbeStory } from "./support/leak/probe-story.ts";
import { type KnownOfChain, samplesOf } from "./support/leak/samples.ts";
import { Story } from "./support/leak/story.ts";
import { tokenStory } from "./support/leak/token-story.ts";
import { startTracedNode, type TracedProcess } from "./support/leak/traced-process.ts";
import { temporaryHome } from "./support/node-process.ts";
import { artifact, upload } from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
const traces = temporaryHome();
const plan = { home, traceDirectory: traces.home, moniker: open("moniker"), jsonLogs: true };

/** A busy machine takes several times the usual half minute. */
const PATIENCE_MS = 300_000;

let story: Story;
let alice: KnownActor;
let carol: KnownActor;
let secrets: NetworkSecrets;
const everything: Evidence[] = [];

beforeAll(async () => {
  const node = await startTracedNode(plan);
  story = new Story(node.chainId);
  alice = knownActor(node, devMnemonic("a"));
  carol = knownActor(node);
  const listener = await EventListener.open(node.urls.rpc);
  await tellStory(node);
  const known = await knownOf(node);
  everything.push(...(await askAll(node, known)));
  everything.push(...listener.close());
  await node.stop();
  const again = await startTracedNode({ ...plan, jsonLogs: false });
  alice = knownActor(again, devMnemonic("a"));
  await openStory(story, alice);
  await again.stop();
  everything.push(evidence("logs", node.output()), evidence("logs text", again.output()));
  everything.push(...filesBelow(home), ...channelEvidence());
}, PATIENCE_MS);

afterAll(() => {
  remove();
  traces.remove();
});

async function tellStory(node: TracedProcess): Promise<void> {
  for (const name of ["host_probe", "snip20"] as const) await addCode(name, artifact(name));
  await addCode("echo", await echoContract());
  const probe = await ProbeStory.begin(story, alice);
  await probe.outputs();
  await tokenStory(story, [alice, carol], probe.first);
  await probe.failures();
  await probe.messages();
  everything.push(...processEvidence(node));
  process.kill(node.enclavePid, "SIGKILL");
  await probe.queries();
  await probe.migrations();
  await echoStory(story, alice);
  await refusedStory(story, alice, probe.first);
  await openStory(story, alice);
}

async function addCode(name: string, wasm: Uint8Array): Promise<void> {
  const codeId = await upload(alice, wasm);
  const { code_hash = "" } = await alice.client.query.compute.codeHashByCodeId({ code_id: codeId });
  story.addCode(name, { codeId, code_hash });
}

/** What an observer knows, and with the sealing key also the secrets to look for. */
async function knownOf({ urls }: TracedProcess): Promise<KnownOfChain> {
  // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes
  const get = async (path: string): Promise<any> => (await fetch(urls.rest + path)).json();
  const { block } = await get("/cosmos/base/tendermint/v1beta1/blocks/latest");
  const txs = await Promise.all(story.hashes.map((hash) => get(`/cosmos/tx/v1beta1/txs/${hash}`)));
  const ciphertexts = txs.flatMap(({ tx }) =>
    tx.body.messages.flatMap((message: { msg?: string; init_msg?: string }) => {
      const bytes = message.msg ?? message.init_msg;
      return bytes === undefined ? [] : [Uint8Array.from(Buffer.from(bytes, "base64"))];
    }),
  );
  const contracts = await Promise.all(
    story.contracts.map(async (contract) => {
      const { contract_info } = await get(`/compute/v1beta1/info/${contract.contract_address}`);
      const height = BigInt(contract_info.created.block_height);
      return { ...contract, creator: alice.address, height };
    }),
  );
  secrets = networkSecrets(home, contracts, ciphertexts);
  const lastTx = await fetch(`${urls.rpc}/tx?hash=0x${story.hashes.at(-2)}`);
  return {
    addresses: [alice.address],
    contracts: story.contracts.map(({ contract_address }) => contract_address),
    codeIds: story.codeIds,
    codeHashes: story.contracts.map(({ code_hash }) => code_hash),
    labels: [open("token label"), open("probe")],
    txHashes: story.hashes,
    latestHeight: Number(block.header.height),
    ciphertext: Buffer.from(ciphertexts[3] ?? []).toString("base64"),
    tx: ((await lastTx.json()) as { result: { tx: string } }).result.tx,
  };
}

async function askAll({ urls }: TracedProcess, known: KnownOfChain): Promise<Evidence[]> {
  const samples = samplesOf(known);
  return [
    ...(await askRest(urls.rest, samples)),
    ...(await postRest(urls.rest, [known.tx])),
    ...(await askGrpc(urls.grpc, samples)),
    ...(await askRpc(urls.rpc, known)),
    evidence("faucet", await (await fetch(urls.faucet)).text()),
  ];
}

/** What the operating system tells of the two processes. */
function processEvidence({ pid, enclavePid }: TracedProcess): Evidence[] {
  return [pid, enclavePid].flatMap((id) =>
    ["cmdline", "environ"].flatMap((file) => {
      try {
        return [evidence(`process ${file}`, new Uint8Array(readFileSync(`/proc/${id}/${file}`)))];
      } catch {
        return [];
      }
    }),
  );
}

function filesBelow(directory: string): Evidence[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return evidence(
        `file ${path.slice(directory.length + 1)}`,
        new Uint8Array(readFileSync(path)),
      );
    });
}

function channelEvidence(): Evidence[] {
  return readdirSync(traces.home).flatMap((file) =>
    readTrace(join(traces.home, file)).map(({ direction, frame }, index) =>
      evidence(`channel ${file} ${direction} ${index}`, frame),
    ),
  );
}

describe("the search", () => {
  it("reaches every kind of place", () => {
    expect(kindsOf(everything)).toEqual([
      "channel",
      "faucet",
      "file",
      "grpc",
      "logs",
      "pairs",
      "process",
      "rest",
      "rpc",
      "websocket",
    ]);
  });

  it("reads the state and the blocks on disk, and logs of every level", () => {
    const files = findText(everything, open("token label")).map(({ place }) => place);
    expect(files).toContain("file data/application/data.mdb");
    expect(files).toContain("file data/chain/data.mdb");
    for (const line of ["query failed", "the enclave ended"]) {
      expect(kindsOf(findText(everything, line))).toEqual(["logs"]);
    }
  });

  it.each([
    [
      "a label",
      open("token label"),
      ["channel", "file", "grpc", "pairs", "rest", "rpc", "websocket"],
    ],
    [
      "a plaintext attribute",
      open("attribute value"),
      ["channel", "file", "grpc", "rest", "rpc", "websocket"],
    ],
    [
      "a custom event's type",
      open("event"),
      ["channel", "file", "grpc", "rest", "rpc", "websocket"],
    ],
    ["a memo", open("bank memo"), ["file", "grpc", "rest", "rpc", "websocket"]],
    ["the moniker", open("moniker"), ["file", "grpc", "pairs", "process", "rest", "rpc"]],
  ])("finds %s where it belongs", (_, text, kinds) => {
    expect(kindsOf(findText(everything, text))).toEqual(kinds);
  });
});

describe("outside of the enclave", () => {
  it("nothing of messages, state, answers, errors or keys of viewers is to be found", () => {
    expect(findText(everything, SECRET_STEM)).toEqual([]);
  });

  it("no amount, recipient, generated viewing key or permit is to be found", () => {
    expect(findSecrets(everything, story.hidden)).toEqual([]);
  });

  it("no seed, no key made of one and no client's key is to be found", () => {
    const clients = [alice, carol].map(({ encryptionSeed }) => ({
      name: "client's key",
      bytes: encryptionSeed,
    }));
    expect(findSecrets(everything, [...secrets.derived, ...clients])).toEqual([]);
  });

  it("the sealing key and the node's own keys are in their files and nowhere else", () => {
    const places = [secrets.sealingKey, ...secrets.nodeKeys].map((key) => [
      ...new Set(findSecrets(everything, [key]).map(({ place }) => place)),
    ]);
    expect(places).toEqual([
      ["file data/enclave/sealing-key"],
      ["file config/priv_validator_key.json"],
      ["file config/node_key.json"],
    ]);
  });
});
