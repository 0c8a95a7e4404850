// graphql-sse in its mode of distinct connections. It tells no ids of events, so what is sent as Last-Event-ID is kept here.
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import { place, play } from './scenario.mjs';

await play((address) => {
  let last;
  const client = createClient({
    url: `${address}/graphql`,
    headers: () => (last === undefined ? {} : { 'Last-Event-ID': last }),
    retryAttempts: 1000,
    retry: () => wait(20),
  });
  return {
    transport: 'sse',
    run: async (query, variables) => {
      for await (const result of client.iterate({ query, variables })) return result;
    },
    listen: (query, variables, heard) =>
      client.subscribe({ query, variables }, {
        next: (result) => {
          last = place(result.data.ledgerChanges);
          heard(result);
        },
        error: (error) => { throw error; },
        complete: () => {},
      }),
    close: () => client.dispose(),
  };
});
