import { type CspDirectives, type CspHost, NONCE } from "./csp.js";

/** Hosts besides the site's own. Each one that is added here can be told what pages show: name as few as can be. */
export interface CspOrigins {
  /** Requests, uploads and WebSockets to others, such as the bucket that takes uploads. @default [] */
  readonly connect?: readonly CspHost[] | undefined;
  /** **Code of others runs with the patient's session.** @default [] */
  readonly scripts?: readonly `https://${string}`[] | undefined;
  /** @default [] */
  readonly styles?: readonly `https://${string}`[] | undefined;
  /** @default [] */
  readonly fonts?: readonly `https://${string}`[] | undefined;
  /** @default [] */
  readonly images?: readonly `https://${string}`[] | undefined;
  /** Sound and video. @default [] */
  readonly media?: readonly `https://${string}`[] | undefined;
  /** Pages of others inside ours. @default [] */
  readonly frames?: readonly `https://${string}`[] | undefined;
}

export interface ApplicationCsp extends CspOrigins {
  /** Host that serves the pages, and Reverb's WebSockets. */
  readonly domain: string;
  /** @default - violations are not reported */
  readonly reportUri?: CspDirectives["reportUri"] | undefined;
}

/**
 * What a page of an Inertia application with Reverb and WebRTC needs, and nothing else: its own scripts and those
 * with the nonce, inline styles, workers and recordings from memory, WebSockets to the same host. Media streams and
 * relays of a call are not subject to a policy.
 */
export function applicationCsp(props: ApplicationCsp): CspDirectives {
  const {
    domain,
    connect = [],
    scripts = [],
    styles = [],
    fonts = [],
    images = [],
    media = [],
    frames = [],
  } = props;
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", NONCE, ...scripts],
    styleSrc: ["'self'", "'unsafe-inline'", ...styles],
    imgSrc: ["'self'", "data:", "blob:", ...images],
    fontSrc: ["'self'", "data:", ...fonts],
    mediaSrc: ["'self'", "blob:", ...media],
    // Not every browser takes 'self' for WebSockets too.
    connectSrc: ["'self'", `wss://${domain}`, ...connect],
    workerSrc: ["'self'", "blob:"],
    frameSrc: frames.length === 0 ? "'none'" : frames,
    manifestSrc: ["'self'"],
    objectSrc: "'none'",
    baseUri: "'self'",
    formAction: ["'self'"],
    frameAncestors: "'none'",
    upgradeInsecureRequests: true,
    ...(props.reportUri === undefined ? {} : { reportUri: props.reportUri }),
  };
}

/** A file that somebody uploaded is shown as it is: on the site's own host its scripts would have the reader's session. */
export const uploadedFileCsp: CspDirectives = {
  defaultSrc: "'none'",
  frameAncestors: "'none'",
  sandbox: true,
};
