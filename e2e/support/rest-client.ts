/** The few REST calls that the crash run needs, with bounded waiting. */

export interface FoundTx {
  readonly height: string;
  readonly code: number;
  readonly log: string;
}

/** The fields that are read, of whichever answer it is. */
interface Answer {
  readonly account: { readonly sequence: string };
  readonly balance: { readonly amount: string };
  readonly block: { readonly header: { readonly height: string; readonly app_hash: string } };
  readonly tx_response: {
    readonly height: string;
    readonly code: number;
    readonly raw_log: string;
  };
  readonly data: string;
}

const POLL_MS = 20;
const WAIT_MS = 30_000;

export class RestClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async sequence(address: string): Promise<bigint> {
    const { account } = await this.#get(`/cosmos/auth/v1beta1/accounts/${address}`);
    return BigInt(account.sequence);
  }

  async balance(address: string): Promise<string> {
    const { balance } = await this.#get(
      `/cosmos/bank/v1beta1/balances/${address}/by_denom?denom=uscrt`,
    );
    return balance.amount;
  }

  async height(): Promise<number> {
    const { block } = await this.#get("/cosmos/base/tendermint/v1beta1/blocks/latest");
    return Number(block.header.height);
  }

  /** Base64, as the header of the next block has it. */
  async appHashAfter(height: number): Promise<string> {
    const { block } = await this.#get(`/cosmos/base/tendermint/v1beta1/blocks/${height + 1}`);
    return block.header.app_hash;
  }

  /** Waits until the chain is higher than `height`. */
  async heightAbove(height: number): Promise<void> {
    await this.#until(async () => ((await this.height()) > height ? true : undefined));
  }

  /** @throws if CheckTx refuses it. */
  async broadcast(tx: Uint8Array): Promise<void> {
    const body = JSON.stringify({
      txBytes: Buffer.from(tx).toString("base64"),
      mode: "BROADCAST_MODE_SYNC",
    });
    const answer = await fetch(`${this.#url}/cosmos/tx/v1beta1/txs`, { method: "POST", body });
    const { tx_response } = (await answer.json()) as Partial<Answer>;
    if (tx_response?.code !== 0) throw new RangeError(`refused: ${JSON.stringify(tx_response)}`);
  }

  async tx(hash: string): Promise<FoundTx | undefined> {
    const answer = await fetch(`${this.#url}/cosmos/tx/v1beta1/txs/${hash}`);
    const body = (await answer.json()) as Answer;
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new RangeError(JSON.stringify(body));
    const { height, code, raw_log } = body.tx_response;
    return { height, code, log: raw_log };
  }

  async waitForTx(hash: string): Promise<FoundTx> {
    return this.#until(() => this.tx(hash));
  }

  /** @returns the encrypted answer. */
  async smartQuery(contract: string, query: Uint8Array): Promise<Uint8Array> {
    const text = encodeURIComponent(Buffer.from(query).toString("base64"));
    const { data } = await this.#get(`/compute/v1beta1/query/${contract}?query=${text}`);
    return Buffer.from(data, "base64");
  }

  async #get(path: string): Promise<Answer> {
    const answer = await fetch(`${this.#url}${path}`);
    const body = await answer.json();
    if (!answer.ok) throw new RangeError(`${path}: ${JSON.stringify(body)}`);
    return body as Answer;
  }

  async #until<T>(look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > deadline) throw new RangeError("waited too long");
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
