/** The content of proposals that change parameters kept here. */
import {
  type ParamChange,
  type ParameterChangeProposal,
  ParameterChangeProposalSchema,
} from "@tacit/encoding/proto/cosmos/params/v1beta1/params";
import { type Context, PlainError } from "@tacit/sdk";
import { paramsErrors } from "./errors.ts";
import type { Subspaces } from "./subspaces.ts";

/** A kind of content, as module `gov` takes it. */
export function parameterChange(subspaces: Subspaces) {
  return {
    schema: ParameterChangeProposalSchema,
    route: "params",
    type: "ParameterChange",
    isListed: true,
    validate: (content: unknown) => validateChanges((content as ParameterChangeProposal).changes),
    handle: (context: Context, content: unknown) => {
      for (const change of (content as ParameterChangeProposal).changes) {
        apply(context, subspaces, change);
      }
    },
  } as const;
}

/** @throws {SdkError} `params/4` to `params/7` */
function validateChanges(changes: readonly ParamChange[]): void {
  if (changes.length === 0) throw paramsErrors.emptyChanges.make();
  for (const { subspace, key, value } of changes) {
    if (subspace === "") throw paramsErrors.emptySubspace.make();
    if (key === "") throw paramsErrors.emptyKey.make();
    if (value === "") throw paramsErrors.emptyValue.make();
  }
}

/** @throws {SdkError} `params/2`, `params/3` */
function apply(
  context: Context,
  subspaces: Subspaces,
  { subspace, key, value }: ParamChange,
): void {
  if (!subspaces.has(subspace)) throw paramsErrors.unknownSubspace.wrap(subspace);
  try {
    subspaces.update(context, subspace, key, value);
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw paramsErrors.setting.wrap(`key: ${key}, value: ${value}, err: ${error.message}`);
  }
}
