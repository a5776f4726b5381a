/**
 * The circuit breaker's check: message types on a list are refused. Who may put them there is the
 * circuit module's (not here yet, so the list is empty); the check is, because it costs gas.
 */
import { type AnteDecorator, type Context, concatBytes, PlainError, utf8Bytes } from "@tacit/sdk";

export const circuitStoreName = "circuit";

const disabledPrefix = Uint8Array.of(0x02);

function isTripped(context: Context, typeUrl: string): boolean {
  return context.kvStore(circuitStoreName).has(concatBytes(disabledPrefix, utf8Bytes(typeUrl)));
}

/** Before each handler, wherever its message comes from. */
export function circuitGuard(context: Context, typeUrl: string): void {
  if (!isTripped(context, typeUrl)) return;
  throw new PlainError(`circuit breaker disables execution of this message: ${typeUrl}`);
}

/** Before a transaction's other checks, for its own messages. */
export const refuseTrippedTypes: AnteDecorator = (context, tx, isSimulation, next) => {
  for (const { typeUrl } of tx.messages) {
    if (isTripped(context, typeUrl)) throw new PlainError("tx type not allowed");
  }
  return next(context, tx, isSimulation);
};
