// Calls tools by the official SDK: `node mcp.mjs URL PAGE`. Prints the tools' names, the look-up of PAGE, its story's
// document, and the error for a story that is not there, one JSON value a line.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [, , url, page] = process.argv;
const print = (value) => console.log(JSON.stringify(value));

const client = new Client({ name: "consumer", version: "1" });
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
print((await client.listTools()).tools.map(({ name }) => name));

const call = (name, args) => client.callTool({ name, arguments: args });
const found = (await call("lookup_url", { url: page })).structuredContent;
print(found);
print((await call("get_story", { story: found.story.id })).structuredContent.document);
const { isError, content } = await call("get_story", { story: "never-seen" });
print({ isError, text: content[0].text });
await client.close();
