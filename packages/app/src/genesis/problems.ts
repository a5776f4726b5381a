/** What can be wrong with a genesis, said so that somebody can mend it. */
import { ProtocolError } from "@tacit/encoding/errors";

export type GenesisProblemCode =
  /** Not JSON of the module's shape. */
  | "genesis/shape"
  /** No address of this network, or not the one that a key or a name has. */
  | "genesis/address"
  /** Something that may stand there once stands there again. */
  | "genesis/duplicate"
  /** It names something that is not there. */
  | "genesis/reference"
  /** Parts do not add up to their sum. */
  | "genesis/sum"
  /** A number out of its range, or a list too long. */
  | "genesis/limit"
  /** A module account with another name, address or permission than the network gives it. */
  | "genesis/module_account"
  /** State of a module that this network does not have. */
  | "genesis/unknown_module"
  /** Keys that are not this node's, or not this network's enclave's. */
  | "genesis/keys"
  /** A module refused its state when it was taken over. */
  | "genesis/refused";

export interface GenesisProblem {
  readonly code: GenesisProblemCode;
  /** Of the value in the document: `app_state.bank.balances[3].address`. */
  readonly path: string;
  /** One sentence: what is wrong. */
  readonly text: string;
  /** One sentence: what to do. */
  readonly hint: string;
}

/** The first problem of a genesis, with how many there are. */
export class GenesisError extends ProtocolError<GenesisProblem & { readonly problems: number }> {
  readonly all: readonly GenesisProblem[];

  constructor(all: readonly [GenesisProblem, ...GenesisProblem[]], options?: ErrorOptions) {
    const [first] = all;
    super({ ...first, problems: all.length }, `${first.path}: ${first.text}`, options);
    this.all = all;
  }
}

/** Collects problems, not more of them than anybody reads. */
export class Problems {
  static readonly max = 100;
  readonly #found: GenesisProblem[] = [];

  get found(): readonly GenesisProblem[] {
    return this.#found;
  }

  add(code: GenesisProblemCode, path: string, text: string, hint: string): void {
    if (this.#found.length < Problems.max) this.#found.push({ code, path, text, hint });
  }

  /** Runs `read`; what it throws becomes a problem at `path`. */
  attempt<T>(
    code: GenesisProblemCode,
    path: string,
    { read, hint }: { readonly read: () => T; readonly hint: string },
  ): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.add(code, path, error.message, hint);
      return undefined;
    }
  }

  /** Each key once: the second is a problem. */
  unique<T>(
    items: readonly T[],
    at: { readonly path: (index: number) => string; readonly what: string },
    keyOf: (item: T) => string | undefined,
  ): void {
    const seen = new Map<string, number>();
    for (const [index, item] of items.entries()) {
      const key = keyOf(item);
      if (key === undefined) continue;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      else {
        this.add(
          "genesis/duplicate",
          at.path(index),
          `${at.what} ${key} stands at ${at.path(first)} already`,
          "Keep one of the two and correct the sums.",
        );
      }
    }
  }
}
