// Uses the types that openapi-typescript makes from the contract, by openapi-fetch. `tsc --strict` reads it first, so a
// contract that says less than the service does is found before anything runs. Prints what it found as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./made/unspun.js";

declare const process: { argv: string[] };
type Story = components["schemas"]["Story"];
type Problem = components["schemas"]["Problem"];

const [, , baseUrl = "", key = "", url = "", ...pages] = process.argv;
// other forms are text, which a caller asks for by `parseAs`
const unspun = createClient<paths, "application/json" | "application/problem+json">({ baseUrl });

async function titles(): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await unspun.GET("/v1/stories", { params: { query: { limit: 2, cursor } } });
    if (error) throw new Error(error.title);
    found.push(...data.data.map((story) => story.title));
    cursor = data.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

function headline(story: Story): string {
  const spin = story.verdict.spin;
  if (spin === null) return "not scorable";
  const primary: components["schemas"]["SpinType"] = spin.primary;
  const hedged: string[] | undefined = story.verdict.claims?.flatMap((claim) => claim.hedges);
  return `${primary} ${spin.score} ${spin.band} ${hedged?.length ?? 0}`;
}

// a page has a story, a problem, or neither
type Found = { state: components["schemas"]["LookupState"]; story: { title: string } | null; problem: Problem | null };
const summary = ({ state, story, problem }: Found) => [state, story?.title ?? null, problem?.code ?? null];

async function lookedUp(url: string) {
  const { data, error } = await unspun.GET("/v1/lookup", { params: { query: { url } } });
  return error ? ["refused", null, error.code] : summary(data);
}

const many = await unspun.POST("/v1/lookups", { body: { urls: pages } });
if (many.error) throw new Error(many.error.title);

const batch = await unspun.POST("/v1/analyses/batch", {
  headers: { Authorization: `Bearer ${key}` },
  body: { urls: [url, "no url"] },
});
if (batch.error) throw new Error(batch.error.title);

const looked = await unspun.GET("/v1/lookup", { params: { query: { url } } });
if (looked.error) throw new Error(looked.error.title);
if (looked.data.story === null) throw new Error(looked.data.state);
const story = await unspun.GET("/v1/stories/{story}", { params: { path: { story: looked.data.story.slug } } });
if (story.error) throw new Error(story.error.title);

const missing = await unspun.GET("/v1/stories/{story}", { params: { path: { story: "never-seen" } } });
const problem: Problem | undefined = missing.error;

const submitted = await unspun.POST("/v1/analyses", {
  headers: { Authorization: `Bearer ${key}` },
  body: { text: "We are thrilled to say that much will change." },
});
if (submitted.error) throw new Error(submitted.error.title);
const analysis: components["schemas"]["AnalysisStatus"] = submitted.data.status;

console.log(
  JSON.stringify({
    titles: await titles(),
    headline: headline(story.data),
    alias: looked.data.alias,
    one: await Promise.all(pages.map(lookedUp)),
    batch: batch.data.data.map(({ analysis, problem }) => analysis?.status ?? problem?.code),
    many: many.data.data.map(summary),
    problem: [problem?.status, problem?.type],
    analysis,
  }),
);
