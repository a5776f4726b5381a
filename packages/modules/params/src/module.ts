/** The module as the frame sees it. It has no genesis: nothing is kept here at first. */
import { Query } from "@tacit/encoding/proto/cosmos/params/v1beta1/query";
import { grpcError, type Module } from "@tacit/sdk";
import { paramsErrors } from "./errors.ts";
import { parameterChange } from "./parameter-change.ts";
import { type KeyTable, Subspaces, type TransientWriteGas } from "./subspaces.ts";

export interface ParamsModuleOptions {
  /** The network's subspaces and what their modules have registered. */
  readonly subspaces: ReadonlyMap<string, KeyTable>;
  readonly transientWriteGas: TransientWriteGas;
}

export interface ParamsModule extends Module {
  /** For module `gov`. */
  readonly content: ReturnType<typeof parameterChange>;
}

export function createParamsModule(options: ParamsModuleOptions): ParamsModule {
  const subspaces = new Subspaces(options.subspaces, options.transientWriteGas);
  return {
    name: "params",
    content: parameterChange(subspaces),
    register: ({ queries }) => {
      queries.register(Query, {
        params: (context, { subspace, key }) => {
          if (subspace === "" || key === "") throw grpcError.invalidArgument("invalid request");
          if (!subspaces.has(subspace)) throw paramsErrors.unknownSubspace.wrap(subspace);
          return { param: { subspace, key, value: subspaces.raw(context, subspace, key) } };
        },
        subspaces: (context) => ({
          subspaces: subspaces.names.map((subspace) => ({
            subspace,
            keys: [...subspaces.keys(context, subspace)],
          })),
        }),
      });
    },
  };
}
