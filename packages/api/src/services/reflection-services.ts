/** `cosmos.base.reflection`: what kinds of messages there are, for tools that discover a chain. */
import { type DescMessage, type DescService, getOption } from "@bufbuild/protobuf";
import { ACCOUNT_PREFIX, fieldOptions, type TypeRegistry } from "@tacit/encoding";
import { ReflectionService as ReflectionV1 } from "@tacit/encoding/proto/cosmos/base/reflection/v1beta1/reflection";
import { ReflectionService as ReflectionV2 } from "@tacit/encoding/proto/cosmos/base/reflection/v2alpha1/reflection";
import { service as isMsgService } from "@tacit/encoding/proto/cosmos/msg/v1/msg";
import { implements_interface } from "@tacit/encoding/proto/cosmos_proto/cosmos";
import { localMethods, type ServiceMethod } from "./method.ts";

export interface ReflectionOptions {
  readonly chainId: string;
  readonly types: TypeRegistry;
  readonly services: readonly DescService[];
  readonly currentHeight: () => bigint;
}

/** The interface that all transaction messages implement. */
const MSG_INTERFACE = "cosmos.base.v1beta1.Msg";
const SIGN_MODES = [
  ["SIGN_MODE_DIRECT", 1],
  ["SIGN_MODE_LEGACY_AMINO_JSON", 127],
  ["SIGN_MODE_EIP_191", 191],
] as const;

export const reflectionServices: readonly DescService[] = [ReflectionV1, ReflectionV2];

/** The catalogue is made when somebody first asks. */
export function reflectionMethods(options: ReflectionOptions): ServiceMethod[] {
  const { currentHeight } = options;
  let made: Interfaces | undefined;
  const interfaces = () => {
    made ??= findInterfaces(options.types);
    return made;
  };
  return [
    ...localMethods(
      ReflectionV1,
      {
        listAllInterfaces: () => ({ interfaceNames: [...interfaces().keys()] }),
        listImplementations: ({ interfaceName }) => ({
          implementationMessageNames: (interfaces().get(interfaceName)?.implementers ?? []).map(
            (name) => `/${name}`,
          ),
        }),
      },
      currentHeight,
    ),
    ...localMethods(
      ReflectionV2,
      {
        getAuthnDescriptor: () => ({
          authn: { signModes: SIGN_MODES.map(([name, number]) => ({ name, number })) },
        }),
        getChainDescriptor: () => ({ chain: { id: options.chainId } }),
        getCodecDescriptor: () => ({ codec: { interfaces: codecInterfaces(interfaces()) } }),
        getConfigurationDescriptor: () => ({
          config: { bech32AccountAddressPrefix: ACCOUNT_PREFIX },
        }),
        getQueryServicesDescriptor: () => ({
          queries: { queryServices: options.services.map(queryService) },
        }),
        getTxDescriptor: () => ({
          tx: {
            fullname: "cosmos.tx.v1beta1.Tx",
            msgs: (interfaces().get(MSG_INTERFACE)?.implementers ?? []).map((name) => ({
              msgTypeUrl: `/${name}`,
            })),
          },
        }),
      },
      currentHeight,
    ),
  ];
}

interface InterfaceEntry {
  readonly implementers: string[];
  /** Fields of messages that hold such an Any. */
  readonly accepting: { readonly message: string; readonly field: string }[];
}

type Interfaces = ReadonlyMap<string, InterfaceEntry>;

function findInterfaces(types: TypeRegistry): Interfaces {
  const found = new Map<string, InterfaceEntry>();
  const entry = (name: string) => {
    const known = found.get(name) ?? { implementers: [], accepting: [] };
    found.set(name, known);
    return known;
  };
  const messages = types.files.flatMap((file) => file.messages.flatMap(withNested));
  for (const message of messages) {
    for (const name of getOption(message, implements_interface)) {
      entry(name).implementers.push(message.typeName);
    }
    for (const field of message.fields) {
      const name = fieldOptions(field).acceptsInterface;
      if (name !== "") entry(name).accepting.push({ message: message.typeName, field: field.name });
    }
  }
  for (const service of types.services) {
    if (!getOption(service, isMsgService)) continue;
    for (const { input } of service.methods) entry(MSG_INTERFACE).implementers.push(input.typeName);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

function codecInterfaces(interfaces: Interfaces) {
  return [...interfaces].map(([fullname, { implementers, accepting }]) => ({
    fullname,
    interfaceImplementers: implementers.map((name) => ({ fullname: name, typeUrl: `/${name}` })),
    interfaceAcceptingMessages: accepting.map(({ message, field }) => ({
      fullname: message,
      fieldDescriptorNames: [field],
    })),
  }));
}

function queryService(service: DescService) {
  return {
    fullname: service.typeName,
    isModule: service.name === "Query",
    methods: service.methods.map(({ name }) => ({
      name,
      fullQueryPath: `/${service.typeName}/${name}`,
    })),
  };
}
