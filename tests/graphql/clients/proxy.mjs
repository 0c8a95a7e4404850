// A TCP proxy in front of the server, so that a connection can be lost for real: on both sides, and for as long as wanted.
import net from 'node:net';

export async function proxied(address) {
  const { hostname, port } = new URL(address);
  const open = new Set();
  let lost = false;
  const server = net.createServer((near) => {
    if (lost) return near.destroy();
    const far = net.connect(port, hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => { open.delete(one); other.destroy(); });
      one.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    lose() {
      lost = true;
      for (const one of open) one.destroy();
    },
    mend() { lost = false; },
  };
}
