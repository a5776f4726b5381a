/** Transactions of relayers, for contracts that speak to other chains. */
import type { IbcPacket } from "@tacit/enclave-channel";
import { encodeMessage, toBech32 } from "@tacit/encoding";
import {
  MsgAcknowledgementSchema,
  MsgChannelCloseInitSchema,
  MsgChannelOpenAckSchema,
  MsgChannelOpenInitSchema,
  MsgRecvPacketSchema,
  MsgTimeoutSchema,
} from "@tacit/encoding/proto/ibc/core/channel/v1/tx";
import type { Account, TxMessage } from "./chain.ts";

const PREFIX = "/ibc.core.channel.v1.Msg";

export const bech32 = (address: Uint8Array) => toBech32("secret", address);

function protoPacket(packet: IbcPacket) {
  const { data, source, destination, sequence, timeoutHeight, timeoutTimestamp } = packet;
  return {
    data,
    sourcePort: source.portId,
    sourceChannel: source.channelId,
    destinationPort: destination.portId,
    destinationChannel: destination.channelId,
    sequence,
    timeoutHeight: {
      revisionNumber: timeoutHeight.revision,
      revisionHeight: timeoutHeight.height,
    },
    timeoutTimestamp,
  };
}

export function receiveMessage(relayer: Account, packet: IbcPacket): TxMessage {
  const signer = bech32(relayer.address);
  const value = encodeMessage(MsgRecvPacketSchema, { packet: protoPacket(packet), signer });
  return { typeUrl: `${PREFIX}RecvPacket`, value };
}

export function ackMessage(
  relayer: Account,
  packet: IbcPacket,
  acknowledgement: Uint8Array,
): TxMessage {
  const fields = { packet: protoPacket(packet), acknowledgement, signer: bech32(relayer.address) };
  return {
    typeUrl: `${PREFIX}Acknowledgement`,
    value: encodeMessage(MsgAcknowledgementSchema, fields),
  };
}

export function timeoutMessage(relayer: Account, packet: IbcPacket): TxMessage {
  const signer = bech32(relayer.address);
  const value = encodeMessage(MsgTimeoutSchema, { packet: protoPacket(packet), signer });
  return { typeUrl: `${PREFIX}Timeout`, value };
}

export function openInitMessage(relayer: Account, portId: string): TxMessage {
  const signer = bech32(relayer.address);
  const value = encodeMessage(MsgChannelOpenInitSchema, { portId, signer });
  return { typeUrl: `${PREFIX}ChannelOpenInit`, value };
}

export function openAckMessage(
  relayer: Account,
  fields: {
    readonly portId: string;
    readonly channelId: string;
    readonly counterpartyVersion: string;
  },
): TxMessage {
  const signer = bech32(relayer.address);
  const value = encodeMessage(MsgChannelOpenAckSchema, { ...fields, signer });
  return { typeUrl: `${PREFIX}ChannelOpenAck`, value };
}

export function closeInitMessage(relayer: Account, portId: string, channelId: string): TxMessage {
  const signer = bech32(relayer.address);
  const value = encodeMessage(MsgChannelCloseInitSchema, { portId, channelId, signer });
  return { typeUrl: `${PREFIX}ChannelCloseInit`, value };
}
