// urql: its own fetch for queries and mutations, and graphql-ws for subscriptions, as its documentation shows.
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { resuming } from './resuming.mjs';
import { play } from './scenario.mjs';

await play((address) => {
  const socket = resuming(address);
  const client = new Client({
    url: `${address}/graphql`,
    preferGetMethod: true,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }),
        }),
      }),
    ],
  });
  const errors = ({ data, error }) => ({ data, errors: error && [error] });
  return {
    transport: 'websocket',
    run: async (query, variables) => {
      const isQuery = query.startsWith('query');
      return errors(await client[isQuery ? 'query' : 'mutation'](query, variables).toPromise());
    },
    listen: (query, variables, heard) => client.subscription(query, variables).subscribe(heard).unsubscribe,
    close: () => socket.dispose(),
  };
});
