/** The module as the frame sees it. */
import { Query } from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/query";
import {
  MsgCancelUpgradeResponseSchema,
  MsgCancelUpgradeSchema,
  MsgSoftwareUpgradeResponseSchema,
  MsgSoftwareUpgradeSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import {
  type AddressCodec,
  type MessageRouter,
  type Module,
  messageRoute,
  type QueryRouter,
  sdkErrors,
} from "@tacit/sdk";
import { upgradeErrors } from "./errors.ts";
import { upgradedConsensusKey, upgradeStoreName } from "./keys.ts";
import {
  clearPlan,
  doneHeight,
  getPlan,
  moduleVersions,
  schedule,
  setModuleVersions,
} from "./plans.ts";
import { preBlock, type UpgradeHandler } from "./pre-block.ts";

export interface UpgradeModuleOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the governance account. */
  readonly authority: string;
  /** Of all modules of the network, at genesis. */
  readonly moduleVersions: ReadonlyMap<string, bigint>;
  /** By the name of the plan. */
  readonly handlers: ReadonlyMap<string, UpgradeHandler>;
}

/** Genesis is empty: versions are the software's own, and plans are not exported. */
export function createUpgradeModule(options: UpgradeModuleOptions): Module {
  return {
    name: "upgrade",
    register: ({ messages, queries }) => {
      registerMessages(messages, options);
      registerQueries(queries, options);
    },
    preBlock: (context) => preBlock(context, options.handlers),
    defaultGenesis: () => ({}),
    initGenesis: (context) => {
      setModuleVersions(context, options.moduleVersions);
      return undefined;
    },
    exportGenesis: () => ({}),
  };
}

function registerMessages(messages: MessageRouter, options: UpgradeModuleOptions): void {
  const { addresses } = options;
  messages.register(
    messageRoute({
      schema: MsgSoftwareUpgradeSchema,
      response: MsgSoftwareUpgradeResponseSchema,
      signers: (message) => [addresses.toBytes(message.authority)],
      handle: (context, message) => {
        assertAuthority(options, message.authority);
        if (message.plan === undefined) {
          throw sdkErrors.invalidRequest.wrap("name cannot be empty");
        }
        schedule(context, message.plan);
        return {};
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgCancelUpgradeSchema,
      response: MsgCancelUpgradeResponseSchema,
      signers: (message) => [addresses.toBytes(message.authority)],
      handle: (context, message) => {
        assertAuthority(options, message.authority);
        clearPlan(context);
        return {};
      },
    }),
  );
}

function assertAuthority({ authority }: UpgradeModuleOptions, got: string): void {
  if (got === authority) return;
  throw upgradeErrors.invalidSigner.wrap(`expected ${authority} got ${got}`);
}

function registerQueries(queries: QueryRouter, { authority }: UpgradeModuleOptions): void {
  queries.register(Query, {
    currentPlan: (context) => {
      const plan = getPlan(context);
      return plan === undefined ? {} : { plan };
    },
    appliedPlan: (context, { name }) => ({ height: doneHeight(context, name) }),
    upgradedConsensusState: (context, { lastHeight }) => {
      const bytes = context.kvStore(upgradeStoreName).get(upgradedConsensusKey(lastHeight));
      return bytes === undefined ? {} : { upgradedConsensusState: bytes };
    },
    moduleVersions: (context, { moduleName }) => {
      const all = [...moduleVersions(context)].map(([name, version]) => ({ name, version }));
      if (moduleName === "") return { moduleVersions: all };
      const found = all.filter(({ name }) => name === moduleName);
      if (found.length > 0) return { moduleVersions: found };
      throw upgradeErrors.noModuleVersion.wrap(
        `x/upgrade: QueryModuleVersions module ${moduleName} not found`,
      );
    },
    authority: () => ({ address: authority }),
  });
}
