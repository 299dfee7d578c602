import { type BundleProps, deployBundle } from "../src/index.js";

/** Text of one of the bundle's files. */
export function rendered(path: string, props: BundleProps = {}): string {
  const file = deployBundle(props).find((each) => each.path === path);
  if (file === undefined) throw new Error(`the bundle has no ${path}`);
  return file.content;
}
