import { noneFaultText, USER_DATA_LIMIT_BYTES, userDataBytes } from "@telemedicina/core";
import { Token } from "cdktf";
import { tokenFaultText, userDataSizeFaultText } from "./errors.js";

/** What EC2 takes, before base64. */
const EC2_BYTES = 16_384;

export function userDataFaults(text: string): string[] {
  if (text === "") return [noneFaultText("userData", "line")];
  if (Token.isUnresolved(text)) return [tokenFaultText("userData")];
  const size = userDataBytes(text);
  return size > USER_DATA_LIMIT_BYTES ? [userDataSizeFaultText(size, USER_DATA_LIMIT_BYTES, EC2_BYTES)] : [];
}
