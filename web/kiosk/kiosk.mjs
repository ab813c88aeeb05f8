// The kiosk's watchdog: serves the site to this machine alone, opens it in a locked Chromium with a throw-away profile, and restarts
// the browser when it ends or when the page sends no more heartbeats. `./dev kiosk` and the systemd unit run this.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { answer, parsePort, serve } from "../serve.mjs";
import { answerFrom, readExhibition, Visits } from "./exhibition.mjs";

const help = `Usage: kiosk [OPTIONS]

Shows the kiosk in a full-screen Chromium that visitors cannot leave. For research and education only. Not for use in diagnostic
procedures.

  --port N          serve on http://localhost:N (default: 8080, the port that web/kiosk/policies.json allows)
  --idle SECONDS    reset after so long without a touch (default: 60)
  --language TAG    start in en, de, es or zh (default: the system's language)
  --own FOLDER      show the pictures and words of this folder instead of the drawings (GUIDE.md says how)
  --count FILE      count visitors and finished quizzes by day in this JSON file
  --window          run in an ordinary window, to try it; closing it ends the kiosk
  --browser PATH    use this Chromium
  --check           say what is missing, without starting anything
  -h, --help        this text

Ctrl-C ends it. GUIDE.md beside this file turns a bare Debian into a kiosk.
`;

const site = fileURLToPath(new URL("../../dist/site", import.meta.url));

/** How long a page may take to send its first heartbeat, and each further one. */
const startMs = 30_000;
const silenceMs = 6_000;

/** After so many browsers in a row that ended so soon, the next would too: systemd or a person has to look. */
const mostEarlyEnds = 5;
const earlyMs = 5_000;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      idle: { type: "string", default: "60" },
      language: { type: "string" },
      own: { type: "string" },
      count: { type: "string" },
      window: { type: "boolean", default: false },
      browser: { type: "string" },
      check: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const idle = Number(values.idle);
  if (!(idle >= 3)) throw new Error(`--idle must be a number of seconds from 3, not "${values.idle}".`);
  const { own, count } = values;
  const exhibition = own === undefined ? undefined : readExhibition(own);
  const visits = count === undefined || values.help ? undefined : new Visits(count);
  return { ...values, port: parsePort(values.port), idle, exhibition, visits };
}

/** The browser's path. Throws one sentence for what is missing. */
function findBrowser({ browser }) {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    throw new Error(
      "There is no screen here (DISPLAY and WAYLAND_DISPLAY are empty). Run it in a desktop session, under cage as web/kiosk/GUIDE.md says, or under xvfb-run.",
    );
  const names = browser
    ? [browser]
    : ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const folders = ["", ...(process.env.PATH ?? "").split(delimiter)];
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (!found)
    throw new Error(`${browser ?? "Chromium"} cannot be run here. Install chromium, or pass --browser PATH.`);
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function flags(profile, url, { window }) {
  return [
    `--user-data-dir=${profile}`,
    ...(window ? [`--app=${url}`, "--window-size=1280,800"] : ["--kiosk", url]),
    ...["--noerrdialogs", "--no-first-run", "--no-default-browser-check", "--hide-crash-restore-bubble"],
    ...["--disable-pinch", "--overscroll-history-navigation=0", "--disable-features=Translate,MediaRouter"],
    ...[
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-breakpad",
    ],
    ...[
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--password-store=basic",
    ],
    ...[
      `--ozone-platform=${process.env.WAYLAND_DISPLAY ? "wayland" : "x11"}`,
      "--auto-accept-camera-and-microphone-capture",
    ],
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), // Chromium has no sandbox for root; the unit runs it as another user
  ];
}

/** One browser from start to end, after which everything that it wrote is removed. `ended` resolves to its life in milliseconds. */
function launch(browser, url, options) {
  const profile = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), "leukolens-kiosk-"));
  const start = Date.now();
  const child = spawn(browser, flags(profile, url, options), {
    detached: true,
    stdio: ["ignore", "ignore", "ignore"],
  });
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL"); // the whole group: a crashed browser leaves helpers behind
    } catch {
      // It is gone already.
    }
  };
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      kill();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      resolve(Date.now() - start);
    });
  });
  return { ended, kill };
}

/** Calls `onSilence` once when no heartbeat came for too long. */
function monitor(onSilence) {
  let timer;
  const wait = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(onSilence, ms);
  };
  wait(startMs);
  return { heartbeat: () => wait(silenceMs), stop: () => clearTimeout(timer) };
}

async function supervise(browser, options) {
  let current;
  let ending = false;
  const handle = handlerOf(options, () => current?.pulse.heartbeat());
  const { port, close } = await serve(site, options.port, { host: "localhost", handle });
  const url = address(port, options);
  const end = () => {
    ending = true;
    current?.kill();
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  say(`The kiosk is at ${url} (Ctrl-C ends it).`);
  for (let early = 0; !ending && early < mostEarlyEnds; ) {
    const { ended, kill } = launch(browser, url, options);
    const pulse = monitor(() => {
      say("No heartbeat from the page: restarting the browser.");
      kill();
    });
    current = { kill, pulse };
    const lived = await ended.finally(() => pulse.stop());
    early = lived < earlyMs ? early + 1 : 0;
    if (options.window) ending = true;
    if (!ending) say("The browser ended: restarting it.");
  }
  close();
  if (!ending)
    throw new Error(
      `The browser ended right after its start, ${mostEarlyEnds} times in a row. Run ${browser} by hand to see why.`,
    );
}

/** What the page sends is counted by its kind; everything else is the site's, or the exhibition's. */
export function handlerOf({ own, exhibition, visits }, onHeartbeat) {
  const events = new Map([["/heartbeat", onHeartbeat]]);
  for (const kind of ["visitor", "quiz"]) events.set(`/count/${kind}`, () => visits?.add(kind));
  return (folder, request, response) => {
    const onEvent = request.method === "POST" && events.get(request.url);
    if (onEvent) {
      onEvent();
      response.writeHead(204).end();
    } else if (!exhibition || !answerFrom(own, exhibition, request, response))
      answer(folder, request, response);
  };
}

function address(port, { idle, language, exhibition, visits }) {
  const query = new URLSearchParams({
    ...{ watchdog: "", idle: String(idle) },
    ...(language ? { language } : {}),
    ...(exhibition ? { own: "" } : {}),
    ...(visits ? { count: "" } : {}),
  });
  return `http://localhost:${port}/kiosk/?${query}`;
}

const say = (text) => console.log(`${new Date().toISOString()} ${text}`);

async function main() {
  const options = readOptions();
  if (options.help) return void process.stdout.write(help);
  const browser = findBrowser(options);
  if (options.check) return;
  if (!statSync(site, { throwIfNoEntry: false }))
    throw new Error("dist/site is missing. Run ./dev kiosk or ./dev pack, which build it.");
  try {
    await supervise(browser, options);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(
      `Port ${options.port} is taken. Stop what uses it or choose another: --port ${options.port + 1}`,
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
