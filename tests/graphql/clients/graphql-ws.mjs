// graphql-ws: operations of every kind over one WebSocket that is kept open by pings.
import assert from 'node:assert/strict';
import { resuming } from './resuming.mjs';
import { play } from './scenario.mjs';

await play((address) => {
  let pongs = 0;
  const client = resuming(address, {
    lazyCloseTimeout: 60_000,
    keepAlive: 50,
    on: { pong: (received) => { pongs += received ? 1 : 0; } },
  });
  return {
    transport: 'websocket',
    run: (query, variables) =>
      new Promise((resolve, reject) => {
        let found;
        client.subscribe({ query, variables }, {
          next: (result) => { found = result; },
          error: reject,
          complete: () => resolve(found),
        });
      }),
    listen: (query, variables, heard) =>
      client.subscribe({ query, variables }, {
        next: heard,
        error: (error) => { throw error; },
        complete: () => {},
      }),
    close: async () => {
      assert.ok(pongs > 0, 'no ping was answered');
      await client.dispose();
    },
  };
});
