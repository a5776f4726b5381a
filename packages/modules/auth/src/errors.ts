/** Failures of this module that have no code of their own: code 1 of `undefined`, as in the SDK. */
import { PlainError } from "@tacit/sdk";

export const authErrors = {
  wrongAuthority: (expected: string, got: string) =>
    new PlainError(
      `expected gov account as only signer for proposal message; invalid authority; expected ${expected}, got ${got}`,
    ),
  invalidParams: (what: string, value: bigint) => new PlainError(`invalid ${what}: ${value}`),
  invalidModulePermission: (permission: string) =>
    new PlainError(`invalid module permission ${permission}`),
  accountNumberTaken: (accountNumber: bigint) =>
    new PlainError(`collections: conflict: index uniqueness constrain violation: ${accountNumber}`),
  genesis: (what: string) => new PlainError(`auth genesis: ${what}`),
} as const;
