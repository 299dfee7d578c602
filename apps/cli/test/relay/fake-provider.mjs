#!/usr/bin/env node
// A provider of protocol 5 that knows nothing of AWS. FAKE_ANSWERS holds, as JSON, fixed answers in base64 by
// method; every other call is answered with its request turned inside out. Some requests are commands.
// It speaks gRPC by hand (a frame is a zero, four bytes of length, the message), so that it starts at once.
import { createServer } from "node:http2";
import { join } from "node:path";

if (process.env.FAKE_SILENT) {
  console.error("silent by order");
  process.exit(7);
}

const answers = JSON.parse(process.env.FAKE_ANSWERS ?? "{}");
const COMMANDS = {
  pid: () => Buffer.from(String(process.pid)),
  env: () => Buffer.from(JSON.stringify(process.env)),
};

function handle(method, request, stream) {
  const command = request.length < 10 ? request.toString("latin1") : "";
  if (command === "hang") return;
  if (command === "die") {
    process.stderr.write("fatal error: out of memory\n", () => process.exit(3));
    return;
  }
  if (command === "refuse") {
    reply(stream, undefined, { "grpc-status": "9", "grpc-message": "not in this state" });
    return;
  }
  const fixed = answers[method];
  if (COMMANDS[command]) reply(stream, COMMANDS[command]());
  else if (fixed !== undefined) reply(stream, Buffer.from(fixed, "base64"));
  else reply(stream, request.map((byte) => byte ^ 0xff).reverse());
}

function reply(stream, message, trailers = { "grpc-status": "0" }) {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  if (message === undefined) return stream.end();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.write(head);
  return stream.end(message);
}

const server = createServer();
server.on("stream", (stream, headers) => {
  const chunks = [];
  stream.on("error", () => undefined);
  stream.on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () =>
    handle(headers[":path"].split("/").pop(), Buffer.concat(chunks).subarray(5), stream),
  );
});

const socket = join(process.env.PLUGIN_UNIX_SOCKET_DIR, `fake-${process.pid}`);
server.listen(socket, () => console.log(process.env.FAKE_GREETING ?? `1|5|unix|${socket}|grpc|`));
