import { deliveryPrefixes } from "@telemedicina/storage";

/** Prefix of a kind of delivered logs, for who writes the slash behind it himself. */
export function deliveryPrefix(kind: keyof typeof deliveryPrefixes): string {
  return deliveryPrefixes[kind].replace(/\/$/, "");
}
