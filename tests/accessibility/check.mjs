// Opens each address in headless Chromium, on a phone in light and on a desk in dark, and prints what axe finds,
// what the page asked of other hosts, and whether it is wider than the screen: one JSON object a line. Leaves a
// picture of each in the folder that is named.
import axe from "axe-core";
import puppeteer from "puppeteer-core";

const [chromium, folder, ...addresses] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
for (const address of addresses) {
  for (const [width, scheme] of [[390, "light"], [1280, "dark"]]) {
    const page = await browser.newPage();
    const requests = [], complaints = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(address);
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      document.querySelectorAll("details").forEach((details) => (details.open = true));
      const { violations } = await axe.run({ resultTypes: ["violations"] });
      return {
        violations: violations.map(({ impact, id, nodes }) => ({ impact, id, html: nodes[0].html })),
        width: document.documentElement.scrollWidth,
        background: getComputedStyle(document.documentElement).backgroundColor,
      };
    });
    const name = new URL(address).pathname.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "front";
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
    console.log(JSON.stringify({ address, viewport: width, scheme, requests, complaints, ...found }));
    await page.close();
  }
}
await browser.close();
