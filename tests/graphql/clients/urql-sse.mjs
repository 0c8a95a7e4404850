// urql's own event streams, without graphql-ws. It does not come back by itself: its user asks again after the last change.
import { Client, fetchExchange } from '@urql/core';
import { place, play } from './scenario.mjs';

await play((address) => {
  const client = new Client({ url: `${address}/graphql`, exchanges: [fetchExchange], fetchSubscriptions: true });
  const errors = ({ data, error }) => ({ data, errors: error && [error] });
  return {
    transport: 'sse',
    run: async (query, variables) => {
      const isQuery = query.startsWith('query');
      return errors(await client[isQuery ? 'query' : 'mutation'](query, variables).toPromise());
    },
    listen: (query, variables, heard) => {
      let after;
      let running;
      const begin = () => {
        running = client.subscription(query, { ...variables, after }).subscribe((result) => {
          if (result.error) {
            setTimeout(begin, 20);
            return;
          }
          after = place(result.data.ledgerChanges);
          heard(result);
        });
      };
      begin();
      return () => running.unsubscribe();
    },
    close: () => {},
  };
});
