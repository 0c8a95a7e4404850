/**
 * Fetches, and tells plainly when what came back is not JSON: a proxy's error page, mostly.
 */
export async function jsonFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const type = response.headers.get("content-type") ?? "no content type";
  if (!/[/+]json\b/.test(type)) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new Error(`The server answered ${status} with ${type} instead of JSON.`);
  }
  return response;
}
