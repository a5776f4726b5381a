/** How messages of secretjs are described, and what the descriptions share. */
import { type MsgSubmitProposal, Wallet } from "secretjs";
import { client, type Outcome, refused, works } from "./kinds.ts";

export type Mode = "direct" | "amino";
/** LocalSecret's accounts. */
export type Signer = "validator" | "a" | "b" | "c";

/** What messages speak of; filled as they are sent. */
export interface MessageWorld {
  readonly addresses: Readonly<Record<Signer, string>>;
  /** Operators of the first validator and of the one that b makes. */
  readonly operators: { first: string; b: string };
  readonly wasm: Uint8Array;
  codeId: string;
  codeHash: string;
  /** One contract for each mode. */
  readonly contracts: Record<Mode, string>;
  /** Contracts of a that come under governance. */
  readonly governed: Record<Mode, string>;
  /** Height of the delegation that is being undone, by mode. */
  readonly unbonding: Record<Mode, string>;
  /** A proposal in its voting period, and those to be cancelled. */
  proposal: string;
  readonly cancelled: Record<Mode, string>;
}

/** Any message of secretjs. */
export type Message = MsgSubmitProposal["params"]["messages"][number];

export interface MessageCase {
  /** secretjs's name of the class. */
  readonly name: string;
  readonly typeUrl: string;
  readonly outcomes: Readonly<Record<Mode, Outcome>>;
  readonly signer: (mode: Mode) => Signer;
  readonly build: (world: MessageWorld, mode: Mode) => Message;
}

export const uscrt = (amount: string) => ({ denom: "uscrt", amount });
export const both = { direct: works, amino: works };
/** Clients sign with a name in amino that is not the chain's, or the chain has none. */
export const misnamed = {
  direct: works,
  amino: refused(4, "the client signs another name than the chain"),
};
export const misprinted = {
  direct: works,
  amino: refused(4, "the client signs rates as whole numbers"),
};
export const noAmino = { direct: works, amino: client("no amino form") };

const strangers = new Map<number, string>();

/** Addresses that nobody had before. */
export function stranger(number: number): string {
  const address = strangers.get(number) ?? new Wallet().address;
  strangers.set(number, address);
  return address;
}

export const number = (mode: Mode) => (mode === "direct" ? 0 : 1);
export const a = () => "a" as const;
export const b = () => "b" as const;
export const expiration = 4_102_444_800;
export const description = {
  moniker: "other",
  // Amino leaves empty texts out, the client signs them.
  identity: "identity",
  website: "website",
  security_contact: "contact",
  details: "details",
};

export function sent(
  name: string,
  module: string,
  outcomes: MessageCase["outcomes"],
  signer: MessageCase["signer"],
  build: MessageCase["build"],
): MessageCase {
  return { name, typeUrl: `/${module}.${name}`, outcomes, signer, build };
}

export const bank = "cosmos.bank.v1beta1";
export const authz = "cosmos.authz.v1beta1";
export const feegrant = "cosmos.feegrant.v1beta1";
export const staking = "cosmos.staking.v1beta1";
export const distribution = "cosmos.distribution.v1beta1";
export const gov = "cosmos.gov.v1";
export const vesting = "cosmos.vesting.v1beta1";
export const compute = "secret.compute.v1beta1";
