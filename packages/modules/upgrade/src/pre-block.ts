/** Before each block: is this software the right one for it? */
import type { Context } from "@tacit/sdk";
import { UpgradeHalt } from "./errors.ts";
import { getPlan, lastDone, markDone, moduleVersions } from "./plans.ts";

/** Migrates state. @returns the versions of modules afterwards. */
export type UpgradeHandler = (
  context: Context,
  versions: ReadonlyMap<string, bigint>,
) => ReadonlyMap<string, bigint>;

/**
 * Applies a plan that is due.
 * @returns whether it did, in which case consensus parameters may have changed.
 * @throws {UpgradeHalt} if there is no handler for a plan that is due or was the last applied, or
 *   if there is one for a plan that is not due yet. The node must stop.
 */
export function preBlock(context: Context, handlers: ReadonlyMap<string, UpgradeHandler>): boolean {
  const plan = getPlan(context);
  if (plan === undefined || context.height < plan.height) {
    assertLastKnown(context, handlers);
    if (plan !== undefined && handlers.has(plan.name)) {
      throw new UpgradeHalt(
        { code: "upgrade/too_early", name: plan.name },
        `BINARY UPDATED BEFORE TRIGGER! UPGRADE "${plan.name}" - in binary but not executed on chain. Downgrade your binary`,
      );
    }
    return false;
  }
  const handler = handlers.get(plan.name);
  if (handler === undefined) {
    throw new UpgradeHalt(
      { code: "upgrade/needed", name: plan.name },
      `UPGRADE "${plan.name}" NEEDED at height: ${plan.height}: ${plan.info}`,
    );
  }
  markDone(context, plan, handler(context, moduleVersions(context)));
  return true;
}

function assertLastKnown(context: Context, handlers: ReadonlyMap<string, UpgradeHandler>): void {
  const name = lastDone(context);
  if (name === undefined || handlers.has(name)) return;
  throw new UpgradeHalt(
    { code: "upgrade/handler_missing", name },
    `wrong app version ${context.consensusParams?.version.app ?? 0n}, upgrade handler is missing for ${name} upgrade plan`,
  );
}
