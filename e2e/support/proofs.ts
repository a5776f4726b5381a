/** State with its proof, opened with the verifier that CosmJS and relayers use. */
import * as confio from "@confio/ics23";
import { Comet38Client, type comet38 } from "@cosmjs/tendermint-rpc";

export interface OpenedProof {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Proof within the store, and of the store in the app hash. */
  readonly tree: confio.ics23.ICommitmentProof;
  readonly simple: confio.ics23.ICommitmentProof;
  readonly storeRoot: Uint8Array;
  /** Of the next header, which is what promises this state. */
  readonly appHash: Uint8Array;
}

/** Asks for a key with its proof. */
export async function queryStore(
  comet: Comet38Client,
  store: string,
  key: Uint8Array,
): Promise<OpenedProof> {
  const answer = await comet.abciQuery({ path: `/store/${store}/key`, data: key, prove: true });
  const types = answer.proof?.ops.map(({ type }) => type).join();
  if (answer.code !== 0 || types !== "ics23:iavl,ics23:simple") {
    throw new RangeError(`no proof: code ${answer.code}, ${types}`);
  }
  const [first, second] = answer.proof?.ops ?? [];
  const decode = (data: Uint8Array | undefined) =>
    confio.ics23.CommitmentProof.decode(data ?? new Uint8Array());
  const [tree, simple] = [decode(first?.data), decode(second?.data)];
  const storeRoot = Uint8Array.from(simple.exist?.value ?? []);
  const header = await headerAt(comet, (answer.height ?? 0) + 1);
  return { key, value: answer.value, tree, simple, storeRoot, appHash: header.appHash };
}

/** The value of a key, verified up to the app hash. @throws if the proof does not hold. */
export async function provenValue(
  comet: Comet38Client,
  store: string,
  key: Uint8Array,
): Promise<Uint8Array> {
  const { value, tree, simple, storeRoot, appHash } = await queryStore(comet, store, key);
  const isProven =
    confio.verifyMembership(tree, confio.iavlSpec, storeRoot, key, value) &&
    confio.verifyMembership(simple, confio.tendermintSpec, appHash, Buffer.from(store), storeRoot);
  if (!isProven) throw new RangeError(`the proof of a key of ${store} does not hold`);
  return value;
}

async function headerAt(comet: Comet38Client, height: number): Promise<comet38.Header> {
  for (let attempts = 0; attempts < 100; attempts++) {
    const { syncInfo } = await comet.status();
    if (syncInfo.latestBlockHeight >= height) break;
    await nextBlock(comet);
  }
  return (await comet.block(height)).block.header;
}

/** Waits for the next block on a subscription of its own. */
async function nextBlock(comet: Comet38Client): Promise<void> {
  const { nodeInfo } = await comet.status();
  const address = String(nodeInfo.other.get("rpc_address")).replace("tcp", "ws");
  const client = await Comet38Client.connect(address);
  await new Promise<void>((resolve, reject) => {
    client.subscribeNewBlock().addListener({ next: () => resolve(), error: reject });
  });
  client.disconnect();
}
