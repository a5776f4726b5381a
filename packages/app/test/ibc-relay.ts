/**
 * Stands for the modules of IBC: takes relayers' messages as those modules will, without light
 * clients and channels, and tells contracts of them.
 */
import type { IbcPacket } from "@tacit/enclave-channel";
import { encodeMessage } from "@tacit/encoding";
import type { Packet } from "@tacit/encoding/proto/ibc/core/channel/v1/channel";
import {
  MsgAcknowledgementResponseSchema,
  MsgAcknowledgementSchema,
  MsgRecvPacketResponseSchema,
  MsgRecvPacketSchema,
} from "@tacit/encoding/proto/ibc/core/channel/v1/tx";
import { messageRoute } from "@tacit/sdk";
import type { Msg } from "secretjs";
import type { Composition } from "../src/composition.ts";

export interface Endpoint {
  readonly portId: string;
  readonly channelId: string;
}

export interface SentPacket {
  readonly data: Uint8Array;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

function protoFields({ data, source, destination }: SentPacket) {
  return {
    data,
    sequence: 1n,
    sourcePort: source.portId,
    sourceChannel: source.channelId,
    destinationPort: destination.portId,
    destinationChannel: destination.channelId,
    timeoutHeight: { revisionNumber: 1n, revisionHeight: 10n },
    timeoutTimestamp: 0n,
  };
}

/** A message that secretjs signs as it is, in direct mode. */
export function toMessage(typeUrl: string, value: Uint8Array): Msg {
  const proto = { type_url: typeUrl, value: {}, encode: () => value };
  return {
    toProto: async () => proto,
    toAmino: async () => Promise.reject(new TypeError("signed in direct mode only")),
  } as unknown as Msg;
}

export function receive(packet: SentPacket, signer: string): Msg {
  const fields = { packet: protoFields(packet), signer };
  return toMessage(`/${MsgRecvPacketSchema.typeName}`, encodeMessage(MsgRecvPacketSchema, fields));
}

export function acknowledge(packet: SentPacket, acknowledgement: Uint8Array, signer: string): Msg {
  const fields = { packet: protoFields(packet), acknowledgement, signer };
  return toMessage(
    `/${MsgAcknowledgementSchema.typeName}`,
    encodeMessage(MsgAcknowledgementSchema, fields),
  );
}

function fromProto(packet: Packet | undefined): IbcPacket {
  if (packet === undefined) throw new TypeError("a packet is there");
  const { data, sequence, timeoutTimestamp, timeoutHeight } = packet;
  return {
    data,
    sequence,
    timeoutTimestamp,
    source: { portId: packet.sourcePort, channelId: packet.sourceChannel },
    destination: { portId: packet.destinationPort, channelId: packet.destinationChannel },
    timeoutHeight: {
      revision: timeoutHeight?.revisionNumber ?? 0n,
      height: timeoutHeight?.revisionHeight ?? 0n,
    },
  };
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What the modules tell the sender's chain, newest last. */
export function registerRelay(composition: Composition): Uint8Array[] {
  const { messages, types, addresses, ibcContracts } = composition;
  const acknowledgements: Uint8Array[] = [];
  const contractOf = ({ portId }: Endpoint) => addresses.toBytes(portId.slice("wasm.".length));
  messages.register(
    messageRoute({
      schema: MsgRecvPacketSchema,
      response: MsgRecvPacketResponseSchema,
      signers: ({ signer }) => [addresses.toBytes(signer)],
      handle: (context, message) => {
        const packet = fromProto(message.packet);
        const relayer = addresses.toBytes(message.signer);
        if (packet.destination.portId !== "transfer") {
          const contract = contractOf(packet.destination);
          const ack = ibcContracts.receivePacket(context, contract, packet, relayer);
          acknowledgements.push(ack);
          return {};
        }
        const { receiver, amount, memo } = JSON.parse(text(packet.data));
        const call = {
          message: new TextEncoder().encode(JSON.stringify(JSON.parse(memo).wasm.msg)),
          funds: [{ denom: "uscrt", amount: BigInt(amount) }],
        };
        const contract = addresses.toBytes(receiver);
        acknowledgements.push(ibcContracts.executeHook(context, contract, call));
        return {};
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgAcknowledgementSchema,
      response: MsgAcknowledgementResponseSchema,
      signers: ({ signer }) => [addresses.toBytes(signer)],
      handle: (context, { packet: sent, acknowledgement }) => {
        const packet = fromProto(sent);
        const contract = addresses.toBytes(JSON.parse(text(packet.data)).sender);
        const acknowledged = { acknowledgement, success: true };
        ibcContracts.transferAcknowledged(context, contract, packet, acknowledged);
        return {};
      },
    }),
  );
  types.register(MsgRecvPacketSchema, MsgAcknowledgementSchema);
  return acknowledgements;
}
