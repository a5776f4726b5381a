/**
 * A transaction that a block has not come to yet. While the one before waits for the enclave, this
 * thread looks at it: decodes it and verifies its signatures, which then need not be done again.
 */
import type { AnteNext } from "./ante.ts";
import { branchOf, type Context, createTxScope, type TxSigner } from "./context.ts";
import { EventManager } from "./events.ts";
import { createInfiniteGasMeter } from "./gas.ts";
import type { DecodedTx } from "./tx.ts";
import type { TxDecoder } from "./tx-decoder.ts";

/** What a look finds. */
export interface TxPreview {
  readonly tx: DecodedTx;
  /** As their accounts are now; transactions in between may change that. */
  readonly signers: readonly TxSigner[];
}

export interface LookOptions {
  readonly decode: TxDecoder;
  /**
   * The ante decorators that verify signatures, which must remember what they verified. Absent:
   * there is nothing to look for.
   */
  readonly verify?: AnteNext | undefined;
}

export class UpcomingTx {
  readonly #bytes: Uint8Array;
  readonly #options: LookOptions;
  #wasSeen = false;
  #tx: DecodedTx | undefined;

  constructor(bytes: Uint8Array, options: LookOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  /**
   * Never throws, and leaves nothing in state, gas or events. Undefined for a transaction that
   * would fail as things are, and for one that was looked at before.
   */
  look(context: Context): TxPreview | undefined {
    const { decode, verify } = this.#options;
    if (this.#wasSeen || verify === undefined) return undefined;
    this.#wasSeen = true;
    try {
      const tx = decode(this.#bytes);
      this.#tx = tx;
      const scope = createTxScope(tx);
      const events = new EventManager();
      const gasMeter = createInfiniteGasMeter();
      const stores = branchOf(context.stores);
      verify(context.with({ scope, events, gasMeter, stores }), tx, false);
      return { tx, signers: scope.signers };
    } catch {
      // Running the transaction does all of this again, and only then does a failure count.
      return undefined;
    }
  }

  /** For its run, once. @throws {SdkError} `sdk/2`. */
  decode(): DecodedTx {
    const tx = this.#tx ?? this.#options.decode(this.#bytes);
    this.#tx = undefined;
    return tx;
  }
}
