// Runs the server audits of the package graphql-http against a running server and prints those that do not pass.
import { serverAudits } from 'graphql-http';

const usage = `usage: node audit.js URL      e.g. node audit.js http://127.0.0.1:8080/graphql

Prints each check of GraphQL over HTTP (MUST, SHOULD and MAY alike) that the server does not pass, and then
'N passed, N failed'; exit code 1 if any failed.`;

const url = process.argv[2];
if (process.argv.length !== 3 || url === '-h' || url === '--help') {
  const asked = url === '-h' || url === '--help';
  (asked ? console.log : console.error)(usage);
  process.exit(asked ? 0 : 2);
}

// An audit that gets no answer fails, rather than holding up all others.
const fetchFn = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(10_000) });

let passed = 0;
let failed = 0;
for (const audit of serverAudits({ url, fetchFn })) {
  let problem;
  try {
    const result = await audit.fn();
    if (result.status !== 'ok') {
      problem = `${result.reason} (HTTP ${result.response?.status})`;
    }
  } catch (error) {
    problem = error.cause?.message ?? error.message ?? String(error);
  }
  if (problem === undefined) {
    passed++;
  } else {
    failed++;
    console.log(`${audit.id} ${audit.name}: ${problem}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(passed > 0 && failed === 0 ? 0 : 1);
