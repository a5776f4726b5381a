/**
 * The JSON of what a contract hears of channels and packets. Both sides write it: the chain to say
 * what happened, the enclave to hand on what the transaction itself says.
 *
 * Field names and absent fields are those of the network (Go's `encoding/json`).
 */
import { toBase64 } from "@tacit/encoding";

export interface IbcEndpoint {
  readonly portId: string;
  readonly channelId: string;
}

export interface IbcChannel {
  readonly endpoint: IbcEndpoint;
  readonly counterparty: IbcEndpoint;
  readonly order: "ORDER_ORDERED" | "ORDER_UNORDERED";
  readonly version: string;
  readonly connectionId: string;
}

export interface IbcPacket {
  readonly data: Uint8Array;
  readonly source: IbcEndpoint;
  readonly destination: IbcEndpoint;
  readonly sequence: bigint;
  /** Both 0 for none. */
  readonly timeoutHeight: { readonly revision: bigint; readonly height: bigint };
  /** Nanoseconds since 1970; 0 for none. */
  readonly timeoutTimestamp: bigint;
}

/** What a contract is asked or told about a channel; `counterpartyVersion` where the other side has named one. */
export type IbcChannelStep =
  | { readonly step: "open_init" | "open_confirm" | "close_init" | "close_confirm" }
  | { readonly step: "open_try" | "open_ack"; readonly counterpartyVersion: string };

/** Message of `ibc_channel_open`, `ibc_channel_connect` and `ibc_channel_close`. */
export function channelJson(channel: IbcChannel, step: IbcChannelStep): string {
  const { endpoint, counterparty, order, version, connectionId } = channel;
  const fields = {
    endpoint: endpointFields(endpoint),
    counterparty_endpoint: endpointFields(counterparty),
    order,
    version,
    connection_id: connectionId,
  };
  const more =
    "counterpartyVersion" in step ? { counterparty_version: step.counterpartyVersion } : {};
  return JSON.stringify({ [step.step]: { channel: fields, ...more } });
}

/** Message of `ibc_packet_timeout`, and what the chain says for `ibc_packet_receive`. @param relayer bech32. */
export function packetJson(packet: IbcPacket, relayer: string): string {
  return `{"packet":${packetFields(packet)},"relayer":${JSON.stringify(relayer)}}`;
}

/** Message of `ibc_packet_receive`, which the network's enclave writes anew, with null for no time. */
export function receivedPacketJson(packet: IbcPacket, relayer: string): string {
  const fields = packetFields(packet, ',"timestamp":null');
  return `{"packet":${fields},"relayer":${JSON.stringify(relayer)}}`;
}

/** Message of `ibc_packet_ack`. @param relayer bech32. */
export function acknowledgementJson(
  packet: IbcPacket,
  acknowledgement: Uint8Array,
  relayer: string,
): string {
  const data = `{"data":"${toBase64(acknowledgement)}"}`;
  const parts = `"original_packet":${packetFields(packet)},"relayer":${JSON.stringify(relayer)}`;
  return `{"acknowledgement":${data},${parts}}`;
}

/** Message of `sudo` about a transfer with `ibc_callback` in its memo that was acknowledged. */
export function transferAcknowledgedJson(
  packet: IbcPacket,
  acknowledgement: Uint8Array,
  success: boolean,
): string {
  const ack = JSON.stringify(JSON.stringify(toBase64(acknowledgement)));
  const fields = `${transferFields(packet)},"ack":${ack},"success":${success}`;
  return `{"ibc_lifecycle_complete":{"ibc_ack":{${fields}}}}`;
}

/** The same for one that came too late. */
export function transferTimedOutJson(packet: IbcPacket): string {
  return `{"ibc_lifecycle_complete":{"ibc_timeout":{${transferFields(packet)}}}}`;
}

function transferFields({ source, sequence }: IbcPacket): string {
  return `"channel":${JSON.stringify(source.channelId)},"sequence":${sequence}`;
}

/** Sequences and heights are 64-bit numbers, which `JSON.stringify` does not write. */
function packetFields(packet: IbcPacket, noTimestamp = ""): string {
  const { data, source, destination, sequence, timeoutHeight, timeoutTimestamp } = packet;
  const { revision, height } = timeoutHeight;
  const isNone = revision === 0n && height === 0n;
  const block = isNone ? "null" : `{"revision":${revision},"height":${height}}`;
  const timestamp = timeoutTimestamp === 0n ? noTimestamp : `,"timestamp":"${timeoutTimestamp}"`;
  const src = JSON.stringify(endpointFields(source));
  const dest = JSON.stringify(endpointFields(destination));
  return (
    `{"data":"${toBase64(data)}","src":${src},"dest":${dest},` +
    `"sequence":${sequence},"timeout":{"block":${block}${timestamp}}}`
  );
}

function endpointFields({ portId, channelId }: IbcEndpoint): object {
  return { port_id: portId, channel_id: channelId };
}
