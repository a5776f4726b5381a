/** A running node that executes exactly the blocks a benchmark hands it, and times them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningNode, startNode } from "@tacit/cli";
import { contractAddress, sha256 } from "@tacit/crypto";
import type { Application, FinalizeBlockResponse } from "@tacit/sdk";
import { BenchAccount, Encryptor, execute, instantiate, storeCode } from "./wallet.ts";

/** Accounts of LocalSecret come first in genesis. */
const FIRST_ACCOUNT_NUMBER = 5n;
const BLOCK_INTERVAL_MS = 600_000;
const FUNDS = 10n ** 15n;

interface ApplicationTiming {
  readonly finalizeMs: number;
  readonly commitMs: number;
  readonly result: FinalizeBlockResponse;
}

export interface BlockTiming extends ApplicationTiming {
  /** All that consensus does for a block: signing, storing and indexing it, too. */
  readonly wholeMs: number;
}

/** What deploying and using a token needs of a chain. */
export interface TransferChain {
  readonly chainId: string;
  readonly ioPublicKey: Uint8Array;
  readonly accounts: readonly BenchAccount[];
  /** Executes one block of these transactions. @throws if one of them fails. */
  block(txs: readonly Uint8Array[]): Promise<unknown>;
}

export class BenchChain implements TransferChain {
  readonly node: RunningNode;
  readonly accounts: readonly BenchAccount[];
  readonly #home: string;
  readonly #driver: Driver;

  private constructor(parts: {
    node: RunningNode;
    accounts: readonly BenchAccount[];
    home: string;
    driver: Driver;
  }) {
    this.node = parts.node;
    this.accounts = parts.accounts;
    this.#home = parts.home;
    this.#driver = parts.driver;
  }

  static async start(accountCount: number): Promise<BenchChain> {
    const home = mkdtempSync(join(tmpdir(), "tacit-bench-"));
    const accounts = Array.from(
      { length: accountCount },
      (_, index) => new BenchAccount(index, FIRST_ACCOUNT_NUMBER + BigInt(index)),
    );
    const driver = new Driver();
    const node = await startNode({
      home,
      ports: "free",
      blockInterval: BLOCK_INTERVAL_MS,
      logLevel: "error",
      accounts: accounts.map(({ bech32 }) => ({ address: bech32, amount: FUNDS })),
      wrapApplication: (application) => driver.wrap(application),
    });
    return new BenchChain({ node, accounts, home, driver });
  }

  get chainId(): string {
    return this.node.chainId;
  }

  get ioPublicKey(): Uint8Array {
    return this.node.threads.enclave.ioPublicKey;
  }

  async block(txs: readonly Uint8Array[]): Promise<BlockTiming> {
    this.#driver.next = txs;
    const begun = performance.now();
    await this.node.engine.produceBlock();
    const wholeMs = performance.now() - begun;
    const { timing } = this.#driver;
    if (timing === undefined || timing.result.txResults.length !== txs.length) {
      throw new RangeError("the block did not run");
    }
    for (const { code, log } of timing.result.txResults) {
      if (code !== 0) throw new RangeError(`transaction failed with code ${code}: ${log}`);
    }
    return { ...timing, wholeMs };
  }

  async close(): Promise<void> {
    await this.node.stop();
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Hands consensus a prepared block and keeps the times of the one that ran. */
class Driver {
  next: readonly Uint8Array[] | undefined;
  timing: ApplicationTiming | undefined;

  wrap(application: Application): Application {
    let finalized: { finalizeMs: number; result: FinalizeBlockResponse } | undefined;
    return {
      ...application,
      prepareProposal: async () => {
        const txs = this.next ?? [];
        this.next = undefined;
        return { txs };
      },
      finalizeBlock: async (request) => {
        const begun = performance.now();
        const result = await application.finalizeBlock(request);
        finalized = { finalizeMs: performance.now() - begun, result };
        return result;
      },
      commit: async () => {
        const begun = performance.now();
        const answer = await application.commit();
        if (finalized !== undefined)
          this.timing = { ...finalized, commitMs: performance.now() - begun };
        return answer;
      },
    };
  }
}

export interface Token {
  readonly address: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly encryptor: Encryptor;
}

/** A call may use at most 10^10 units of wasm gas. */
const TRANSFERS_PER_CALL = 250;
const BALANCE = 1_000_000_000n;
const GAS_SETUP = 400_000_000n;

/** Uploads the SNIP-20 contract and gives each account a balance of it, some at a time. */
export async function deployToken(
  chain: TransferChain,
  onFunded: (accounts: number) => void = () => {},
): Promise<Token> {
  const [admin] = chain.accounts;
  if (admin === undefined) throw new RangeError("a token needs an account");
  const { chainId } = chain;
  const wasm = readFileSync(join(import.meta.dirname, "../../contracts/artifacts/snip20.wasm"));
  const codeHash = sha256(wasm);
  const encryptor = new Encryptor("token", chain.ioPublicKey);
  await chain.block([admin.sign(chainId, [storeCode(admin.address, wasm)], GAS_SETUP)]);
  const message = {
    name: "Benchmark",
    symbol: "BENCH",
    decimals: 6,
    prng_seed: "YmVuY2htYXJr",
    initial_balances: [
      { address: admin.bech32, amount: `${BALANCE * BigInt(chain.accounts.length)}` },
    ],
  };
  const start = instantiate(admin.address, {
    codeId: 1n,
    label: "benchmark token",
    message: encryptor.encrypt(codeHash, message),
  });
  await chain.block([admin.sign(chainId, [start], GAS_SETUP)]);
  const address = contractAddress({ codeId: 1n, instanceId: 1n, creator: admin.address });
  const token = { address, codeHash, encryptor };
  for (let start = 1; start < chain.accounts.length; start += TRANSFERS_PER_CALL) {
    const actions = chain.accounts
      .slice(start, start + TRANSFERS_PER_CALL)
      .map(({ bech32 }) => ({ recipient: bech32, amount: `${BALANCE}` }));
    const call = encryptor.encrypt(codeHash, { batch_transfer: { actions } });
    await chain.block([admin.sign(chainId, [execute(admin.address, address, call)], GAS_SETUP)]);
    onFunded(start + actions.length);
  }
  return token;
}

/** One signed, encrypted transfer of account `from` to account `to`. */
export function transferTx(
  chain: TransferChain,
  token: Token,
  { from, to }: { from: number; to: number },
): Uint8Array {
  const sender = chain.accounts[from % chain.accounts.length] as BenchAccount;
  const recipient = chain.accounts[to % chain.accounts.length] as BenchAccount;
  const message = sender.encryptorTo(chain.ioPublicKey).encrypt(token.codeHash, {
    transfer: { recipient: recipient.bech32, amount: `${1 + (from % 1_000)}` },
  });
  return sender.sign(chain.chainId, [execute(sender.address, token.address, message)], 150_000n);
}
