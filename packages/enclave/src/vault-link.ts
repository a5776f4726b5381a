import { MessageChannel, type MessagePort } from "node:worker_threads";

/** One end of the line between an engine thread and the vault. */
export interface VaultPort {
  readonly port: MessagePort;
  /** One word, counting the vault's answers: an engine thread that blocks gets no events. */
  readonly answered: SharedArrayBuffer;
}

/** Both ends. Post `engine` to the worker with its port in the transfer list; questions wait until `vault` is served. */
export function createVaultLink(): { readonly vault: VaultPort; readonly engine: VaultPort } {
  const { port1, port2 } = new MessageChannel();
  const answered = new SharedArrayBuffer(4);
  return { vault: { port: port1, answered }, engine: { port: port2, answered } };
}
