import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "@tacit/crypto";
import { EnclaveSupervisor } from "@tacit/enclave-channel";
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import type { FinalizeBlockRequest } from "@tacit/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ApplicationThreads,
  localSecretAccounts,
  secretdev1,
  startApplicationThreads,
} from "../src/index.ts";
import { blockOf } from "./bank-chain.ts";
import { initLocalSecret } from "./local-secret.ts";

/** A node's application: worker threads, and the enclave in its own process. */
class Node {
  readonly directory = mkdtempSync(join(tmpdir(), "tacit-threads-"));
  supervisor!: EnclaveSupervisor;
  threads!: ApplicationThreads;
  readonly failures: string[] = [];

  async start(): Promise<void> {
    this.supervisor = new EnclaveSupervisor({
      entry: fileURLToPath(import.meta.resolve("@tacit/enclave/main")),
      sealingKeyFile: join(this.directory, "sealing-key"),
      channels: 2,
    });
    this.threads = await startApplicationThreads({
      network: secretdev1,
      store: { directory: join(this.directory, "application") },
      channels: { blocks: this.supervisor.channel(0), queries: [this.supervisor.channel(1)] },
      sealedFile: join(this.directory, "sealed"),
      onFatal: (error) => this.failures.push(error.code),
    });
  }

  get application() {
    return this.threads.application;
  }

  async initChain(): Promise<void> {
    await initLocalSecret(this.threads);
  }

  async block(height: bigint): Promise<Uint8Array> {
    const { appHash } = await this.application.finalizeBlock(emptyBlock(height));
    await this.application.commit();
    return appHash;
  }

  async balance(address: string, height = 0n) {
    const data = encodeMessage(QueryBalanceRequestSchema, { address, denom: "uscrt" });
    const path = "/cosmos.bank.v1beta1.Query/Balance";
    const response = await this.application.query({ path, data, height, prove: false });
    return {
      response,
      amount: decodeMessage(QueryBalanceResponseSchema, response.value).balance?.amount,
    };
  }

  async stop(): Promise<void> {
    await this.threads.close();
    await this.supervisor.stop();
  }
}

function emptyBlock(height: bigint): FinalizeBlockRequest {
  return { ...blockOf(height, []), hash: sha256(new TextEncoder().encode(`block ${height}`)) };
}

describe("the application in threads", () => {
  const node = new Node();
  const validator = localSecretAccounts[0].address;

  beforeAll(async () => {
    await node.start();
    await node.initChain();
  });

  afterAll(async () => {
    await node.stop();
    rmSync(node.directory, { recursive: true, force: true });
  });

  it("answers nothing before its first block and committed state after it", async () => {
    const { response } = await node.balance(validator);
    expect(response).toMatchObject({ code: 26, codespace: "sdk" });
    await node.block(1n);
    await node.block(2n);
    const { amount, response: after } = await node.balance(validator);
    expect(amount).toBe("900000000000000000");
    expect(after.height).toBe(2n);
  });

  it("says what height it does not have", async () => {
    const { response } = await node.balance(validator, 99n);
    expect(response.log).toBe(
      "cannot query with height in the future; please provide a valid height: invalid height",
    );
    expect(response.grpcStatus?.message).toBe(
      "codespace sdk code 26: invalid height: cannot query with height in the future; please provide a valid height",
    );
  });

  it("proves what it stores, but for the first height", async () => {
    const query = { path: "/store/acc/key", data: Uint8Array.of(0), prove: true };
    const proved = await node.application.query({ ...query, height: 2n });
    expect(proved.proofOps?.map(({ type }) => type)).toEqual(["ics23:iavl", "ics23:simple"]);
    const refused = await node.application.query({ ...query, height: 1n });
    expect(refused).toMatchObject({ code: 18, codespace: "sdk" });
  });

  it("begins the block again when the enclave was killed before it", async () => {
    process.kill(node.supervisor.pid!, "SIGKILL");
    await node.block(3n);
    expect((await node.application.info()).lastBlockHeight).toBe(3n);
    expect(node.failures).toEqual([]);
  });

  it("holds checks back between a block and its commit", async () => {
    await node.application.finalizeBlock(emptyBlock(4n));
    const order: string[] = [];
    const check = node.application
      .checkTx({ tx: Uint8Array.of(1), recheck: false })
      .then(({ code }) => order.push(`check ${code}`));
    await node.application.info();
    order.push("commit");
    await node.application.commit();
    await check;
    expect(order).toEqual(["commit", "check 2"]);
  });

  it("goes on where it was after a restart", async () => {
    const before = await node.application.info();
    await node.stop();
    await node.start();
    const after = await node.application.info();
    expect(after.lastBlockHeight).toBe(4n);
    expect(after.lastBlockAppHash).toEqual(before.lastBlockAppHash);
    await node.block(5n);
    expect((await node.balance(validator)).amount).toBe("900000000000000000");
  });

  it("refuses a block that does not follow, and stops there", async () => {
    const wrong = node.application.finalizeBlock(emptyBlock(9n));
    await expect(wrong).rejects.toMatchObject({ code: "app/failed" });
    expect(node.failures).toEqual(["app/failed"]);
    await expect(node.application.info()).rejects.toMatchObject({ code: "app/failed" });
  });
});
