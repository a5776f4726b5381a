/** gRPC server reflection, both versions that clients ask for. */
import { type DescFile, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { ConnectRouter } from "@connectrpc/connect";
import { ServerReflection as ReflectionV1 } from "@tacit/encoding/proto/grpc/reflection/v1/reflection";
import {
  ServerReflection as ReflectionV1Alpha,
  type ServerReflectionRequest,
  type ServerReflectionResponseSchema,
} from "@tacit/encoding/proto/grpc/reflection/v1alpha/reflection";
import type { ServiceRegistry } from "../services/registry.ts";
import { codes } from "../services/status.ts";

type Response = MessageInitShape<typeof ServerReflectionResponseSchema>;
type Answer = NonNullable<Response["messageResponse"]>;

/** Adds the two reflection services to `router`. */
export function addReflection(router: ConnectRouter, registry: ServiceRegistry): void {
  const catalogue = new Catalogue(registry);
  async function* answers(requests: AsyncIterable<ServerReflectionRequest>) {
    for await (const request of requests) yield catalogue.answer(request);
  }
  router.service(ReflectionV1Alpha, { serverReflectionInfo: answers });
  // The messages of v1 have the same fields under another package name.
  router.service(ReflectionV1, { serverReflectionInfo: answers as never });
}

class Catalogue {
  readonly #files: ReadonlyMap<string, DescFile>;
  readonly #fileOfSymbol = new Map<string, DescFile>();
  readonly #services: readonly string[];
  readonly #bytes = new Map<string, Uint8Array>();

  constructor(registry: ServiceRegistry) {
    const services = [...registry.services, ReflectionV1Alpha, ReflectionV1];
    const served = services.map((service) => service.file);
    const files = new Map<string, DescFile>();
    for (const file of [...registry.types.files, ...served]) collect(file, files);
    this.#files = files;
    for (const file of files.values()) this.#indexSymbols(file);
    this.#services = [...new Set(services.map((service) => service.typeName))].sort();
  }

  #indexSymbols(file: DescFile): void {
    for (const item of [...file.messages, ...file.enums, ...file.services, ...file.extensions]) {
      this.#fileOfSymbol.set(item.typeName, file);
    }
    for (const service of file.services) {
      for (const method of service.methods) {
        this.#fileOfSymbol.set(`${service.typeName}.${method.name}`, file);
      }
    }
  }

  answer(request: ServerReflectionRequest): Response {
    const { $typeName: _, ...originalRequest } = request;
    return {
      validHost: request.host,
      originalRequest: originalRequest as never,
      messageResponse: this.#find(request.messageRequest),
    };
  }

  #find(request: ServerReflectionRequest["messageRequest"]): Answer {
    switch (request.case) {
      case "listServices":
        return {
          case: "listServicesResponse",
          value: { service: this.#services.map((name) => ({ name })) },
        };
      case "fileByFilename":
        return this.#fileAnswer(this.#files.get(request.value), request.value);
      case "fileContainingSymbol":
        return this.#fileAnswer(this.#symbolFile(request.value), request.value);
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = request.value;
        const file = this.#extensions(containingType).find(
          ([number]) => number === extensionNumber,
        )?.[1];
        return this.#fileAnswer(file, `extension ${extensionNumber} of ${containingType}`);
      }
      case "allExtensionNumbersOfType": {
        const numbers = this.#extensions(request.value).map(([number]) => number);
        return {
          case: "allExtensionNumbersResponse",
          value: { baseTypeName: request.value, extensionNumber: numbers },
        };
      }
      default:
        return failure(codes.invalidArgument, "no request");
    }
  }

  /** A nested type or field is found through what it stands in. */
  #symbolFile(symbol: string): DescFile | undefined {
    for (let name = symbol; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
      const file = this.#fileOfSymbol.get(name);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  #extensions(typeName: string): (readonly [number, DescFile])[] {
    return [...this.#files.values()].flatMap((file) =>
      file.extensions
        .filter((extension) => extension.extendee.typeName === typeName)
        .map((extension) => [extension.number, file] as const),
    );
  }

  #fileAnswer(file: DescFile | undefined, name: string): Answer {
    if (file === undefined) return failure(codes.notFound, `not found: ${name.slice(0, 256)}`);
    const needed = new Map<string, DescFile>();
    collect(file, needed);
    return {
      case: "fileDescriptorResponse",
      value: {
        fileDescriptorProto: [...needed.values()].reverse().map((one) => this.#encoded(one)),
      },
    };
  }

  #encoded(file: DescFile): Uint8Array {
    let bytes = this.#bytes.get(file.name);
    if (bytes === undefined) {
      bytes = toBinary(FileDescriptorProtoSchema, file.proto);
      this.#bytes.set(file.name, bytes);
    }
    return bytes;
  }
}

/** Dependencies before what needs them. */
function collect(file: DescFile, into: Map<string, DescFile>): void {
  const name = file.proto.name;
  if (into.has(name)) return;
  for (const dependency of file.dependencies) collect(dependency, into);
  into.set(name, file);
}

function failure(errorCode: number, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}
