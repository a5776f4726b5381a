/** Texts that stand for secrets and texts that anybody may see, each kind with a stem to search for. */

/** Begins every text that only the sender or the contract may know. */
export const SECRET_STEM = "Zq7XwVkP2mJt";
/** Begins every text that the protocol shows to everybody. */
export const PUBLIC_STEM = "Hn4RdYbL9cGs";

export const secret = (name: string): string => `${SECRET_STEM}-${name}`;
export const open = (name: string): string => `${PUBLIC_STEM}-${name}`;

export const b64 = (text: string): string => Buffer.from(text).toString("base64");
export const json = (value: unknown): string => b64(JSON.stringify(value));
