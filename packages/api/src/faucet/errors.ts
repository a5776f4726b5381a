import { ProtocolError } from "@tacit/encoding";

export type FaucetFailure =
  /** The address asked for is no account address of this network. */
  | { readonly code: "faucet/bad_address" }
  /** More people ask than can be served; try again. */
  | { readonly code: "faucet/busy" }
  /** The chain refused the transfer. */
  | { readonly code: "faucet/refused" }
  /** The faucet's account cannot be read. */
  | { readonly code: "faucet/no_account" };

/** Why nothing was given. The text is for the person who asked. */
export class FaucetError extends ProtocolError<FaucetFailure> {}
