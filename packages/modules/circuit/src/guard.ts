/** Refusing message types that are on the list. Looking costs gas. */
import { type AnteDecorator, type Context, PlainError } from "@tacit/sdk";
import { circuitStoreName, disabledKey } from "./keys.ts";

export function isTripped(context: Context, typeUrl: string): boolean {
  return context.kvStore(circuitStoreName).has(disabledKey(typeUrl));
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
