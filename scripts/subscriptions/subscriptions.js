// Checks the subscriptions of a server with the clients graphql-ws and graphql-sse, and what they never send by hand.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import assert from 'node:assert/strict';
import { createClient as createEventsClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const usage = `usage: node subscriptions.js SERVER DATABASE      e.g. node subscriptions.js ./raidgraph new.db

Starts SERVER with DATABASE, which it writes to, and restarts it. Prints each check that fails, and then 'N passed, N failed';
exit code 1 if any failed.`;

const [binary, database] = process.argv.slice(2);
if (process.argv.length !== 4 || binary === '-h' || binary === '--help') {
  const asked = binary === '-h' || binary === '--help';
  (asked ? console.log : console.error)(usage);
  process.exit(asked ? 0 : 2);
}

// --- The server

const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
free.close();
await once(free, 'close');
const url = `http://127.0.0.1:${port}/graphql`;
const wsUrl = `ws://127.0.0.1:${port}/graphql`;

let server;
async function start() {
  server = spawn(binary, ['--listen', `127.0.0.1:${port}`, '--database', database, '--no-sample', '--init-timeout', '1s', '--max-operations', '3'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, RAIDGRAPH_LOG_LEVEL: 'warn' },
  });
  for (const end = Date.now() + 30_000; ; ) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (ready?.ok) return;
    assert(Date.now() < end && server.exitCode === null, 'the server did not become ready');
    await sleep(50);
  }
}
async function stop() {
  const ended = once(server, 'exit');
  const begin = Date.now();
  server.kill('SIGTERM');
  const [code] = await ended;
  assert.equal(code, 0, 'the exit code of the server');
  assert(Date.now() - begin < 10_000, 'the server did not end within 10 s');
}
process.on('exit', () => server?.kill('SIGKILL'));

// --- Helpers

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const within = (promise, what) =>
  Promise.race([promise, sleep(10_000).then(() => assert.fail(`${what} did not come within 10 s`))]);

let last = 0; // the sequence of the last change
async function change(note = 'a note') {
  const id = `check-${last + 1}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation ($id: ID!, $source: SourceInput!, $note: String) {
        createSource(changeId: $id, note: $note, input: $source) { change { sequence } } }`,
      variables: { id, note, source: { id: `source:${id}`, title: id, seen: true } },
    }),
  });
  const answer = await response.json();
  last = answer.data?.createSource?.change.sequence ?? assert.fail(JSON.stringify(answer));
  return last;
}

const query = 'subscription ($after: Int) { changes(after: $after) { sequence note touched { nodes { id } } } }';
const node = (client, payload) => client.iterate(payload)[Symbol.asyncIterator]();

// hears expects the next change of an iterator.
async function hears(iterator, sequence) {
  const { value, done } = await within(iterator.next(), `change ${sequence}`);
  assert(!done, `the stream ended before change ${sequence}`);
  assert.equal(value.errors, undefined);
  assert.equal(value.data.changes.sequence, sequence);
  return value.data.changes;
}

const wsClient = (options) => createClient({ url: wsUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...options });

// raw opens a WebSocket without a client, sends messages, and gives the code and the reason with which the server ends it.
async function raw(messages, protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(wsUrl, protocol);
  socket.on('open', () => messages.forEach((m) => socket.send(typeof m === 'string' ? m : JSON.stringify(m))));
  const [code, reason] = await within(once(socket, 'close'), 'the close');
  return [code, reason.toString()];
}
const init = { type: 'connection_init' };
const subscribe = (id, payload = { query }) => ({ id, type: 'subscribe', payload });
async function closes(code, messages, protocol) {
  const [got, reason] = await raw(messages, protocol);
  assert.equal(got, code, reason);
  assert(reason.length > 0, 'the close has no reason');
}

// --- The checks

