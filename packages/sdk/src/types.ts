/** The message types of a network by name: what may stand inside an Any. */
import type { DescMessage } from "@bufbuild/protobuf";

/** Finds message types; `Any`s of other types are refused where decoding is strict. */
export interface TypeResolver {
  /** @param typeName `cosmos.bank.v1beta1.MsgSend`. */
  getMessage(typeName: string): DescMessage | undefined;
}

/** Modules add the types they own; all network types are known before the first byte is decoded. */
export class TypeRegistry implements TypeResolver {
  readonly #schemas = new Map<string, DescMessage>();

  register(...schemas: readonly DescMessage[]): void {
    for (const schema of schemas) this.#schemas.set(schema.typeName, schema);
  }

  getMessage(typeName: string): DescMessage | undefined {
    return this.#schemas.get(typeName);
  }

  get all(): readonly DescMessage[] {
    return [...this.#schemas.values()];
  }
}
