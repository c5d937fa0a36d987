// Reads the event stream at URL with KEY by EventSource: `node event_stream.mjs URL KEY`. Prints each request's
// Last-Event-ID, each named and unnamed event, and each disconnect, one JSON array a line.
import { EventSource } from "eventsource";

const [, , url, key] = process.argv;
const print = (...values) => console.log(JSON.stringify(values));

const source = new EventSource(url, {
  fetch: (input, init) => {
    print("request", init.headers["Last-Event-ID"] ?? null);
    return fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } });
  },
});
source.onopen = () => print("open");
source.onerror = () => print("disconnected");
source.onmessage = ({ data }) => print("unnamed", data);
for (const type of ["story.published", "verdict.revised"]) {
  source.addEventListener(type, ({ lastEventId, data }) => print(type, lastEventId, JSON.parse(data).data.title));
}
