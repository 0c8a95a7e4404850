// What every client must do against a server: ask, write, be told what is wrong, listen, come back, and let go.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { proxied } from './proxy.mjs';

export const QUERY = 'query Named($id: ID!) { ledger(id: $id) { __typename id name version } }';
export const CREATE = `mutation Create($input: CreateTransactionInput!) {
  createTransaction(input: $input) {
    transaction { __typename id merchant } ledgerVersion userErrors { code message path } } }`;
export const CHANGES = `subscription Changes($ledger: ID!, $since: Int, $after: String) {
  ledgerChanges(ledgerId: $ledger, since: $since, after: $after) {
    version position after { __typename ... on Transaction { id merchant } } } }`;

const LEDGER = 'mutation { createLedger(input: {name: "Clients", currency: "USD"}) { ledger { id version } } }';
const PATIENCE = 20_000;

async function post(address, query, variables) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined);
  return data;
}

async function until(what, isTrue) {
  const end = Date.now() + PATIENCE;
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, `waited too long until ${what}`);
    await wait(20);
  }
}

// How many subscriptions the server has open by a transport.
async function listeners(address, transport) {
  const text = await (await fetch(`${address}/metrics`)).text();
  const found = text.match(new RegExp(`^expense_subscriptions_open\\{transport="${transport}"\\} (\\S+)`, 'm'));
  return found === null ? 0 : Number(found[1]);
}

export const place = (change) => `${change.version}.${change.position}`;

// `make` gets the address of the server's proxy, and gives a client:
//   run(document, variables)               a promise of {data, errors}
//   listen(document, variables, heard)     begins a subscription, `heard` gets each {data}; gives what ends it
//   close()                                lets go of all
//   transport                              by which it listens: "websocket" or "sse"
export async function play(make) {
  const address = process.argv[2];
  const proxy = await proxied(address);
  const client = await make(proxy.address);
  const step = (name) => console.log(JSON.stringify({ step: name }));

  const { ledger } = (await post(address, LEDGER)).createLedger;
  const write = (merchant, value = '1.25') => ({
    input: { ledgerId: ledger.id, amount: { value }, date: '2026-02-28', merchant },
  });
  const elsewhere = (merchant) => post(address, CREATE, write(merchant));

  const asked = await client.run(QUERY, { id: ledger.id });
  assert.equal(asked.data.ledger.name, 'Clients');
  step('query');

  const made = (await client.run(CREATE, write('first'))).data.createTransaction;
  assert.deepEqual(made.userErrors, []);
  assert.equal(made.transaction.merchant, 'first');
  step('mutation');

  const refused = (await client.run(CREATE, write('refused', '1.2345'))).data.createTransaction;
  assert.equal(refused.transaction, null);
  assert.deepEqual(refused.userErrors.map((error) => error.path), [['amount', 'value']]);
  step('userErrors');

  const failed = await client.run('query Wrong { ledger(id: "nothing") { id } }', {}).catch((error) => ({ errors: [error] }));
  assert.ok((failed.errors ?? [failed.error]).length > 0);
  step('errors');

  const heard = [];
  const since = ledger.version;
  const stop = client.listen(CHANGES, { ledger: ledger.id, since }, ({ data }) => heard.push(data.ledgerChanges));
  await elsewhere('live');
  await until('a change is heard live', () => heard.length >= 2);
  step('subscription');

  proxy.lose();
  await until('the server has noticed', async () => (await listeners(address, client.transport)) === 0);
  await elsewhere('missed 1');
  await elsewhere('missed 2');
  proxy.mend();
  await until('what was missed is heard', () => heard.length >= 4);
  await elsewhere('after');
  await until('it goes on', () => heard.length >= 5);
  assert.deepEqual(heard.map((change) => change.after.merchant), ['first', 'live', 'missed 1', 'missed 2', 'after']);
  assert.equal(new Set(heard.map(place)).size, heard.length);
  step('resumed');

  stop();
  await until('the server knows of the end', async () => (await listeners(address, client.transport)) === 0);
  await elsewhere('unheard');
  await wait(200);
  assert.equal(heard.length, 5);
  step('cancelled');

  await client.close();
  process.exit(0);
}
