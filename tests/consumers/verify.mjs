// Verifies deliveries with both libraries: `node verify.mjs DELIVERY ...`, each as JSON with its secret, headers and
// body. Prints for each delivery and library the event's type or the refusal, one JSON array a line.
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

for (const { secret, headers, body } of process.argv.slice(2).map(JSON.parse)) {
  const found = [StandardWebhook, SvixWebhook].map((Webhook) => {
    try {
      return new Webhook(secret).verify(body, headers).type;
    } catch (error) {
      return error.constructor.name;
    }
  });
  console.log(JSON.stringify(found));
}