const checks = {
  'graphql-ws: a change is told live, whoever applied it': async () => {
    const client = wsClient();
    const changes = node(client, { query });
    const first = changes.next();
    await sleep(200);
    await change('told live');
    const { value } = await within(first, 'the change');
    assert.deepEqual(value, { data: { changes: { sequence: last, note: 'told live', touched: { nodes: [{ id: `source:check-${last}` }] } } } });
    await change();
    await hears(changes, last);
    await changes.return();
    await client.dispose();
  },
  'graphql-ws: nothing is missed across a reconnect': async () => {
    const after = last;
    let client = wsClient();
    let changes = node(client, { query, variables: { after } });
    await change();
    await hears(changes, after + 1);
    client.terminate();
    await assert.rejects(within(changes.next(), 'the end'));
    await change();
    await change();
    client = wsClient();
    changes = node(client, { query, variables: { after: after + 1 } });
    await hears(changes, after + 2);
    await hears(changes, after + 3);
    await change();
    await hears(changes, after + 4);
    await client.dispose();
  },
  'graphql-ws: nothing is missed across a restart of the server, which says 1001': async () => {
    const after = last;
    const client = wsClient();
    const changes = node(client, { query, variables: { after } });
    await change();
    await hears(changes, after + 1);
    const end = changes.next();
    end.catch(() => {});
    await stop();
    await assert.rejects(end, (closed) => closed.code === 1001 && /after the last change/.test(closed.reason));
    await start();
    await change();
    const again = node(wsClient(), { query, variables: { after: after + 1 } });
    await hears(again, after + 2);
    await change();
    await hears(again, after + 3);
    await again.return();
  },
  'graphql-ws: a client that retries by itself hears the change after a restart': async () => {
    const client = wsClient({ retryAttempts: 20, retryWait: () => sleep(50), shouldRetry: () => true });
    const changes = node(client, { query, variables: { after: last } });
    const next = changes.next();
    await sleep(200);
    await stop();
    await start();
    await change();
    const { value } = await within(next, 'the change');
    assert.equal(value.data.changes.sequence, last);
    await client.dispose();
  },
  'graphql-ws: ended by the client, an operation tells nothing more and its id is free': async () => {
    const socket = new WebSocket(wsUrl, 'graphql-transport-ws');
    const got = [];
    socket.on('message', (m) => got.push(JSON.parse(m)));
    await once(socket, 'open');
    const say = (m) => socket.send(JSON.stringify(m));
    say(init);
    say(subscribe('x'));
    await sleep(200);
    say({ id: 'x', type: 'complete' });
    await sleep(100);
    await change();
    await sleep(300);
    assert.deepEqual(got, [{ type: 'connection_ack' }]);
    say(subscribe('x', { query, variables: { after: last - 1 } }));
    await sleep(300);
    assert.deepEqual(got.slice(1).map((m) => [m.type, m.id, m.payload.data.changes.sequence]), [['next', 'x', last]]);
    socket.close();
    await once(socket, 'close');
  },
  'graphql-ws: queries and mutations are answered too': async () => {
    const client = wsClient();
    const answers = [];
    for await (const answer of client.iterate({ query: '{ changes { totalCount } }' })) answers.push(answer);
    assert.deepEqual(answers, [{ data: { changes: { totalCount: last } } }]);
    const mutation = `mutation { retractSource(changeId: "retract", id: "source:check-1") { change { sequence } } }`;
    for await (const answer of client.iterate({ query: mutation })) answers.push(answer);
    assert.deepEqual(answers[1], { data: { retractSource: { change: { sequence: ++last } } } });
    await client.dispose();
  },
  'graphql-ws: what is wrong with a document is told as an error of the operation': async () => {
    const client = wsClient();
    for (const [wrong, code] of [
      ['subscription { changes { sequenze } }', 'INVALID'],
      ['subscription { changes', 'INVALID'],
      ['subscription { changes(about: "nothing") { sequence } }', 'INVALID'],
      ['subscription { changes(after: -1) { sequence } }', 'INVALID'],
      ['subscription { a: changes { sequence } b: changes { sequence } c: __typename }', 'INVALID'],
      [`subscription { changes { touched(first: 1000) { nodes { ... on Raid { claims(first: 1000) { nodes { id } } } } } } }`, 'TOO_LARGE'],
    ]) {
      await assert.rejects(within(node(client, { query: wrong }).next(), 'the error'), (errors) => errors[0].extensions.code === code, wrong);
    }
    await client.dispose();
  },
  'graphql-ws: one operation more than a connection may have is refused, and no other ends': async () => {
    const client = wsClient();
    const some = [1, 2, 3].map(() => node(client, { query, variables: { after: last } }));
    const next = some.map((s) => s.next());
    await sleep(200);
    await assert.rejects(within(node(client, { query }).next(), 'the error'), (errors) => errors[0].extensions.code === 'TOO_LARGE');
    await change();
    for (const n of next) assert.equal((await within(n, 'the change')).value.data.changes.sequence, last);
    await client.dispose();
  },
  'graphql-ws: pings are answered with their payload': async () => {
    const socket = new WebSocket(wsUrl, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'ping', payload: { n: 1 } }));
    const [answer] = await within(once(socket, 'message'), 'the pong');
    assert.deepEqual(JSON.parse(answer), { type: 'pong', payload: { n: 1 } });
    socket.terminate();
  },
  '4400: no JSON': () => closes(4400, ['{']),
  '4400: a type that there is not': () => closes(4400, [init, { type: 'start', id: '1' }]),
  '4400: no id': () => closes(4400, [init, { type: 'subscribe', payload: { query } }]),
  '4400: no payload': () => closes(4400, [init, { type: 'subscribe', id: '1' }]),
  '4400: no query': () => closes(4400, [init, subscribe('1', { variables: {} })]),
  '4400: variables that are no object': () => closes(4400, [init, subscribe('1', { query, variables: 1 })]),
  '4401: subscribe before connection_init': () => closes(4401, [subscribe('1')]),
  '4406: no subprotocol': () => closes(4406, [], []),
  '4408: no connection_init': () => closes(4408, []),
  '4409: an id that is taken': () => closes(4409, [init, subscribe('1'), subscribe('1')]),
  '4429: connection_init twice': () => closes(4429, [init, init]),
  '1009: a message that is too long': () => closes(1009, [init, subscribe('1', { query: '#'.repeat(2 << 20) })]),
  'a page of another origin may not open a WebSocket': async () => {
    const socket = new WebSocket(wsUrl, 'graphql-transport-ws', { origin: 'https://elsewhere.example' });
    const [error] = await within(once(socket, 'error'), 'the refusal');
    assert.match(error.message, /403/);
  },
};

