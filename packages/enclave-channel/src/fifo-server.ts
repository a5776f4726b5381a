import { type EnclaveService, serveForever } from "./conversation.ts";
import { ChannelError } from "./errors.ts";
import { acceptHost } from "./fifo-connect.ts";

/**
 * The enclave's side of one channel: serves whoever connects, one host after the other. A host
 * that sends bytes which are no frames is disconnected. Never returns.
 *
 * @param onDisconnect drops what belonged to the host that went.
 */
export function serveFifo(
  options: { readonly directory: string; readonly channel: number },
  service: EnclaveService,
  onDisconnect: () => void,
): never {
  for (;;) {
    const pipe = acceptHost(options.directory, options.channel);
    try {
      serveForever(pipe, service);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      pipe.close();
      onDisconnect();
    }
  }
}
