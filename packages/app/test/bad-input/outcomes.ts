/** Which results of a transaction the chain documents, and how often each came. */
import type { ExecTxResult } from "@tacit/sdk";

export type Outcomes = { readonly [outcome: string]: number };

/** Codes of chain-and-client-api section 5.8 and privacy-protocol section 11.6. */
const DOCUMENTED: { readonly [codespace: string]: (code: number) => boolean } = {
  sdk: (code) => (code >= 2 && code <= 41) || code === 40404,
  compute: (code) => (code >= 2 && code <= 19) || [21, 22, 30, 31].includes(code),
  bank: (code) => code === 5,
  register: (code) => code >= 1 && code <= 8,
};

/** Errors of the SDK that have no code of their own: about addresses, and a signer without a mode. */
const PLAIN =
  /^(failed to execute message; message index: \d+: )?(\w+: )?(decoding bech32 failed|address length|empty address|got empty SignatureData$)/;

/** Where the SDK itself runs into a panic and recovers; any other panic would be a fault of ours. */
const PANIC =
  /^recovered: (length of pubkey is incorrect|transaction without fee|index out of range|runtime error: invalid memory address or nil pointer dereference|(decoding bech32 failed|address length|hrp does not match bech32 prefix).*): panic$/;

/** What only a fault of ours would say. */
const FAULT =
  /TypeError|RangeError|undefined|\[object|NaN|invariant|Cannot read|at \w+ \(|fault of its own/;

/** Base64 of a contract's error, in which any of these words may stand by chance. */
const CIPHERTEXT = /(?<=encrypted: )[A-Za-z0-9+/]+={0,2}/g;

export class OutcomeCount {
  readonly #counts = new Map<string, number>();

  add({ codespace, code }: Pick<ExecTxResult, "codespace" | "code">): void {
    const outcome = code === 0 ? "ok" : `${codespace}/${code}`;
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  get outcomes(): Outcomes {
    return Object.fromEntries([...this.#counts].sort());
  }
}

/** @throws {RangeError} with `where` for a result that no client could expect. */
export function assertDocumented(
  result: Pick<ExecTxResult, "codespace" | "code" | "log">,
  where: string,
): void {
  const { codespace, code, log } = result;
  if (code === 0 && log === "") return;
  const isPlain = codespace === "undefined" && code === 1 && PLAIN.test(log);
  const isPanic = codespace === "undefined" && code === 111222 && PANIC.test(log);
  const isKnown = isPlain || isPanic || (DOCUMENTED[codespace]?.(code) ?? false);
  if (!isKnown || FAULT.test(log.replaceAll(CIPHERTEXT, ""))) {
    throw new RangeError(`undocumented result ${codespace}/${code}: ${log} (${where})`);
  }
}
