/** Where ibc-go v8 keeps the parameters of both halves. */
import { utf8Bytes } from "@tacit/sdk";

export const controllerStoreName = "icacontroller";
export const hostStoreName = "icahost";
/** The same in both stores. */
export const paramsKey = utf8Bytes("params");
