/** Scripts of the pages that the browser opens. Each waits for what it tries and posts what came of it. */

/** Runs what it is given and notes the answer, or the error's words. */
const TRY = `
  const within = (promise) => Promise.race([promise,
    new Promise((_, no) => setTimeout(() => no(new Error("too late")), 10000))]);
  const attempt = async (name, run) => {
    try { outcome[name] = (await within(run())) ?? "done"; } catch (error) { outcome[name] = "failed: " + error.message; }
  };
  const message = (port) => new Promise((yes, no) => {
    port.onmessage = ({ data }) => yes(data);
    port.onerror = () => no(new Error("refused"));
  });`;

/** What Inertia writes into the page: data, and a script with the nonce that reads it. */
export function inertiaPage(nonce: string): string {
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<title>Consulta</title>
<style>#app { color: rgb(1, 2, 3) }</style>
<script nonce="${nonce}">
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective + " " + event.blockedURI));
  document.documentElement.classList.add("dark");
</script>
<link rel="stylesheet" href="/build/assets/app-1a2b.css">
<script type="module" nonce="${nonce}" src="/build/assets/app-1a2b.js"></script>
</head>
<body>
<div id="app" style="width: 77px" data-page='{"component":"Consultation","props":{"id":42}}'></div>
<video id="preview" autoplay muted playsinline></video>
</body>
</html>`;
}

/** The application's entry: everything that the platform's pages do. */
export const entryScript = `
  import { imported } from "./chunk-3c4d.js";
  const outcome = {};
  ${TRY}
  const app = document.getElementById("app");
  outcome.bootstrap = document.documentElement.className;
  outcome.module = imported;
  outcome.component = JSON.parse(app.dataset.page).component;
  outcome.inlineStyle = getComputedStyle(app).color + " " + app.offsetWidth + "px";
  await attempt("sheet", async () => getComputedStyle(app).backgroundColor);
  await attempt("lazyModule", async () => (await import("/build/assets/lazy-5e6f.js")).lazy);
  await attempt("blobWorker", () => message(new Worker(
    URL.createObjectURL(new Blob(["postMessage('worked')"], { type: "text/javascript" })))));
  await attempt("fileWorker", () => message(new Worker("/build/assets/worker-7a8b.js")));
  await attempt("webSocket", () => message(new WebSocket("wss://" + location.host + "/app/key?protocol=7")));
  await attempt("api", async () => (await fetch("/api/ping")).text());
  const picture = (src) => new Promise((yes, no) => {
    const image = new Image();
    image.onload = () => yes(image.width + "x" + image.height);
    image.onerror = () => no(new Error("refused"));
    image.src = src;
  });
  const dot = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
  await attempt("dataImage", () => picture(dot));
  await attempt("blobImage", async () => picture(URL.createObjectURL(await (await fetch("/assets/dot.svg")).blob())));
  await attempt("camera", async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    const preview = document.getElementById("preview");
    preview.srcObject = stream;
    await preview.play();
    return preview.videoWidth > 0 ? stream.getTracks().map(({ kind }) => kind).sort().join(" ") : "no picture";
  });
  await attempt("call", async () => {
    const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
    a.onicecandidate = ({ candidate }) => candidate && b.addIceCandidate(candidate);
    b.onicecandidate = ({ candidate }) => candidate && a.addIceCandidate(candidate);
    const heard = new Promise((yes) => { b.ondatachannel = ({ channel }) => { channel.onmessage = ({ data }) => yes(data); }; });
    const channel = a.createDataChannel("chat");
    channel.onopen = () => channel.send("across");
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
    return heard;
  });
  outcome.allowed = ["camera", "microphone", "fullscreen"].filter((each) => document.featurePolicy.allowsFeature(each));
  outcome.refused = ["geolocation", "usb", "payment"].filter((each) => !document.featurePolicy.allowsFeature(each));
  outcome.violations = violations;
  await fetch("/results", { method: "POST", body: JSON.stringify({ page: "application", ...outcome }) });
`;

/** A worker has the policy of its own file: it fetches and opens WebSockets under what assets are served with. */
export const workerScript = `
  const answer = fetch("/api/ping").then((found) => found.text());
  const socket = new WebSocket("wss://" + location.host + "/app/worker");
  socket.onmessage = async ({ data }) => postMessage((await answer) + " " + data);
  socket.onerror = () => postMessage("refused");
`;

/** Everything that the policy is there to stop. What gets through leaves a name in \`window.ran\`, or asks a host. */
export function attackedPage(nonce: string, foreign: string): string {
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<title>Attacked</title>
<script nonce="${nonce}">window.ran = [];</script>
<base href="https://${foreign}/base/">
<script src="https://${foreign}/script.js"></script>
<script>ran.push("inline script")</script>
<link rel="stylesheet" href="https://${foreign}/style.css">
</head>
<body>
<img src="https://${foreign}/image.gif" alt="">
<img src="https://telemedicina.example.com/missing.gif" onerror="ran.push('event handler')" alt="">
<iframe src="https://${foreign}/frame"></iframe>
<object data="https://telemedicina.example.com/plugin.pdf" type="application/pdf"></object>
<iframe name="inner"></iframe>
<form id="form" action="https://${foreign}/form" method="get" target="inner"></form>
<script nonce="${nonce}">
  const outcome = {};
  ${TRY}
  (async () => {
    await attempt("eval", async () => (0, eval)("ran.push('eval')"));
    await attempt("fetch", async () => (await fetch("https://${foreign}/fetch", { mode: "no-cors" })).type);
    await attempt("beacon", async () => navigator.sendBeacon("https://${foreign}/beacon", "x"));
    await attempt("webSocket", () => message(new WebSocket("wss://${foreign}/socket")));
    await attempt("worker", () => message(new Worker("data:text/javascript,postMessage('worked')")));
    document.getElementById("form").submit();
    await new Promise((yes) => setTimeout(yes, 1500));
    const results = "https://telemedicina.example.com/results";
    await fetch(results, { method: "POST", mode: "no-cors", body: JSON.stringify({ page: location.pathname, ran, ...outcome }) });
  })();
</script>
</body>
</html>`;
}

/** A stranger's page with ours in a frame. */
export const framingPage = `<!doctype html>
<title>Framing</title>
<iframe src="https://telemedicina.example.com/framed"
  onload="fetch('/results', { method: 'POST', body: JSON.stringify({ page: 'framing' }) })"></iframe>`;

/** What somebody uploaded: it would like to be a page of the site. */
export const uploadedPage = `<!doctype html><title>Exam</title><body><p id="text">as uploaded</p>
<script>document.getElementById("text").textContent = "script ran"; fetch("/stolen");</script></body>`;
