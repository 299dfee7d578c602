/** What a page may ask the browser for. */
export type PermissionFeature = (typeof features)[number];

const features = [
  "accelerometer",
  "autoplay",
  "bluetooth",
  "camera",
  "display-capture",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
] as const;

/** `self`: the site's own pages, and not what they frame. */
export type Permission = "self" | "none";

/** Features by name; those that are left out keep {@link defaultPermissions}'s value. */
export type Permissions = Readonly<Partial<Record<PermissionFeature, Permission>>>;

/**
 * Camera and microphone, and what a call's page does with them: play the other side's sound without a click, go full
 * screen, float, keep the screen awake. Everything else is off; a call that shares the screen needs `display-capture`.
 */
export const defaultPermissions: Readonly<Record<PermissionFeature, Permission>> = {
  accelerometer: "none",
  autoplay: "self",
  bluetooth: "none",
  camera: "self",
  "display-capture": "none",
  fullscreen: "self",
  geolocation: "none",
  gyroscope: "none",
  hid: "none",
  "idle-detection": "none",
  magnetometer: "none",
  microphone: "self",
  midi: "none",
  payment: "none",
  "picture-in-picture": "self",
  "screen-wake-lock": "self",
  serial: "none",
  usb: "none",
  "xr-spatial-tracking": "none",
};

/** The header's value, every feature named. */
export function permissionsPolicy(permissions: Permissions = {}): string {
  return features
    .map(
      (feature) =>
        `${feature}=${(permissions[feature] ?? defaultPermissions[feature]) === "self" ? "(self)" : "()"}`,
    )
    .join(", ");
}

/** Names that no browser knows, from a caller whose compiler did not look. */
export function unknownFeatures(permissions: Permissions): string[] {
  return Object.keys(permissions).filter((name) => !(features as readonly string[]).includes(name));
}