for (const singleConnection of [false, true]) {
  const name = `graphql-sse, ${singleConnection ? 'a single connection' : 'distinct connections'}`;
  const sse = (options) => createEventsClient({ url, singleConnection, retryAttempts: 0, ...options });
  Object.assign(checks, {
    [`${name}: changes are told live`]: async () => {
      const client = sse();
      const live = node(client, { query });
      const all = node(client, { query, variables: { after: last - 1 } });
      const first = live.next();
      await hears(all, last);
      await sleep(200);
      await change('as an event');
      assert.equal((await within(first, 'the change')).value.data.changes.note, 'as an event');
      await hears(all, last);
      await live.return();
      await change();
      await hears(all, last);
      client.dispose();
    },
    [`${name}: nothing is missed across a restart of the server`]: async () => {
      const after = last;
      const client = sse();
      const changes = node(client, { query, variables: { after } });
      await change();
      await hears(changes, after + 1);
      const end = changes.next();
      end.catch(() => {});
      await stop();
      await assert.rejects(within(end, 'the end'));
      client.dispose();
      await start();
      await change();
      const again = sse();
      const more = node(again, { query, variables: { after: after + 1 } });
      await hears(more, after + 2);
      again.dispose();
    },
    [`${name}: a query is answered, and ends`]: async () => {
      const client = sse();
      const answers = [];
      for await (const answer of client.iterate({ query: '{ changes { totalCount } }' })) answers.push(answer);
      assert.deepEqual(answers, [{ data: { changes: { totalCount: last } } }]);
      client.dispose();
    },
    [`${name}: what is wrong with a document is told`]: async () => {
      const client = sse();
      const first = node(client, { query: 'subscription { changes { sequenze } }' }).next();
      if (singleConnection) {
        await assert.rejects(within(first, 'the refusal'), /400/);
      } else {
        assert.equal((await within(first, 'the answer')).value.errors[0].extensions.code, 'INVALID');
      }
      client.dispose();
    },
  });
}

Object.assign(checks, {
  'graphql-sse: a reservation has one stream, and none is there without a reservation': async () => {
    const reserved = await fetch(url, { method: 'PUT' });
    assert.equal(reserved.status, 201);
    const headers = { accept: 'text/event-stream', 'x-graphql-event-stream-token': await reserved.text() };
    const abort = new AbortController();
    const stream = await fetch(url, { headers, signal: abort.signal });
    assert.equal(stream.status, 200);
    assert.match(stream.headers.get('content-type'), /^text\/event-stream/);
    assert.equal((await fetch(url, { headers })).status, 409);
    assert.equal((await fetch(`${url}?token=unknown`, { headers: { accept: 'text/event-stream' } })).status, 404);
    abort.abort();
  },
  'graphql-sse: operations need an id of their own': async () => {
    const token = await (await fetch(url, { method: 'PUT' })).text();
    const post = (operationId) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token },
        body: JSON.stringify({ query, extensions: { operationId } }),
      });
    assert.equal((await post()).status, 400);
    assert.equal((await post('1')).status, 202);
    assert.equal((await post('1')).status, 409);
    const end = (id) => fetch(`${url}?operationId=${id}`, { method: 'DELETE', headers: { 'x-graphql-event-stream-token': token } });
    assert.equal((await end('1')).status, 200);
    assert.equal((await post('1')).status, 202);
  },
  'graphql-sse: a mutation is no GET, and a form is no request': async () => {
    const accept = 'text/event-stream';
    const mutation = encodeURIComponent('mutation { retractSource(changeId: "get", id: "source:check-2") { again } }');
    assert.match(await (await fetch(`${url}?query=${mutation}`, { headers: { accept } })).text(), /INVALID/);
    const form = { method: 'POST', headers: { accept, 'content-type': 'text/plain' }, body: JSON.stringify({ query: '{ __typename }' }) };
    assert.equal((await fetch(url, form)).status, 415);
  },
});

await start();
await change();
let passed = 0;
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    passed++;
  } catch (error) {
    failed++;
    console.log(`${name}: ${error.stack ?? JSON.stringify(error)}`);
  }
}
await stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
