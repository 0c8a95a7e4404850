// Apollo Client: HttpLink with automatic persisted queries by GET, GraphQLWsLink for subscriptions, the normalised cache.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { resuming } from './resuming.mjs';
import { play } from './scenario.mjs';

await play((address) => {
  const socket = resuming(address);
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const client = new ApolloClient({
    cache: new InMemoryCache({ possibleTypes: { Entity: ['Budget', 'Category', 'Tag', 'Transaction'] } }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      ApolloLink.from([
        new PersistedQueryLink({ sha256, useGETForHashedQueries: true }),
        new HttpLink({ uri: `${address}/graphql` }),
      ]),
    ),
  });
  return {
    transport: 'websocket',
    run: (text, variables) =>
      text.startsWith('query')
        ? client.query({ query: gql(text), variables })
        : client.mutate({ mutation: gql(text), variables }),
    listen: (text, variables, heard) => {
      const running = client.subscribe({ query: gql(text), variables }).subscribe(heard);
      return () => running.unsubscribe();
    },
    close: () => {
      client.stop();
      return socket.dispose();
    },
  };
});
