/** Types and services by name. */
import {
  createRegistry,
  type DescEnum,
  type DescFile,
  type DescMessage,
  type DescService,
} from "@bufbuild/protobuf";
import { typeNameOf } from "./codec-decode.ts";

export interface TypeRegistry {
  /** The files given and all they import. */
  readonly files: readonly DescFile[];
  readonly services: readonly DescService[];
  getMessage(typeName: string): DescMessage | undefined;
  getEnum(typeName: string): DescEnum | undefined;
  getService(typeName: string): DescService | undefined;
  /** @param typeUrl such as "/cosmos.bank.v1beta1.MsgSend". */
  resolve(typeUrl: string): DescMessage | undefined;
}

/** Everything declared in `files` and in what they import. */
export function createTypeRegistry(...files: readonly DescFile[]): TypeRegistry {
  const all = withDependencies(files);
  const registry = createRegistry(...all);
  const services = all.flatMap((file) => file.services);
  return {
    files: all,
    services,
    getMessage: (name) => registry.getMessage(name),
    getEnum: (name) => registry.getEnum(name),
    getService: (name) => registry.getService(name),
    resolve: (typeUrl) => registry.getMessage(typeNameOf(typeUrl)),
  };
}

function withDependencies(files: readonly DescFile[]): DescFile[] {
  const seen = new Set<string>();
  const result: DescFile[] = [];
  const visit = (file: DescFile): void => {
    if (seen.has(file.name)) return;
    seen.add(file.name);
    for (const dependency of file.dependencies) visit(dependency);
    result.push(file);
  };
  for (const file of files) visit(file);
  return result;
}
