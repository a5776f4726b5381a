/** How deep calls of contracts nest within a transaction. */
import type { Context } from "@tacit/sdk";
import { computeErrors } from "./errors.ts";
import { CALL_DEPTH_MAX } from "./limits.ts";

export function callDepth(context: Context): number {
  return context.scope?.callDepth ?? 0;
}

/**
 * Runs `body` one level deeper.
 * @throws {SdkError} `compute/30` past {@link CALL_DEPTH_MAX}. The network counts from the
 *   transaction's index in its block, so that there the hundredth transaction cannot call a
 *   contract; here every transaction has the full depth.
 */
export function oneCallDeeper<T>(context: Context, body: () => T): T {
  const { scope } = context;
  if (scope === undefined) return body();
  if (scope.callDepth >= CALL_DEPTH_MAX) throw computeErrors.callDepthExceeded.make();
  scope.callDepth += 1;
  try {
    return body();
  } finally {
    scope.callDepth -= 1;
  }
}

/**
 * `env.transaction.index`: the transaction's place in the block plus the depth of the call, as
 * contracts see it on the network (section 9.4). Absent outside transactions.
 */
export function visibleTxIndex(context: Context): number | undefined {
  const index = context.scope?.txIndex;
  return index === undefined ? undefined : index + callDepth(context);
}
