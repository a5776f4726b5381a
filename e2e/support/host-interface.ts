/** Scripts for the contract `host_interface`: which imports it calls with which arguments. */
import { type Actor, ask, type Contract } from "./secretjs.ts";

/** What an import returned, and what it wrote; bytes in base64. */
export interface CallResult {
  /** A number in decimal, `region`, `code N`, or null of an import that returns nothing. */
  readonly returned: string | null;
  readonly bytes: string | null;
  readonly written: string | null;
}

export type Arg =
  | { readonly bytes: string }
  | { readonly sections: readonly string[] }
  | { readonly space: number }
  | { readonly number: number }
  | { readonly region: { offset: number; capacity: number; length: number } };

export const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
export const fromB64 = (base64: string | null) =>
  new Uint8Array(Buffer.from(base64 ?? "", "base64"));

export const bytes = (value: Uint8Array | string): Arg => ({ bytes: b64(value) });
export const number = (value: number): Arg => ({ number: value });
export const space = (capacity: number): Arg => ({ space: capacity });
export const sections = (list: readonly (Uint8Array | string)[]): Arg => ({
  sections: list.map(b64),
});
export const call = (name: string, ...args: Arg[]) => ({ import: name, args });

/** Calls imports in a query; all of them work there but those that write. */
export async function queried(
  by: Actor,
  contract: Contract,
  ...calls: object[]
): Promise<CallResult[]> {
  const answer = await ask<CallResult[] | string>(by, contract, { calls });
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}
