import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { Secret } from "@tacit/crypto";
import type { NetworkParams } from "@tacit/enclave-channel";
import { invariant } from "@tacit/encoding/errors";
import { Refusal, type RefusalCode } from "./errors.ts";
import type { BlockClaim } from "./light-client.ts";
import type { Opened, Vault } from "./vault.ts";
import type { VaultPort } from "./vault-link.ts";

type Question =
  | {
      readonly kind: "start";
      readonly network: NetworkParams;
      readonly sealed: Uint8Array | undefined;
    }
  | { readonly kind: "open" }
  | { readonly kind: "heights" }
  | { readonly kind: "measurement" }
  | { readonly kind: "beginBlock"; readonly claim: BlockClaim };

type Answer = { readonly ok: unknown } | { readonly refused: RefusalCode };

interface OpenedBytes {
  readonly seeds: readonly Uint8Array[];
  readonly network: NetworkParams;
}

/**
 * Serves the vault of the enclave's main thread to one engine thread that blocks: the question
 * comes by message, the answer is fetched when shared memory says that it is there.
 *
 * Seeds are revealed for the way: they stay within the process, between two threads of which
 * either may be read by whoever can read the other.
 */
export function serveVault(vault: Vault, { port, answered }: VaultPort): void {
  const counter = new Int32Array(answered);
  port.on("message", (question: Question) => {
    port.postMessage(answer(vault, question));
    Atomics.add(counter, 0, 1);
    Atomics.notify(counter, 0);
  });
}

function answer(vault: Vault, question: Question): Answer {
  try {
    return { ok: respond(vault, question) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code };
    throw error;
  }
}

function respond(vault: Vault, question: Question): unknown {
  switch (question.kind) {
    case "start":
      return vault.start(question.network, question.sealed);
    case "heights":
      return vault.heights();
    case "measurement":
      return vault.measurement();
    case "beginBlock":
      return vault.beginBlock(question.claim);
    case "open": {
      const { seeds, network } = vault.open();
      return { seeds: seeds.map((seed) => seed.reveal()), network } satisfies OpenedBytes;
    }
  }
}

/** How long a thread that is not the first waits for the enclave to be started. */
const START_WAIT_MS = 20_000;
const START_POLL_MS = 5;

/** The vault as an engine thread sees it. Every method blocks. */
export class RemoteVault implements Vault {
  readonly #port: MessagePort;
  readonly #answered: Int32Array;

  constructor(link: VaultPort) {
    this.#port = link.port;
    this.#answered = new Int32Array(link.answered);
  }

  start(network: NetworkParams, sealed: Uint8Array | undefined): Uint8Array {
    return this.#ask({ kind: "start", network, sealed }) as Uint8Array;
  }

  /** Waits for another thread to start the enclave: after a restart queries come before blocks. */
  open(): Opened {
    for (let waited = 0; ; waited += START_POLL_MS) {
      try {
        return toOpened(this.#ask({ kind: "open" }) as OpenedBytes);
      } catch (error) {
        if (!(error instanceof Refusal) || waited >= START_WAIT_MS) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, START_POLL_MS);
      }
    }
  }

  measurement(): Uint8Array {
    return this.#ask({ kind: "measurement" }) as Uint8Array;
  }

  heights(): { readonly last: bigint; readonly first: bigint } {
    return this.#ask({ kind: "heights" }) as { last: bigint; first: bigint };
  }

  beginBlock({ height, blockHash, header, commit, validators }: BlockClaim): Uint8Array {
    const claim = { height, blockHash, header, commit, validators };
    return this.#ask({ kind: "beginBlock", claim }) as Uint8Array;
  }

  #ask(question: Question): unknown {
    const before = Atomics.load(this.#answered, 0);
    this.#port.postMessage(question);
    Atomics.wait(this.#answered, 0, before);
    const received = receiveMessageOnPort(this.#port) as { readonly message: Answer } | undefined;
    invariant(received !== undefined, "an announced answer is there");
    if ("refused" in received.message) throw new Refusal(received.message.refused);
    return received.message.ok;
  }
}

function toOpened({ seeds, network }: OpenedBytes): Opened {
  const kept = seeds.map((bytes) => {
    const seed = new Secret(bytes, "seed");
    bytes.fill(0);
    return seed;
  });
  return { seeds: kept, network };
}
