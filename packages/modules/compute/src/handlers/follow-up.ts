import type { CallOutput } from "@tacit/enclave-channel";
import { type Context, wrapError } from "@tacit/sdk";
import type { HandlerEnvironment } from "./environment.ts";

/** Sends on what a contract answered. @throws with `dispatch: ` in front. */
export function followUp(
  env: HandlerEnvironment,
  context: Context,
  call: {
    readonly address: Uint8Array;
    readonly message: Uint8Array;
    readonly output: CallOutput;
  },
): Uint8Array | undefined {
  try {
    return env.dispatcher.followUp(context, {
      contract: call.address,
      originalMessage: call.message,
      output: call.output,
    });
  } catch (error) {
    throw wrapError(error, "dispatch");
  }
}
