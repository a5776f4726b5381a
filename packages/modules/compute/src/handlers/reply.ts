/** Tells a contract how its sub-message went (section 9.3). */
import { ProtocolError } from "@tacit/encoding/errors";
import { type Context, isFatal, OutOfGasError, PanicError } from "@tacit/sdk";
import { getInstance } from "../contracts.ts";
import type { ReplyCall } from "../dispatch/reply-input.ts";
import { computeErrors } from "../errors.ts";
import { contractEvent } from "../events.ts";
import { chargeInstance } from "../gas.ts";
import type { HandlerEnvironment } from "./environment.ts";

/**
 * The charge for a reply's instructions is made twice (section 8.3).
 * @returns data that replaces the caller's, if there is any.
 * @throws {SdkError} `compute/19`, also around what the reply's own messages throw.
 */
export function replyToContract(
  env: HandlerEnvironment,
  context: Context,
  call: ReplyCall,
): Uint8Array | undefined {
  const { contract, originalMessage, reply, authorization } = call;
  const { code } = getInstance(context, contract);
  chargeInstance(context, "Loading Compute module: reply");
  const output = env.calls.call(
    context,
    {
      kind: "reply",
      contract,
      codeHash: code.codeHash,
      sender: contract,
      funds: [],
      message: new Uint8Array(),
      authorization,
      originalMessage,
      reply,
    },
    computeErrors.replyFailed,
    { chargesComputeTwice: true },
  );
  const address = env.options.addresses.toText(contract);
  context.events.emit(contractEvent("reply", address));
  try {
    return env.dispatcher.followUp(context, { contract, originalMessage, output });
  } catch (error) {
    if (!isRecorded(error)) throw error;
    throw computeErrors.replyFailed.wrap(error.message);
  }
}

/** Failures of the chain's own; the rest ends the transaction or the node as it is. */
function isRecorded(error: unknown): error is ProtocolError<{ readonly code: string }> {
  if (!(error instanceof ProtocolError)) return false;
  return !(error instanceof OutOfGasError || error instanceof PanicError || isFatal(error));
}
