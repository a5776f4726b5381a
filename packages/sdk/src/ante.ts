/** Checks before a transaction's messages: signatures, fees, limits. */
import type { Context } from "./context.ts";
import type { DecodedTx } from "./tx.ts";

/** Hands on to the next decorator. */
export type AnteNext = (context: Context, tx: DecodedTx, isSimulation: boolean) => Context;

/**
 * One check. It changes the context or state, throws a typed failure, or hands on by calling
 * `next`; what it does after `next` runs in reverse order.
 */
export type AnteDecorator = (
  context: Context,
  tx: DecodedTx,
  isSimulation: boolean,
  next: AnteNext,
) => Context;

/** The decorators as one function, the first one outermost. */
export function chainAnteDecorators(decorators: readonly AnteDecorator[]): AnteNext {
  let chain: AnteNext = (context) => context;
  for (const decorator of [...decorators].reverse()) {
    const next = chain;
    chain = (context, tx, isSimulation) => decorator(context, tx, isSimulation, next);
  }
  return chain;
}
