// An OpenID Connect provider on a free port of this machine, or on the one given. It prints a line of JSON when it
// listens, and one for each line of standard input: "rotate" makes new keys and forgets the old ones, "add" makes new
// keys and goes on publishing the old ones. It ends with its standard input.
//
// Clients get tokens for themselves (client_credentials), people by signing in under any name: the provider's own pages
// for development ask for no password.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const SECRET = 'a-secret-that-lives-as-long-as-the-test';
const BRIEF_SECONDS = 3;

const ALGORITHM = 'access_token_alg';

const machine = (client_id, algorithm) => ({
  client_id,
  client_secret: SECRET,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  [ALGORITHM]: algorithm,
});
const person = {
  client_id: 'page',
  client_secret: SECRET,
  grant_types: ['authorization_code'],
  redirect_uris: ['http://127.0.0.1/signed-in'],
  response_types: ['code'],
  application_type: 'native',
};

async function newKeys(generation) {
  const made = [];
  for (const alg of ['RS256', 'ES256', 'PS256']) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    made.push({ ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `${alg}-${generation}` });
  }
  return made;
}

function provider(issuer, keys) {
  return new Provider(issuer, {
    clients: [
      machine('robot', 'RS256'),
      machine('curve', 'ES256'),
      machine('unwanted', 'PS256'),
      machine('brief', 'RS256'),
      person,
    ],
    cookies: { keys: ['a key of the test'] },
    extraClientMetadata: { properties: [ALGORITHM] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource, client) => ({
          scope: 'ledger',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: client.clientId === 'brief' ? BRIEF_SECONDS : 600,
          jwt: { sign: { alg: client[ALGORITHM] ?? 'RS256' } },
        }),
        useGrantedResource: () => true,
      },
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: { keys },
    pkce: { required: () => true },
    ttl: { ClientCredentials: (_, token) => token.resourceServer.accessTokenTTL },
  }).callback();
}

let answer;
let generation = 1;
const server = createServer((request, response) => answer(request, response));
await new Promise((listening) => server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
let keys = await newKeys(generation);
answer = provider(issuer, keys);
console.log(JSON.stringify({ issuer }));

for await (const line of createInterface({ input: process.stdin })) {
  generation += 1;
  const made = await newKeys(generation);
  keys = line === 'add' ? [...made, ...keys] : made;
  answer = provider(issuer, keys);
  console.log(JSON.stringify({ keys: keys.map((key) => key.kid) }));
}
process.exit();
