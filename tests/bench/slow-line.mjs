// A slow line to measure first loads on.

/** Bytes a second and milliseconds, as Chromium's "slow 4G" has them. */
export const slowLine = {
  downloadThroughput: 1.6e6 / 8,
  uploadThroughput: 0.75e6 / 8,
  latency: 150,
  offline: false,
};

/** Lets all that `page` fetches come over `line`; what a service worker fetches does not. */
export async function slowDown(page, line) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", line);
}
